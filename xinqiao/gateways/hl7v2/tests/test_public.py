"""Other people's messages against what was typed by hand before the reader existed (公开报文)."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from ..batch import split_file
from .summary import summary
from .test_read import outcome_of

pytestmark = pytest.mark.prove
TABLES = Path(__file__).parent


def rows(name: str) -> list[dict]:
    with (TABLES / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.fixture(scope="module")
def folder() -> Path:
    data = os.environ.get("XINQIAO_DATA")
    assert data, "请把环境变量 XINQIAO_DATA 设为含有 hl7v2/public 的文件夹。"
    public = Path(data) / "hl7v2" / "public"
    assert public.is_dir(), "XINQIAO_DATA 里没有 hl7v2/public 文件夹。"
    return public


def outcome_in(folder: Path, row: dict):
    messages, _ = split_file((folder / row["file"]).read_bytes())
    return outcome_of(messages[int(row["message"]) - 1])


def test_each_public_message_has_the_outcome_of_the_table(folder):
    found = {row["file"]: outcome_in(folder, row)[:2] for row in rows("public_outcomes.csv")}
    assert found == {row["file"]: (row["outcome"], row["reason"]) for row in rows("public_outcomes.csv")}
    assert len(found) == len(list(folder.rglob("*.hl7")))


def test_at_least_seventy_of_those_in_scope_with_a_patient_are_read(folder):
    counts = Counter(outcome_in(folder, row)[0] for row in rows("public_outcomes.csv"))
    assert counts["read"] >= 70


@pytest.mark.parametrize("row", rows("public_expected.csv"), ids=lambda row: row["file"])
def test_what_was_typed_by_hand_is_what_is_read(folder, row):
    outcome, reason, said = outcome_in(folder, row)
    found = _typed(said) if outcome == "read" else {}
    expected = {key: row[key] for key in ("id", "name", "birth", "sex", "class", "obx")}
    assert (outcome, reason) == (row["outcome"], row["reason"])
    assert {key: found.get(key, "") for key in expected} == expected


def _typed(said) -> dict:
    flat = summary(said)
    line = flat.get("report_text", "").split("\n")[0]
    result = f"{flat['code']}={flat['value']} {flat['unit']}" if flat["observations"] else line and f"={line}"
    flat |= {"class": flat["kind"], "obx": result.strip(), "birth": flat["birth"] or ""}
    return flat
