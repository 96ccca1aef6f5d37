import sys
import threading

import pytest

from xinqiao.kit.registry import Registry


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "kinds_here").mkdir()
    (tmp_path / "kinds_here" / "__init__.py").write_text("")
    (tmp_path / "kinds_here" / "slow.py").write_text(
        "import time\ntime.sleep(0.2)\nfrom sys import modules\nmodules['kinds_registry'].add('slow')('a slow one')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield "kinds_here"
    for name in ("kinds_here", "kinds_here.slow", "kinds_registry"):
        sys.modules.pop(name, None)


def test_two_threads_that_ask_at_once_both_get_the_thing(folder):
    registry = sys.modules["kinds_registry"] = Registry("kind", folder)
    got = []
    threads = [threading.Thread(target=lambda: got.append(registry.find("slow"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["a slow one"] * 4


def test_a_code_taken_twice_and_an_unknown_code_are_errors(folder):
    registry = sys.modules["kinds_registry"] = Registry("kind", folder)
    assert registry.get("slow") == "a slow one"
    with pytest.raises(ValueError, match="twice"):
        registry.add("slow")("another")
    with pytest.raises(KeyError, match="no kind"):
        registry.get("fast")
