"""What may be done with a patient's data, and on what ground (处理依据). The purposes are those of PIPL 第十三、二十三、二十四、二十九条."""

from dataclasses import dataclass
from datetime import date

from xinqiao.patients.rules.age import age_in_years

PURPOSES = {
    "care": "随访诊疗",
    "wearable": "可穿戴与居家监测",
    "marketing": "营销推广",
    "research": "科研",
    "share_third_party": "向第三方提供",
    "ai_profile": "智能画像",
    "family_access": "家属代管",
}
BY_WHOM = {"self": "本人", "guardian": "监护人", "proxy": "受托人"}
CHILD_BELOW = 14  # PIPL 第三十一条


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no, with the reason that is stored and shown (判定与理由)."""

    ok: bool
    reason: str


def judge(purpose: str, granted: bool | None) -> Verdict:
    """Say whether a purpose is lawful, from what stands: given, withdrawn (False) or never asked (None) (是否合法).

    Care goes with the treatment the patient came for and needs no consent of its own, until he withdraws; every other
    purpose needs its own consent (PIPL 第十三条、第二十九条).
    """
    word = PURPOSES[purpose]
    if granted:
        return Verdict(True, f"患者已同意“{word}”")
    if granted is False:
        return Verdict(False, f"患者已撤回“{word}”的同意")
    if purpose == "care":
        return Verdict(True, "为履行诊疗服务所必需，患者未撤回")
    return Verdict(False, f"患者未同意“{word}”，请先取得单独同意")


def needs_guardian(birth_on: date | None, day: date) -> bool:
    """Say whether a guardian must consent: for children below fourteen (须监护人同意)."""
    return birth_on is not None and age_in_years(birth_on, day) < CHILD_BELOW
