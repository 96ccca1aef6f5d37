"""Whether this installation may send at all (本机发送状态). A restored or cloned database starts locked."""

from uuid import UUID

from django.db import connection

from xinqiao.directory.queries import get_organisation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import digest, home, secret
from xinqiao.messaging.models import Installation, SendingTestNumber
from xinqiao.messaging.rules import sending
from xinqiao.messaging.rules.sealing import address_blind


def current_fingerprint(*, viewer: Actor) -> bytes:
    """This function will give the mark of this very installation: secret, data folder, database (安装指纹).

    The file's number tells a copied folder from the one it was copied from.
    """
    folder = home().resolve()
    place = f"{folder}:{(folder / 'secrets' / 'root.key').stat().st_ino}"
    return digest(f"{secret('messaging.installation').hex()}:{place}:{connection.settings_dict['NAME']}")


def is_this_installation(*, viewer: Actor) -> bool:
    """This function will say whether sending was unlocked for this very installation (是否获准的安装)."""
    known = Installation.objects.values_list("fingerprint", flat=True).first()
    return known is not None and bytes(known) == current_fingerprint(viewer=viewer)


def installation_state(organisation_id: UUID, address: str, *, viewer: Actor) -> sending.Installation:
    """This function will say what this installation may do for one organisation and address (发送状态)."""
    mode = get_organisation(organisation_id).sending
    own = SendingTestNumber.objects.filter(
        organisation_id=organisation_id, address_blind=address_blind(organisation_id, address)
    )
    return sending.Installation(
        locked=mode != "open" or not is_this_installation(viewer=viewer),
        is_test_number=bool(address) and own.exists(),
        shadow=mode == "shadow",
    )
