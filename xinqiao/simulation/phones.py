"""The patients' handsets: what arrives, the link or code in it, and what is typed back (患者手机)."""

import re
from dataclasses import dataclass

from .sms_ledger import Text
from .sms_provider import SmsProvider

LINK = re.compile(r"(?:https?://)?[A-Za-z0-9.-]+\.[a-z]{2,}(?::\d+)?/[\w./?=&%-]+")
CODE = re.compile(r"(?<!\d)\d{4,6}(?!\d)")
CODE_WORDS = ("验证码", "校验码")
OPT_OUT_WORDS = ("R", "TD", "退订")


@dataclass(frozen=True, slots=True)
class Handset:
    """One mobile phone, which may serve a whole family (手机)."""

    provider: SmsProvider
    number: str

    @property
    def texts(self) -> list[Text]:
        """All texts that have arrived, oldest first (短信)."""
        return self.provider.ledger.for_phone(self.number)

    def link(self) -> str:
        """Give the newest link, or "" (链接)."""
        return self._newest(LINK)

    def code(self) -> str:
        """Give the newest login code, or "" (验证码)."""
        return self._newest(CODE, CODE_WORDS)

    def reply(self, content: str) -> None:
        """Answer the newest text, as digits or words (回复)."""
        texts = self.texts
        self.provider.reply(self.number, content, sign_name=texts[-1].sign_name if texts else "")

    def _newest(self, pattern: re.Pattern[str], words: tuple[str, ...] = ("",)) -> str:
        for text in reversed(self.texts):
            found = pattern.search(text.content)
            if found and any(word in text.content for word in words):
                return found[0]
        return ""
