"""The word in a browser by which its owner is told from strangers (设备标记)."""

from django.http import HttpResponse

from xinqiao.kit.ids import RANDOM
from xinqiao.kit.requests import SeenRequest

DEVICE, DEVICE_AGE = "device", 400 * 24 * 3600


def device_of(request: SeenRequest) -> str:
    """This function will read the word that this browser was given, or nothing (设备标记)."""
    return request.COOKIES.get(DEVICE, "")[:64]


def remember_device(request: SeenRequest, response: HttpResponse) -> HttpResponse:
    """This function will leave such a word in a browser that has none (留下设备标记)."""
    if not device_of(request):
        response.set_cookie(
            DEVICE, f"{RANDOM.getrandbits(128):032x}", max_age=DEVICE_AGE, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip
    return response
