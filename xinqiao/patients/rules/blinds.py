"""Blind indexes: sealed numbers are found again whole or by their last four, within one organisation (盲索引)."""

import re
from uuid import UUID

from xinqiao.kit.crypto import blind


def identifier_blind(organisation_id: UUID, value: str) -> bytes:
    """Give the index of an identifier's written form, whatever its kind (标识盲索引)."""
    return blind("identifier", organisation_id, value)


def phone_blind(organisation_id: UUID, value: str) -> bytes:
    """Give the index of a phone number's written form (电话盲索引)."""
    return blind("phone", organisation_id, value)


def tail_blind(organisation_id: UUID, value: str) -> bytes:
    """Give the index of a number's last four, under a key of its own: ten thousand values can be guessed (后四位)."""
    return blind("tail", organisation_id, tail(value))


def tail(value: str) -> str:
    """Give the last four letters or digits, by which people are asked for at a counter (后四位)."""
    return re.sub(r"[^0-9A-Z]", "", value.upper())[-4:]
