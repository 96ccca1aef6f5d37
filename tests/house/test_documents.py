"""What is written for people agrees with what stands: drawings, links, names, commands, words."""

import ast
import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.house.conftest import Plant
from xinqiao.care.rules.pathways import parse_pathway
from xinqiao.care.rules.plans import example_faults
from xinqiao.config.cli import parser
from xinqiao.config.section import ROOT, SECTION
from xinqiao.questionnaires.rules.forms import form_faults

READMES = ("README.md", "README.zh-CN.md")
ONE_SCREEN = 60
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
OURS = re.compile(r"(?:^|/bin/)xinqiao (?=[a-z])(.+)", re.MULTILINE)
MAKE = re.compile(r"(?:^|`)make ([a-z][a-z-]*)", re.MULTILINE)
VARIABLE = re.compile(r"\bXINQIAO_[A-Z_]+\b|\bDATABASE_URL\b")
CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
NUMBERED = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
THREAD = (
    "listen", "Frames.feed", "Receiver.store", "store_messages", "apply_some", "receive_demographics", "receive_facts",
    "PatientDischarged", "start_follow_up", "enrol_patient", "advance_due", "invite", "request_message", "send_due",
    "SmsAliyun.send", "receipts", "link", "submit_response", "DangerAnswered", "raise_alert", "add_item", "tell_duty",
    "resolve_alert", "record_call", "measure",
)  # fmt: skip


def documents(root: Path) -> list[Path]:
    """Every text for people: those on top, in docs and in deploy."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "deploy").glob("*.md")]
    return sorted(found)


def check_links(root: Path) -> list[str]:
    """A link or picture leads to something that is there."""
    return [
        f"{name(root, page)}: {target} is not there"
        for page, _, target in links(root)
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ]


def check_names(root: Path) -> list[str]:
    """A name that links to a module is defined in it."""
    return [
        f"{name(root, page)}: {target} defines no {words.strip('`')}"
        for page, words, target in links(root)
        if target.endswith(".py") and words.strip("`") not in defined(page.parent / target)
    ]


def check_drawings(root: Path) -> list[str]:
    """Both front pages fit one screen and hold the section as it is drawn in the code."""
    faults = []
    for page in READMES:
        text = (root / page).read_text("utf-8")
        faults += [] if f"```\n{SECTION}```" in text else [f"{page}: its section is not that of section.py"]
        faults += [] if len(text.splitlines()) <= ONE_SCREEN else [f"{page}: longer than one screen"]
    return faults


def check_commands(root: Path) -> list[str]:
    """A command that is shown is one that our command line understands."""
    return [
        f"{name(root, page)}: `xinqiao {command}` is not understood"
        for page in documents(root)
        for command in commands(page.read_text("utf-8"))
        if not is_understood(command)
    ]


def check_targets(root: Path, house: Path = ROOT) -> list[str]:
    """A word for make is one that the Makefile knows."""
    known = set(re.findall(r"^([a-z][a-z-]*):", (house / "Makefile").read_text("utf-8"), re.MULTILINE))
    return [
        f"{name(root, page)}: make knows no {word}"
        for page in documents(root)
        for word in sorted(set(MAKE.findall(page.read_text("utf-8"))) - known)
    ]


def check_variables(root: Path, house: Path = ROOT) -> list[str]:
    """A variable of the environment that is told of is read somewhere."""
    read = "".join(path.read_text("utf-8") for path in (house / "xinqiao").rglob("*.py"))
    return [
        f"{name(root, page)}: nothing reads {variable}"
        for page in documents(root)
        for variable in sorted(set(VARIABLE.findall(page.read_text("utf-8"))))
        if variable not in read
    ]


def check_words(root: Path) -> list[str]:
    """No page, content or message says a word that the dictionary avoids."""
    avoided = {word for row in rows(root / "docs" / "words.md") for word in CHINESE.findall(row[3])}
    said = [*(root / "xinqiao").rglob("*.html"), *(root / "content").rglob("*.yaml")]
    return [
        f"{name(root, path)}: says {word}, which words.md avoids"
        for path in sorted(said)
        for word in sorted(avoided)
        if word in path.read_text("utf-8")
    ]


def check_decisions(root: Path) -> list[str]:
    """Each decision record has a number of its own, the same in its name and its title."""
    seen, faults = set(), []
    for path in sorted((root / "docs" / "decisions").glob("*.md")):
        number = found[1] if (found := NUMBERED.fullmatch(path.name)) else "none"
        if number in seen or not path.read_text("utf-8").startswith(f"# {number} "):
            faults.append(f"{path.name}: its number is taken, or not that of its title")
        seen.add(number)
    return faults


def name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def links(root: Path) -> Iterator[tuple[Path, str, str]]:
    for page in documents(root):
        for words, target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
            yield page, words, target


def defined(path: Path) -> set[str]:
    """Functions and classes of a module, and methods with their class before them."""
    if not path.exists():
        return set()
    tops = [
        node
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    methods = {
        f"{top.name}.{node.name}"
        for top in tops
        if isinstance(top, ast.ClassDef)
        for node in top.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {top.name for top in tops} | methods


def commands(text: str) -> Iterator[str]:
    """Our commands in shell blocks, and those in the line that are more than a name."""
    for language, block in FENCE.findall(text):
        yield from OURS.findall(block) if language == "sh" else ()
    for span in SPAN.findall(FENCE.sub("", text)):
        yield from OURS.findall(span)


def is_understood(command: str) -> bool:
    if command.endswith("…"):
        return True
    words = [{"NAME": "chen_jing"}.get(word, word) for word in shlex.split(command)]
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            parser().parse_args(words)
        except SystemExit as ended:
            return ended.code == 0
    return True


def shown(guide: str) -> dict:
    """The piece of YAML that a guide shows."""
    blocks = FENCE.findall((ROOT / "docs" / "howto" / guide).read_text("utf-8"))
    [text] = [block for language, block in blocks if language == "yaml"]
    return yaml.safe_load(text)


def rows(path: Path) -> list[list[str]]:
    """The rows of the tables of a document, heads aside."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "English"]


