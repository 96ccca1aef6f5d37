"""The stories of the guide (故事): what happens at the press of a button, told to us over the wire like everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from xinqiao.config.demo import town
from xinqiao.simulation import mllp
from xinqiao.simulation.person import Person
from xinqiao.simulation.stories import happens_now


@dataclass(frozen=True)
class Story:
    """One card of the guide: whom it happens to, and what the hospital's system says of it (故事卡)."""

    key: str
    title: str
    text: str
    person: str
    triggers: tuple[str, ...]


STORIES = (
    Story(
        "discharge", "张国强出院了", "医院系统发来出院消息：随访计划随即开始；快进1天，短信到他手机上。", "zhang_guoqiang", ("A01", "A03")
    ),
    Story(
        "cancelled", "出院办错了", "医院系统撤销出院：已开始的随访计划退出，不再打扰他。", "zhang_guoqiang", ("A13",)
    ),
    Story("surgery", "周建国出院了", "胆囊切除术后出院，第1天、第3天、第7天、第30天随访排好。", "zhou_jianguo", ("A01", "A03")),
    Story("mother", "李桂兰出院了", "她用座机、偏好电话：护士的今日任务里多了一个电话，而不是一条短信。", "li_guilan", ("A01", "A03")),
)  # fmt: skip


class Stage:
    """The stories of one running demonstration: which visit each person is on (舞台)."""

    def __init__(self, cast: Mapping[str, Person], mllp_port: int) -> None:
        self.cast, self.mllp_port = cast, mllp_port
        self.visits: dict[str, str] = {}

    def happen(self, key: str, now: datetime) -> str:
        """This function will send what a story's hospital says, by MLLP, and tell how it was answered (发生)."""
        if key == "reset":
            return self._take_back(now)
        story = next(each for each in STORIES if each.key == key)
        if "A01" in story.triggers:
            self.visits[story.person] = f"S{now.astimezone(town.ZONE):%y%m%d%H%M%S}"
        number = self.visits.get(story.person)
        if number is None:
            return "请先让他出院"
        return self._send(story.person, story.triggers, number, now)

    def _take_back(self, now: datetime) -> str:
        """The hospital cancels the visits of the stories, and the plans that began with them withdraw."""
        for person, number in self.visits.items():
            self._send(person, ("A11",), number, now)
        self.visits.clear()
        return "已复位"

    def _send(self, key: str, triggers: tuple[str, ...], number: str, now: datetime) -> str:
        person = self.cast[key]
        place = [organisation.key for organisation in town.organisations()].index(person.organisation)
        messages = (
            happens_now(trigger, person, now + timedelta(seconds=step), number)
            for step, trigger in enumerate(triggers)
        )
        played = mllp.play(messages, "127.0.0.1", self.mllp_port + place, random=Random(town.SEED))
        return f"已发 {played.sent} 条，已应答 {played.accepted} 条"
