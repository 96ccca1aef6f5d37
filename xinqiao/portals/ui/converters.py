"""Keys in addresses as opaque words (地址里的标识): <patient:patient_id>, <item:item_id> …"""

from uuid import UUID

from django.urls import register_converter
from django.urls.converters import get_converters

from xinqiao.kit.ids import inside, outside

KINDS = ("patient", "item", "alert", "message", "department", "invitation")


class Opaque:
    """One kind of key (标识转换); a word that is none of this kind is an address that does not exist."""

    regex = "[a-z2-7]{26}"
    kind = ""

    def to_python(self, word: str) -> UUID:
        found = inside(self.kind, word)
        if found is None or outside(self.kind, found) != word:
            raise ValueError
        return found

    def to_url(self, key: UUID) -> str:
        return outside(self.kind, key)


def register() -> None:
    """This function will make the kinds of opaque words known to the resolver, once (登记)."""
    for kind in KINDS:
        if kind not in get_converters():
            register_converter(type(f"{kind.title()}Word", (Opaque,), {"kind": kind}), kind)
