"""Choosing whom one acts for (就诊人)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinqiao.accounts.rules import PATIENT_KEY
from xinqiao.audit.operations import log_reading
from xinqiao.kit.ids import outside
from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.queries import patients_of
from xinqiao.portals.patient.framing import DOOR, draw
from xinqiao.portals.ui.doors import back_to, needs
from xinqiao.portals.ui.fields import Field, options, summary
from xinqiao.portals.ui.wording import word_age, word_sex


@needs("own.read", door_of=DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SeenRequest) -> HttpResponse:
    """This function will show whom a phone may act for, and keep the choice (切换就诊人)."""
    found = patients_of(request.actor.user_id, viewer=request.actor, now=request.now)
    choices = {outside("patient", one.patient_id): one for one in found}
    field = Field("person", _("请选择就诊人"), required=True)
    if request.method == "POST":
        if (word := request.POST.get("person", "")) in choices:
            request.session[PATIENT_KEY] = word
            return redirect(back_to(request, "/me"))
        field.errors = [_("请选一位就诊人。")]
    log_reading(request.actor, [one.patient_id for one in found], "own.people", now=request.now)
    now_word = request.session.get(PATIENT_KEY, "")
    named = [(word, _named(request, one)) for word, one in choices.items()]
    told = {
        "step": "person",
        "person": field,
        "people": options(named, [now_word]),
        "errors": summary([field]),
    }
    told["back_url"] = "/me" if now_word in choices else ""
    return draw(request, "patient/login.html", told, status=422 if field.errors else 200)


def _named(request: SeenRequest, one) -> str:
    whose = _("本人") if one.relation == "self" else one.kinship
    parts = [one.name, word_sex(one.sex), word_age(one.birth_on, request.now), whose]
    return " · ".join(filter(None, parts))
