"""Randomness with an address, so that any part of the hospital can be rolled alone (可复现的随机数)."""

from collections.abc import Sequence
from datetime import timedelta, timezone
from random import Random

CHINA = timezone(timedelta(hours=8), "CST")  # no summer time since 1991, and no time-zone files needed


def dice(seed: int, *address: object) -> Random:
    """Give the same generator for the same seed and address on every machine (随机种子).

    Seeding by text goes through SHA-512, so neighbouring addresses are unrelated.
    """
    return Random(f"{seed}/" + "/".join(map(str, address)))


def weighted[T](random: Random, choices: Sequence[tuple[float, T]]) -> T:
    """Pick one of (weight, value) pairs (按权重抽取)."""
    at = random.random() * sum(weight for weight, _ in choices)
    for weight, value in choices:
        at -= weight
        if at < 0:
            return value
    return choices[-1][1]


def stepped(index: int, size: int, stride: int = 7919) -> int:
    """Walk all of range(size) in a scattered order, each place once (置换).

    `stride` is a prime that does not divide `size`, so the walk is a bijection of index modulo size.
    """
    if size % stride == 0:
        raise ValueError("stride 必须与 size 互质，请换一个素数。")
    return index * stride % size
