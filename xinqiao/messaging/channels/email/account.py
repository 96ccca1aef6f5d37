"""The mail server we hand our mail to, read from the data folder's secrets (邮件账户)."""

import json
from dataclasses import dataclass, field

from xinqiao.kit.crypto import home


@dataclass(frozen=True)
class Account:
    """How to reach the mail server; `starttls` is auto (when offered), always or never (邮件账户)."""

    host: str
    sender: str
    port: int = 25
    starttls: str = "auto"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 10.0


def read_account() -> Account | None:
    """Read `secrets/email.json`, or None where no server has been set up (读取账户)."""
    path = home() / "secrets" / "email.json"
    return Account(**json.loads(path.read_text("utf-8"))) if path.exists() else None
