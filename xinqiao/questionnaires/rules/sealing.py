"""The sealed part of a response: its answers, and which dangers were announced (答卷密文)."""

import json
from collections.abc import Mapping
from uuid import UUID

from xinqiao.kit.crypto import seal, unseal

WHERE = "questionnaires.answers"


def seal_answers(
    patient_id: UUID, response_id: UUID, answers: Mapping, announced: Mapping[str, int]
) -> bytes:
    """Seal answers with the patient's key for the response that they belong to (封存答卷)."""
    body = json.dumps(
        {"answers": dict(answers), "announced": dict(announced)}, default=str, ensure_ascii=False
    )
    return seal(patient_id, body, f"{WHERE}:{response_id}")


def open_answers(
    patient_id: UUID, response_id: UUID, sealed: bytes | memoryview
) -> tuple[dict, dict[str, int]]:
    """Open a response: its answers, and the level of danger announced for each question (启封答卷)."""
    body = json.loads(unseal(patient_id, sealed, f"{WHERE}:{response_id}"))
    return body["answers"], body["announced"]
