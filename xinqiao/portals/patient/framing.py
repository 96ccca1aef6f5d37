"""The frame around every page of the phone (患者端框架), and for whom it is open: one patient at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from xinqiao.directory.queries import get_organisation
from xinqiao.kit.ids import outside
from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.queries import PatientCard, get_patient, patients_of
from xinqiao.patients.queries.readable import Choice
from xinqiao.portals.patient.sites import find_site
from xinqiao.portals.ui.doors import needs

DOOR = "me/login"


@dataclass(frozen=True)
class Chosen:
    """The patient whom the phone looks at now (当前就诊人), and how many it may choose from."""

    card: PatientCard
    choice: Choice
    others: int

    @property
    def spared(self) -> bool:
        """Whether words that tell an illness are kept from whoever holds this phone (仅家属知情).

        A relative whom the patient let in by name reads them; a number that several share is nobody by name.
        """
        is_family = self.choice.relation == "proxy" and self.choice.kinship
        return self.card.informed == "family_only" and not is_family


def own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """This function will open a page to a phone that has signed in and chosen a patient (本人页面)."""

    @needs("own.read", door_of=DOOR)
    @wraps(view)
    def page(request: SeenRequest, **given: object) -> HttpResponse:
        chosen = _chosen(request)
        return view(request, chosen, **given) if chosen else redirect("patient:people")

    return page


def draw(
    request: SeenRequest, template: str, context: dict, *, chosen: Chosen | None = None, status: int = 200
) -> HttpResponse:
    """This function will render a page of the phone in its frame (渲染)."""
    stay = request.stay
    is_in = stay is not None and stay.organisation_id is not None
    frame = {
        "now": request.now,
        "organisation": get_organisation(stay.organisation_id) if is_in else find_site(request),
        "patient": {"name": chosen.card.name if chosen else "", "key": _key(request)},
        "people_url": reverse("patient:people") if chosen and chosen.others else "",
        "back_url": reverse("patient:home") if chosen else "",
        "toasts": [{"text": said.message} for said in get_messages(request)],
    }
    response = render(request, template, frame | context, status=status)
    response["Cache-Control"] = "no-store"  # a phone is passed around: 返回 shows nothing after leaving
    return response


def _chosen(request: SeenRequest) -> Chosen | None:
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now}
    choices = {one.patient_id: one for one in patients_of(request.actor.user_id, **asked)}
    choice = choices.get(request.actor.on_behalf_of) if request.actor.on_behalf_of else None
    return Chosen(get_patient(choice.patient_id, **asked), choice, len(choices) - 1) if choice else None


def _key(request: SeenRequest) -> str:
    """The word under which a browser keeps drafts, so that the next user does not find them."""
    user_id = request.actor.user_id
    return outside("user", user_id)[:12] if user_id else ""
