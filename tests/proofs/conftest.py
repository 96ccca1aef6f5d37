"""The simulated provider, and one patient's story told to the database for good."""

import pytest

from tests.contracts.conftest import clock, provider
from tests.proofs.story import whole_story

__all__ = ["clock", "provider"]


@pytest.fixture
def told(committed, provider, now):
    return whole_story(provider, now)
