"""A small house in which violations are planted."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

Plant = Callable[..., Path]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Write files into an empty house; every package among them gets its one line of docstring."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), "utf-8")
        house = tmp_path / "xinqiao"
        house.mkdir(exist_ok=True)
        inside = {
            folder for file in house.rglob("*.py") for folder in file.parents if folder.is_relative_to(house)
        }
        for package in (folder / "__init__.py" for folder in inside | {house}):
            if not package.exists():
                package.write_text('"""What it is for."""\n', "utf-8")
        return tmp_path

    return write
