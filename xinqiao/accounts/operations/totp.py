"""Setting up and taking away the second factor (动态口令的绑定与重置): allauth keeps the secret, sealed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import encrypt

from xinqiao.accounts.models import SessionRecord, User
from xinqiao.accounts.queries import require
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import open_with, seal_with, secret
from xinqiao.kit.errors import NotFound, Refused

WHERE = "accounts.totp"


class SealingAdapter(DefaultMFAAdapter):
    """The hook by which allauth seals a secret before it is stored (加密适配)."""

    def encrypt(self, text: str) -> str:
        return seal_with(secret(WHERE), text.encode(), WHERE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return open_with(secret(WHERE), bytes.fromhex(encrypted_text), WHERE).decode()


class AlreadyEnrolled(Refused):
    """这个账号已经绑定动态口令。如已更换手机，请联系系统管理员重置。"""


@dataclass(frozen=True, slots=True)
class TotpEnrolment:
    """A new secret, and the address that an authenticator app reads from a QR code (绑定信息)."""

    secret: str
    uri: str


@operation
def enrol_totp(*, user_id: UUID, by: Actor, now: datetime, confirmed: bool = False) -> TotpEnrolment:
    """This function will give a person a new secret, in force from its first right code (绑定动态口令).

    `confirmed` is for accounts that are prepared for someone, as in the demo. A secret in force is not replaced.
    """
    user = User.objects.select_for_update().filter(id=user_id, kind="staff").first()
    if user is None:
        raise NotFound
    kept = Authenticator.objects.filter(user_id=user_id, type="totp")
    if kept.filter(data__confirmed=True).exists():
        raise AlreadyEnrolled
    kept.delete()
    word = generate_totp_secret()
    data = {"secret": encrypt(word), "confirmed": confirmed, "step": 0}
    Authenticator.objects.create(user_id=user_id, type="totp", data=data, created_at=now)
    concerning(enrolled=user_id)
    return TotpEnrolment(word, get_adapter().build_totp_url(user, word))


@operation
def reset_totp(*, user_id: UUID, by: Actor, now: datetime) -> None:
    """This function will remove a person's second factor and end his sessions, for a lost phone (重置动态口令)."""
    require(by, "users.manage")
    Authenticator.objects.filter(user_id=user_id, type="totp").delete()
    SessionRecord.objects.filter(user_id=user_id, ended_at=None).update(ended_at=now, end_reason="totp_reset")
    concerning(reset=user_id)
