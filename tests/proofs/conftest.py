"""The simulated provider, and one patient's story told to the database for good."""

import tempfile
from pathlib import Path

import pytest

from tests.contracts.conftest import clock, provider
from tests.proofs.killing import Installation
from tests.proofs.story import whole_story

__all__ = ["clock", "provider"]


@pytest.fixture
def told(committed, provider, now):
    return whole_story(provider, now)


@pytest.fixture(scope="session")
def installation():
    """A private installation with a hospital in it, for processes that are started and killed.

    Not in pytest's own folder: another run closes that to the database server's user.
    """
    with tempfile.TemporaryDirectory(prefix="xinqiao-proof-") as folder:
        Path(folder).chmod(0o755)
        made = Installation(Path(folder) / "home")
        made.prepare()
        try:
            yield made
        finally:
            made.close()
