"""Keys: UUIDv7 from a given instant and randomness; opaque words for the world outside (标识)."""

import base64
import random
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from xinqiao.kit.crypto import secret

RANDOM: random.Random = random.SystemRandom()


def new_id(now: datetime, rng: random.Random | None = None) -> UUID:
    """This function will make a UUIDv7 (RFC 9562 §5.7) of this instant (新建标识)."""
    milliseconds = int(now.timestamp() * 1000) & 0xFFFFFFFFFFFF
    noise = (rng or RANDOM).getrandbits(74)
    high, low = noise >> 62, noise & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def outside(kind: str, inner: UUID) -> str:
    """This function will turn a key into the opaque word shown in addresses (对外标识).

    A keyed permutation (one AES block) per kind: it can be turned back, never guessed, and one kind's word
    is no other kind's.
    """
    block = _cipher(kind).encryptor().update(inner.bytes)
    return base64.b32encode(block).decode().rstrip("=").lower()


def inside(kind: str, word: str) -> UUID | None:
    """This function will turn an opaque word back into a key, or None if it is not one (还原标识)."""
    try:
        block = base64.b32decode(word.upper() + "=" * (-len(word) % 8))
    except ValueError:
        return None
    return UUID(bytes=_cipher(kind).decryptor().update(block)) if len(block) == 16 else None


def _cipher(kind: str) -> Cipher:
    return Cipher(algorithms.AES(secret(f"outside-id:{kind}")[:16]), modes.ECB())  # noqa: S305 one random block
