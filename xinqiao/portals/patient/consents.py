"""What the patient agreed to, and taking it back (授权与同意)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from xinqiao.audit.operations import log_reading
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.patient.framing import Chosen, draw, own
from xinqiao.privacy.operations import withdraw_consent
from xinqiao.privacy.queries import Standing, consents_of
from xinqiao.privacy.rules import PURPOSES

# What taking it back means, said before it is done.
MEANS = {
    "care": gettext_lazy("撤回后，医院不再给您发随访短信，也不再主动联系您；看病不受影响。"),
    "wearable": gettext_lazy("撤回后，医院不再接收您在家测量的数据。"),
    "marketing": gettext_lazy("撤回后，医院不再给您发活动和优惠消息。"),
    "research": gettext_lazy("撤回后，您的资料不再用于以后的研究；已经做完的分析不能倒回。"),
    "share_third_party": gettext_lazy("撤回后，医院不再把您的资料提供给其他机构。"),
    "ai_profile": gettext_lazy("撤回后，医院不再用计算机自动给您归类。"),
    "family_access": gettext_lazy("撤回后，医院不再以此让家人代您查看资料。"),
}


@require_GET
@own
def standing(request: SeenRequest, chosen: Chosen) -> HttpResponse:
    """This function will list what stands on every purpose (授权与同意)."""
    log_reading(request.actor, [chosen.card.id], "own.consents", now=request.now)
    found = consents_of(chosen.card.id, viewer=request.actor, now=request.now)
    return draw(request, "patient/consents.html", {"consents": [_row(one) for one in found]}, chosen=chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@own
def withdraw(request: SeenRequest, chosen: Chosen, purpose: str) -> HttpResponse:
    """This function will take one consent back, after saying what that means (撤回同意)."""
    if purpose not in PURPOSES:
        raise Http404
    if request.method != "POST":
        told = {"asked": PURPOSES[purpose], "means": MEANS[purpose], "action_url": request.path}
        told["back_url"] = reverse("patient:consents")
        return draw(request, "patient/consents.html", told, chosen=chosen)
    by_whom = "self" if chosen.choice.relation == "self" else "proxy"
    withdraw_consent(
        patient_id=chosen.card.id,
        purpose=purpose,
        channel="h5",
        by_whom=by_whom,
        by=request.actor,
        now=request.now,
    )
    messages.success(request, _("已撤回“%(purpose)s”。") % {"purpose": PURPOSES[purpose]})
    return redirect("patient:consents")


def _row(one: Standing) -> dict:
    return {
        "title": one.word,
        "is_on": one.verdict.ok,
        "at": one.at,
        "word": _("进行中") if one.verdict.ok else _("已撤回") if one.granted is False else _("没有同意过"),
        "url": reverse("patient:withdraw", args=[one.purpose]) if one.verdict.ok else "",
    }
