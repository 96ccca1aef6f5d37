"""Where things are, who works there, and who a session speaks for (机构目录查询)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from xinqiao.accounts.rules import ROLES
from xinqiao.directory.models import Campus, Department, Organisation, Post, Practitioner
from xinqiao.kit.actor import Actor, MaybeNone
from xinqiao.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class PostHeld:
    """One post as its holder chooses it in the top bar (可切换的岗位)."""

    id: UUID
    organisation_id: UUID
    organisation: str
    department: str
    role: str

    @property
    def title(self) -> str:
        return " · ".join(filter(None, [ROLES[self.role], self.department or self.organisation]))


def actor_of(
    user_id: UUID, *, now: datetime, session: str = "", address: str = "", post_id: UUID | None = None
) -> Actor | None:
    """This function will say as whom a member of staff acts: in the chosen post, else the oldest one (当前岗位).

    One post at a time, so that the right of one department never reaches into another. None when no post
    is held now, which is also how a right that was taken away ends. One query.
    """
    posts = _held(user_id, now)
    chosen = (posts.filter(id=post_id).first() if post_id else posts.first()) if user_id else None
    if chosen is None:
        return None
    return Actor(
        kind="staff",
        organisation_id=chosen.organisation_id,
        user_id=user_id,
        post_id=chosen.id,
        roles=frozenset([chosen.role]),
        department_ids=frozenset([chosen.department_id] if chosen.department_id else []),
        session=session,
        address=address,
    )


def posts_of(user_id: UUID, *, viewer: Actor, now: datetime) -> list[PostHeld]:
    """This function will list the posts a person holds now, oldest first (我的岗位)."""
    return [
        PostHeld(
            post.id,
            post.organisation_id,
            post.organisation.short_name,
            post.department.name if post.department else "",
            post.role,
        )
        for post in _held(user_id, now).select_related("organisation", "department")
    ]


def post_titles(ids: Iterable[UUID], viewer: Actor) -> dict[UUID, tuple[str, str]]:
    """This function will give (department, role) of posts of the viewer's organisation in words (岗位名称)."""
    posts = Post.objects.filter(id__in=list(ids), organisation_id=viewer.organisation_id)
    found = posts.select_related("department")
    return {one.id: (one.department.name if one.department else "", ROLES[one.role]) for one in found}


def roles_held(user_id: UUID, *, viewer: Actor, now: datetime) -> frozenset[str]:
    """This function will name the roles a person holds now or will hold (现有及将有的角色)."""
    posts = Post.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), user_id=user_id)
    return frozenset(posts.values_list("role", flat=True))


def get_organisation(id: UUID | None = None, *, code: str = "") -> Organisation:
    """This function will give one organisation by its key or its code (查机构)."""
    found = Organisation.objects.filter(**({"id": id} if id else {"code": code})).first()
    if found is None:
        raise NotFound("没有这家机构，请核对机构代码。")
    return found


def find_organisation_by_domain(domain: str) -> Organisation | None:
    """This function will find the organisation whose pages this domain shows (按域名查机构)."""
    return Organisation.objects.filter(domain=domain.lower()).first() if domain else None


def organisations(viewer: Actor) -> QuerySet[Organisation]:
    """This function will list the organisations a viewer may know of: his own; for a process, all (机构列表)."""
    everything = Organisation.objects.order_by("code")
    if viewer.organisation_id is None:
        return everything if viewer.kind == "system" else everything.none()
    return everything.filter(id=viewer.organisation_id)


def campuses(viewer: Actor) -> QuerySet[Campus]:
    """This function will list the campuses of the viewer's organisation (院区列表)."""
    return Campus.objects.filter(organisation_id=viewer.organisation_id).order_by("code")


def departments(viewer: Actor) -> QuerySet[Department]:
    """This function will list the departments of the viewer's organisation (科室列表)."""
    return Department.objects.filter(organisation_id=viewer.organisation_id).order_by("code")


def department_names(ids: Iterable[UUID], viewer: Actor) -> dict[MaybeNone, str]:
    """This function will give the names of departments by their keys, in one query (科室名称)."""
    return dict(departments(viewer).filter(id__in=list(ids)).values_list("id", "name"))


def find_department(organisation_id: UUID, code_or_name: str) -> Department | None:
    """This function will find a department by code, else by name, as hospitals write both (查科室)."""
    found = Department.objects.filter(
        Q(code=code_or_name) | Q(name=code_or_name), organisation_id=organisation_id
    )
    return min(found, key=lambda department: department.code != code_or_name, default=None)


def practitioners(viewer: Actor) -> QuerySet[Practitioner]:
    """This function will list the doctors and nurses of the viewer's organisation (医务人员列表)."""
    return Practitioner.objects.filter(organisation_id=viewer.organisation_id).order_by("staff_number")


def find_practitioner(organisation_id: UUID, staff_number: str) -> Practitioner | None:
    """This function will find a doctor or nurse by staff number (按工号查医务人员)."""
    return Practitioner.objects.filter(organisation_id=organisation_id, staff_number=staff_number).first()


def staff_of(
    viewer: Actor, *, now: datetime, department_id: UUID | None = None, roles: Iterable[str] = ()
) -> list[UUID]:
    """This function will list the accounts that hold a post in the viewer's organisation now (在岗人员)."""
    posts = Post.objects.filter(_current(now), organisation_id=viewer.organisation_id)
    if department_id:
        posts = posts.filter(department_id=department_id)
    if roles := list(roles):
        posts = posts.filter(role__in=roles)
    return list(posts.order_by("user_id").values_list("user_id", flat=True).distinct())


def _held(user_id: UUID, now: datetime) -> QuerySet[Post]:
    return Post.objects.filter(_current(now), user_id=user_id).order_by("starts_at", "id")


def _current(now: datetime) -> Q:
    return Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))
