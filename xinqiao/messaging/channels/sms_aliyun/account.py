"""The account at the provider, read from the data folder's secrets, never from the database (短信账户)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from xinqiao.kit.crypto import home

ENDPOINT = "https://dysmsapi.aliyuncs.com"


@dataclass(frozen=True)
class Account:
    """How to call the provider, and its names of our templates (短信账户).

    `templates` maps our template's code, or "organisation/code", to the provider's template code.
    """

    access_key_id: str
    access_key_secret: str = field(repr=False)
    endpoint: str = ENDPOINT
    templates: Mapping[str, str] = field(default_factory=dict)
    callback_token: str = field(default="", repr=False)
    timeout: float = 10.0

    def template(self, organisation: str, code: str) -> str | None:
        """Give the provider's code of a template; an organisation's own goes first (模板对照)."""
        return self.templates.get(f"{organisation}/{code}") or self.templates.get(code)


def read_account() -> Account | None:
    """Read `secrets/sms.json`, or None where no account has been set up (读取账户)."""
    path = home() / "secrets" / "sms.json"
    return Account(**json.loads(path.read_text("utf-8"))) if path.exists() else None
