"""How a line is hashed and blocks are chained (审计链的计算)."""

import hashlib
import json

SEPARATOR = "\x1f"


def canonical(fields: dict[str, object]) -> str:
    """This function will write a line's content the one way it is hashed: sorted names, plain words (规范文本)."""
    return json.dumps(fields, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def line_digest(content: str) -> bytes:
    """This function will give the SHA-256 of a line's canonical content (行摘要)."""
    return hashlib.sha256(content.encode()).digest()


def block_digest(previous: bytes, lines: list[bytes]) -> bytes:
    """This function will chain a block of lines to the block before it (块摘要)."""
    chain = hashlib.sha256(previous)
    for line in lines:
        chain.update(line)
    return chain.digest()
