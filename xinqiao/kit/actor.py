"""Who acts: one frozen value that every operation and query is given (行为人)."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

type MaybeNone = Any  # may be None; asking every time would only be noise, for the data base asks again


@dataclass(frozen=True, slots=True)
class Actor:
    """One person or process at work in one organisation (行为人): staff, patient or system.

    `roles` are the words of `accounts.rules`; `purpose` is one of `privacy.rules`, or "" where none is asked.
    """

    kind: str  # staff | patient | system
    organisation_id: UUID | MaybeNone  # none: a process at work in no organisation, or in all of them
    user_id: UUID | MaybeNone = None
    post_id: UUID | None = None
    name: str = ""  # a system process's name; never a patient's
    roles: frozenset[str] = frozenset()
    department_ids: frozenset[UUID] = frozenset()
    on_behalf_of: UUID | None = None
    purpose: str = ""
    session: str = ""
    address: str = ""

    def has_role(self, *roles: str) -> bool:
        """This function will say whether the actor holds one of these roles (是否具有角色)."""
        return not self.roles.isdisjoint(roles)

    def in_organisation(self, organisation_id: UUID) -> "Actor":
        """This function will give the same system process, at work in another organisation (切换机构)."""
        if self.kind != "system":
            raise ValueError("only a system process changes its organisation")
        return replace(self, organisation_id=organisation_id)


def system(name: str, organisation_id: UUID | None = None, **more: Any) -> Actor:
    """This function will name a process of ours as an actor (系统进程)."""
    return Actor(kind="system", name=name, organisation_id=organisation_id, **more)
