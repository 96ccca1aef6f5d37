"""What is committed is finished, says only why, and names nothing of the machine it was written on."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import Module, committed

LATER = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b")
BANNER = re.compile(r"#\s*([-=#*~_─═])\1{3,}")
CODE = (ast.Assign, ast.AugAssign, ast.Import, ast.ImportFrom, ast.Return, ast.Raise, ast.Delete, ast.Assert)
BLOCK = re.compile(r"(?:if|for|while|with|def|class|elif|else|try|except)\b.*:$")
HERE = re.compile(r"(?<![\w.~$}])/(?:root|work|(?:var/)?tmp|home/\w+|Users/\w+)/[\w.-]+")
REGISTRY = re.compile(
    r"(?:pypi|pythonhosted|npmjs|npmmirror|yarnpkg|deb\.debian|proxy\.golang)\.(?:org|com|io)\b"
)
DOCUMENT = re.compile(r"[\w-]+(?:\.[\w-]+)*\.md\b")
TEXTS = {".py", ".md", ".toml", ".yaml", ".yml", ".html", ".css", ".js", ".mjs", ".json", ".txt", ".sql"}
TEXTS |= {".sh", ".service", ".cfg", ".ini", ".po", ".in", ""}


def check_nothing_is_left_for_later(root: Path) -> list[str]:
    """No note to do it later stands in a comment or a text."""
    found = [
        (path, line, text) for path, line, text in _lines(root) if path.suffix != ".py" and LATER.search(text)
    ]
    found += [(path, line, text) for path, line, text in _comments(root) if LATER.search(text)]
    return [
        f"{_at(root, path, line)}: a note for later; do it now or file an issue" for path, line, _ in found
    ]


def check_comments(root: Path) -> list[str]:
    """No code is commented out and no banner is drawn; comments say why."""
    found = []
    for path, line, text in _comments(root):
        found += [f"{_at(root, path, line)}: a banner; a module needs none"] if BANNER.match(text) else []
        found += [f"{_at(root, path, line)}: code commented out; delete it"] if _is_code(text) else []
    return found


def check_no_machine_named(root: Path) -> list[str]:
    """No committed file names a path of somebody's machine or the host of a package registry."""
    leaks = [(path, line, leak) for path, line, text in _lines(root) for leak in _leaks(text)]
    return [f"{_at(root, path, line)}: names {leak}, which is not the reader's" for path, line, leak in leaks]


def check_documents_exist(root: Path) -> list[str]:
    """A document that is cited can be read by whoever reads the citation; the planted ones of tests aside."""
    readable = {path.name for path in committed(root)}
    return [
        f"{_at(root, path, line)}: cites {cited}, which is not in the repository; cite the source itself"
        for path, line, text in _lines(root)
        if not path.is_relative_to(root / "tests")
        for cited in DOCUMENT.findall(text)
        if cited not in readable
    ]


def _leaks(text: str) -> list[str]:
    return [found.group() for pattern in (HERE, REGISTRY) for found in pattern.finditer(text)]


def _lines(root: Path) -> Iterator[tuple[Path, int, str]]:
    for path in committed(root):
        if path.suffix in TEXTS:
            for number, text in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
                yield path, number, text


def _comments(root: Path) -> Iterator[tuple[Path, int, str]]:
    for path in (each for each in committed(root) if each.suffix == ".py"):
        for token in tokenize.generate_tokens(io.StringIO(Module(root, path).text).readline):
            if token.type == tokenize.COMMENT:
                yield path, token.start[0], token.string


def _is_code(comment: str) -> bool:
    text = comment.lstrip("#").strip()
    if BLOCK.fullmatch(text) and text.endswith("):"):
        return True
    try:
        statement = ast.parse(text).body
    except SyntaxError:
        return False
    return bool(statement) and (isinstance(statement[0], CODE) or _is_call(statement[0]))


def _is_call(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def _at(root: Path, path: Path, line: int) -> str:
    return f"{path.relative_to(root).as_posix()}:{line}"
