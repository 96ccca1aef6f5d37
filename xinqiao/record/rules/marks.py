"""By what a fact and its versions are told apart (事实标记): the source's key, and a digest of what was said."""

import functools
import hashlib
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from xinqiao.kit.crypto import secret

LONGEST_KEY = 200


def fitting_key(source_key: str) -> str:
    """Keep a source's key that fits its column, and replace a longer one by its digest (来源键)."""
    if len(source_key) <= LONGEST_KEY:
        return source_key.replace("\0", "")
    return hashlib.sha256(source_key.encode()).hexdigest()


def version_of(said: Any) -> bytes:
    """Digest what was said, keyed, so that a short sealed text cannot be guessed from it (版本摘要)."""
    told = "\x1f".join([_word(getattr(said, name)) for name in _names(said.__class__)])
    return hashlib.blake2b(told.encode(), key=_key(), digest_size=16).digest()


def _word(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(sorted(value)) if isinstance(value, frozenset) else str(value)


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@functools.cache
def _key() -> bytes:
    return secret("record.version")
