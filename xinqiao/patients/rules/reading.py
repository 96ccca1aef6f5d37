"""Whom a post may read: the first wall, before row security (可读范围)."""

from xinqiao.accounts.rules import may
from xinqiao.kit.actor import Actor

ORDINARY, SEALED = 4, 5
LEGAL = "legal"


def reads_own_organisation(viewer: Actor) -> bool:
    """Say whether a viewer reads the patients of his organisation at all; a stranger does not (本机构可读)."""
    return viewer.kind != "patient" and may(viewer, "patient.read").ok


def ceiling(viewer: Actor) -> int:
    """Give the highest label read without a grant of its own: level 5 is for grants only (分级上限).

    GB/T 39725 level 5, 待临床复核. Processes of ours read all labels.
    """
    return SEALED if viewer.kind == "system" else ORDINARY


def reads_restricted(viewer: Actor) -> bool:
    """Say whether a viewer reads records that are only stored any more: for a named legal purpose (法定查阅)."""
    return viewer.purpose == LEGAL
