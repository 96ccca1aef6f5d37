"""The simulated text provider's account and templates (模拟短信服务商): ours by name, theirs by code."""

import re
from pathlib import Path

import yaml

from xinqiao.config.installation import CLONE
from xinqiao.kit.crypto import secret
from xinqiao.simulation.places import ORGANISATIONS
from xinqiao.simulation.sms_ledger import Template

HOLE = re.compile(r"\{(\w+)\}")
CONTENT = CLONE / "content" / "messages"
KEY_ID = "LTAIxinqiaodemo"


def account(port: int) -> dict[str, object]:
    """This function will write the account file that the SMS channel reads (账户)."""
    codes = {name: code for name, (code, _) in _numbered().items()}
    per_organisation = {
        f"{organisation.key}/{name}": f"{code}_{organisation.key}"
        for organisation in ORGANISATIONS
        for name, code in codes.items()
    }
    return {
        "access_key_id": KEY_ID,
        "access_key_secret": key_secret(),
        "endpoint": f"http://127.0.0.1:{port}/",
        "templates": per_organisation,
        "callback_token": callback_token(),
        "timeout": 5.0,
    }


def key_secret() -> str:
    """This function will give the shared secret of this installation and its provider (密钥)."""
    return secret("demo.sms").hex()[:30]


def callback_token() -> str:
    """This function will give the word by which the provider's callbacks are known (回调口令)."""
    return secret("demo.sms.callback").hex()[:32]


def templates(port: int) -> list[Template]:
    """This function will give the provider's approved templates, an organisation each (已审核模板)."""
    found = []
    for organisation in ORGANISATIONS:
        host = f"{organisation.key}.xinqiao.localhost:{port}"
        for code, document in _numbered().values():
            body = document["body"].replace("{host}", host)
            kind = "verification" if "code" in document.get("fields", []) else "notice"
            found.append(Template(f"{code}_{organisation.key}", HOLE.sub(r"${\1}", body), kind))
    return found


def _numbered() -> dict[str, tuple[str, dict]]:
    """Every text template of ours, by the name that messaging asks for, with the provider's number."""
    documents = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(Path(CONTENT).glob("*_sms.yaml"))]
    return {each["code"]: (f"SMS_{number:06d}", each) for number, each in enumerate(documents, 1)}
