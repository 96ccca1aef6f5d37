"""What makes a password acceptable (口令规则): one profile for 等保三级, one for NIST SP 800-63B-4.

The two contradict each other (composition and periodic change), so an installation chooses one; a second
factor is asked of all staff in both.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = 128
CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
BREACHED = [
    "password",
    "passw0rd",
    "p@ssw0rd",
    "pa$$word",
    "123456789012",
    "1234567890",
    "0123456789",
    "987654321",
    "qwertyuiop",
    "qwerty123",
    "1qaz2wsx3edc",
    "1q2w3e4r",
    "qazwsxedc",
    "zaq12wsx",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "woaini",
    "5201314",
    "adminadmin",
    "admin123",
    "administrator",
    "welcome1",
    "letmein",
    "changeme",
    "abcd1234",
    "abc123",
    "a1b2c3d4",
    "111111",
    "000000",
    "888888",
    "666666",
    "112233",
    "hospital",
    "yiyuan",
    "xinqiao",
    "monkey",
    "dragon",
    "football",
    "superman",
    "trustno1",
]
FILLING = 8  # characters that a word of the list may be surrounded by and is still that word


@dataclass(frozen=True, slots=True)
class Profile:
    """One set of password rules (口令策略)."""

    shortest: int
    classes: int
    changes_after: timedelta | None
    remembers: int


PROFILES = {
    "cn-mlps3": Profile(shortest=12, classes=3, changes_after=timedelta(days=90), remembers=5),
    "nist": Profile(shortest=15, classes=0, changes_after=None, remembers=0),
}


def normalised(password: str) -> str:
    """This function will write a password the one way it is hashed: NFKC (口令归一)."""
    return unicodedata.normalize("NFKC", password)


def faults_of(password: str, profile: Profile, *, login: str = "", name: str = "") -> list[str]:
    """This function will name everything that is wrong with a new password; none means it is good (口令缺陷)."""
    faults = []
    if len(password) < profile.shortest:
        faults.append(f"密码至少要 {profile.shortest} 位。")
    if len(password) > LONGEST:
        faults.append(f"密码不能超过 {LONGEST} 位。")
    if sum(bool(re.search(each, password)) for each in CLASSES) < profile.classes:
        faults.append(f"密码要包含大写字母、小写字母、数字、符号中的至少 {profile.classes} 种。")
    if is_breached(password):
        faults.append("这个密码太常见，容易被猜到，请换一个。")
    if any(len(own) >= 2 and own.lower() in password.lower() for own in (login, name)):
        faults.append("密码里不能有账号或姓名。")
    return faults


def is_breached(password: str) -> bool:
    """This function will say whether a password is a well-known one with a little around it (常见口令)."""
    plain = password.lower()
    if len(set(plain)) < 5:
        return True
    return any(known in plain and len(plain) - len(known) <= FILLING for known in BREACHED)


def must_change(changed_at: datetime | None, profile: Profile, now: datetime) -> bool:
    """This function will say whether a password is a first one or has grown too old (须更换口令)."""
    return changed_at is None or bool(profile.changes_after and now >= changed_at + profile.changes_after)
