"""What of a message is sealed: with the patient's key, or the installation's where there is no patient (封存)."""

import json
from uuid import UUID

from xinqiao.kit.crypto import blind, open_with, seal, seal_with, secret, unseal

PLACE = "messaging"


def seal_part(patient_id: UUID | None, row_id: UUID, part: str, text: str) -> bytes:
    """Seal one part of one row, such as `body`, so that it opens nowhere else (封存)."""
    where = f"{PLACE}.{part}:{row_id}"
    if patient_id:
        return seal(patient_id, text, where)
    return seal_with(secret(PLACE), text.encode(), where)


def open_part(patient_id: UUID | None, row_id: UUID, part: str, sealed: bytes | memoryview) -> str:
    """Open one part of one row; raises KeyDestroyed after an erasure (启封)."""
    where = f"{PLACE}.{part}:{row_id}"
    if patient_id:
        return unseal(patient_id, sealed, where)
    return open_with(secret(PLACE), sealed, where).decode()


def address_blind(organisation_id: UUID, address: str) -> bytes:
    """Give the index by which messages to and from one number or mailbox are found (地址盲索引)."""
    return blind("messaging.address", organisation_id, address.lower())


def content_blind(organisation_id: UUID, template: str, patient_id: UUID | None, values: dict) -> bytes:
    """Give the index by which the same content is recognised; a link's token does not make it another (内容盲索引)."""
    said = {name: value for name, value in values.items() if name != "token"}
    text = json.dumps([template, str(patient_id), said], ensure_ascii=False, sort_keys=True)
    return blind("messaging.content", organisation_id, text)