CHECKS = (
    check_links, check_names, check_drawings, check_commands, check_targets, check_variables, check_words, check_decisions,
)  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_what_is_written_agrees_with_what_stands(check) -> None:
    assert check(ROOT) == []


def test_the_walk_goes_the_whole_thread_in_its_order() -> None:
    walked = [words.strip("`") for page, words, _ in links(ROOT) if page.name == "walk.md"]
    missing = [step for step in THREAD if step not in walked]
    assert missing == []
    first = [walked.index(step) for step in THREAD if step not in ("record_call", "resolve_alert")]
    assert first == sorted(first)


def test_the_dictionary_has_four_columns_and_no_word_twice() -> None:
    told = rows(ROOT / "docs" / "words.md")
    assert {len(row) for row in told} == {4}
    english = [row[0] for row in told]
    assert sorted(set(english)) == sorted(english)


def test_the_example_of_the_guide_to_pathways_holds() -> None:
    pathway = yaml.safe_load((ROOT / "content/pathways/post_discharge.yaml").read_text("utf-8"))
    pathway |= shown("write-a-pathway.md")
    assert example_faults(parse_pathway(pathway), ZoneInfo("Asia/Shanghai")) == []


def test_the_danger_of_the_guide_to_questionnaires_is_sound() -> None:
    form = yaml.safe_load((ROOT / "content/questionnaires/dc_d1.yaml").read_text("utf-8"))
    [temperature] = [item for item in form["items"] if item["code"] == "temperature"]
    temperature |= shown("write-a-questionnaire.md")
    assert form_faults(form) == []


def test_a_dead_link_or_picture_is_found(plant: Plant) -> None:
    root = plant({"README.md": "[map](docs/map.md) ![today](docs/pictures/today.png) [x](https://x.example)"})
    assert len(check_links(root)) == 2


def test_a_name_that_its_module_does_not_define_is_found(plant: Plant) -> None:
    files = {
        "docs/walk.md": "[`Bell.ring`](../xinqiao/bell.py) [`knock`](../xinqiao/bell.py)",
        "xinqiao/bell.py": "class Bell:\n    def ring(self): ...\n",
    }
    [found] = check_names(plant(files))
    assert "knock" in found


def test_a_drawing_that_was_left_behind_is_found(plant: Plant) -> None:
    old = SECTION.replace("care ", "cure ")
    files = {"README.md": f"```\n{SECTION}```\n", "README.zh-CN.md": f"```\n{old}```\n"}
    [found] = check_drawings(plant(files))
    assert found.startswith("README.zh-CN.md")


@pytest.mark.parametrize(
    "text", ["```sh\nxinqiao doctors\n```\n", "`xinqiao import hl7 --quick x`", "`xinqiao audit`"]
)
def test_a_command_that_is_none_is_found(plant: Plant, text: str) -> None:
    assert len(check_commands(plant({"docs/howto/install.md": text}))) == 1
    sound = "`xinqiao doctor`, `.venv/bin/xinqiao import hl7 --json folder/`"
    assert check_commands(plant({"docs/howto/install.md": sound})) == []


def test_a_word_that_make_does_not_know_is_found(plant: Plant) -> None:
    [found] = check_targets(plant({"README.md": "`make demo`\n\n```sh\nmake haste\n```\n"}))
    assert "haste" in found


def test_a_variable_that_nothing_reads_is_found(plant: Plant) -> None:
    [found] = check_variables(plant({"README.md": "`XINQIAO_HOME` `XINQIAO_SPEED`"}))
    assert "XINQIAO_SPEED" in found


def test_a_word_to_avoid_is_found_where_people_read_it(plant: Plant) -> None:
    files = {
        "docs/words.md": "| English | 中文 | Meaning | Avoid |\n|---|---|---|---|\n| alert | 预警 | – | alarm, 告警 |\n",
        "content/messages/a.yaml": "body: 您有一条告警\n",
        "xinqiao/portals/day.html": "<p>预警</p>\n",
    }
    [found] = check_words(plant(files))
    assert found.startswith("content/messages/a.yaml")


def test_a_decision_with_a_number_taken_is_found(plant: Plant) -> None:
    files = {
        f"docs/decisions/{name}": "# 0001 One\n" for name in ("0001-one.md", "0001-two.md", "0002-three.md")
    }
    assert len(check_decisions(plant(files))) == 2
