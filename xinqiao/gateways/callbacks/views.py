"""Receipts and replies as providers push them (回执与上行推送): stored and committed, then acknowledged.

The provider repeats a push until it is answered {"code": 0}, so anything short of a commit is answered otherwise.
"""

from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xinqiao.kit.actor import Actor, system
from xinqiao.kit.requests import SeenRequest
from xinqiao.messaging.channels import CHANNELS, Channel
from xinqiao.messaging.operations import receive_inbound, receive_receipts
from xinqiao.messaging.rules.outcomes import BadCallback


@csrf_exempt
@require_POST
def receipts(request: SeenRequest, channel: str, word: str) -> JsonResponse:
    """This function will take in what a provider reports of our messages (接收回执)."""
    said = _caller(channel, word)
    try:
        reports = said.parse_receipts(request.body)
    except BadCallback as bad:
        return _refused(bad)
    receive_receipts(receipts=reports, by=_by(request), now=request.now)
    return JsonResponse({"code": 0, "msg": "成功"})


@csrf_exempt
@require_POST
def replies(request: SeenRequest, channel: str, word: str) -> JsonResponse:
    """This function will take in what people typed back (接收上行)."""
    said = _caller(channel, word)
    try:
        answers = said.parse_replies(request.body)
    except BadCallback as bad:
        return _refused(bad)
    receive_inbound(channel=channel, replies=answers, by=_by(request), now=request.now)
    return JsonResponse({"code": 0, "msg": "成功"})


def _caller(channel: str, word: str) -> Channel:
    known = CHANNELS.find(channel)
    if known is None or not known.is_caller(word):
        raise Http404
    return known


def _by(request: SeenRequest) -> Actor:
    return system("callbacks.receive", address=request.address)


def _refused(bad: BadCallback) -> JsonResponse:
    return JsonResponse({"code": 1, "msg": str(bad)}, status=400)
