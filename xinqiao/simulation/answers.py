"""How patients answer what they are asked (患者应答)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from .person import Person

DANGER_SHARE = 0.012  # of those who answer


@dataclass(frozen=True, slots=True)
class Reply:
    answers: Mapping[str, str]
    after: timedelta
    by: str  # self, family
    dangerous: bool


# normal and dangerous answers to the questions of the post-discharge call (clinical handbook §1.5)
ORDINARY = {
    "pain": ("0", "0", "1", "1", "2", "3", "4"),
    "temperature": ("36.3", "36.5", "36.6", "36.8", "37.1"),
    "wound": ("dry", "dry", "dry", "slight_redness"),
    "bleeding": ("no",),
    "chest_pain": ("no",),
    "leg_swelling": ("no",),
    "medicine": ("as_prescribed", "as_prescribed", "as_prescribed", "sometimes_missed"),
    "eating": ("normal", "normal", "less"),
}
DANGEROUS = {
    "pain": "8", "temperature": "38.9", "wound": "pus", "bleeding": "yes", "chest_pain": "yes", "leg_swelling": "yes",
}  # fmt: skip


def reply(random: Random, person: Person, years: int, *, danger_share: float = DANGER_SHARE) -> Reply | None:
    """Roll one patient's answer to a follow-up form, or None for those who never answer (随访应答).

    The old and those who use a relative's phone answer less, later, and often by a relative's hand.
    """
    if random.random() > _willing(person, years):
        return None
    hours = min(random.lognormvariate(1.1 if years < 60 else 1.9, 1.0), 120)
    borrowed = bool(person.phones) and person.phones[0].owner != "self"
    dangerous = random.random() < danger_share
    answers = {question: random.choice(choices) for question, choices in ORDINARY.items()}
    if dangerous:
        question = random.choice(sorted(DANGEROUS))
        answers[question] = DANGEROUS[question]
    by = "family" if borrowed or (years > 75 and random.random() < 0.4) else "self"
    return Reply(answers, timedelta(hours=hours), by, dangerous)


def _willing(person: Person, years: int) -> float:
    if not person.phones or person.phones[0].kind == "landline":
        return 0.0
    share = 0.82 if years < 60 else 0.68 if years < 75 else 0.45
    return share - 0.2 * (person.phones[0].owner != "self") - 0.1 * (person.label == "psychiatric")
