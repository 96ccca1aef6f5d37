"""What is the same for everybody (所有人): a stranger sees nothing, and the interface speaks English too."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import yaml
from django.urls import get_resolver
from playwright.sync_api import expect

from tests.journeys.ward import LI
from tests.journeys.windows import HOUSE, PHONE
from tests.matrix.test_routes import address, names
from xinqiao.accounts.rules import ROLES
from xinqiao.analytics.metrics import METRICS
from xinqiao.care.operations.alerting import TITLE
from xinqiao.care.rules.alerts import DISPOSITIONS, WORDS
from xinqiao.kit.ids import new_id, outside
from xinqiao.patients.rules.identifiers import KINDS as papers
from xinqiao.privacy.rules import PURPOSES
from xinqiao.worklist.rules import KINDS, OUTCOMES

OPEN = ("/login", "/q/wrong", "/me/login", "/nowhere")
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Data stays as it was written: who people are and where they work, and the language's own name.
DATA = (
    "陈静", "刘建华", "刘", "心血管内科", "江州一院", "江州市第一人民医院", "信桥", "中文", "糖化血红蛋白",
    "低密度脂蛋白胆固醇", "动脉硬化性心脏病", "高脂血症", "青霉素", "您好，我是.*吗？",
)  # fmt: skip
CONTENT = HOUSE / "content"


def written() -> set[str]:
    """The words that clinicians and the rooms' own rules write, which pages show as they are."""
    rules = [TITLE, *WORDS.values(), *ROLES.values(), *PURPOSES.values(), *papers.values()]
    rules += [one.word for one in (*OUTCOMES.values(), *DISPOSITIONS.values())]
    rules += [one.word if hasattr(one, "word") else one for one in KINDS.values()]
    rules += [
        said
        for _, one in METRICS
        for said in (one.title, one.unit, one.formula, one.source, *one.exclusions.values())
    ]
    files = [*CONTENT.glob("questionnaires/*.yaml"), *CONTENT.glob("pathways/*.yaml")]
    return {
        re.escape(said)
        for said in (*rules, *said_in([yaml.safe_load(each.read_text("utf-8")) for each in files]))
    }


def said_in(document: object) -> Iterator[str]:
    """Every text of a document, however deep; a title is also shown without what follows its colon."""
    if isinstance(document, str):
        yield from (document, document.partition("：")[0])
    elif isinstance(document, dict | list):
        for each in document.values() if isinstance(document, dict) else document:
            yield from said_in(each)


def test_the_stranger_is_shown_nothing_at_any_address(ward, window):
    (item,) = ward.open_items(ward.moving, "follow_up_call")
    given = {"patient_id": ward.zhang, "item_id": item.id, "message_id": new_id(ward.now), "tab": "plans"}
    world = SimpleNamespace(given=given)
    for size, login in (({"width": 1366, "height": 768}, ""), (PHONE, "stranger")):
        stranger = window(size, login=login)
        for name, _ in names(get_resolver()):
            answer = stranger.context.request.get(address(name, world), max_redirects=0)
            assert answer.status < 500 or name == "readyz", name
            assert not re.search(f"张国强|李桂兰|{LI}", answer.text()), name
        for path in OPEN:
            stranger.open(path)
            stranger.check()


def test_the_interface_speaks_english_and_data_stay_as_they_are(ward, window):
    desk = window(login="liu_jianhua")
    page = desk.open("/today")
    page.locator(".who-am-i").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for path in ("/today", f"/patients/{outside('patient', ward.zhang)}", "/manager"):
        desk.open(path)
        desk.check()
        said = page.evaluate(SHOWN)
        data = re.compile("|".join(sorted([*ward.names, *DATA, *written()], key=len, reverse=True)))
        left = [one for one in said if CHINESE.search(data.sub("", one))]
        assert left == [], f"{path}: {left}"


# Every text that is shown or read out, one line each.
SHOWN = """() => {
    const said = [...document.querySelectorAll("[aria-label], [title], [placeholder]")]
        .flatMap((one) => ["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name) || ""));
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (walk.currentNode.parentElement.tagName !== "SCRIPT") said.push(walk.currentNode.data);
    return [...new Set(said.map((one) => one.trim()).filter(Boolean))];
}"""
