"""Files, sealed, in the database (加密文件)."""

from datetime import datetime
from uuid import UUID

from xinqiao.kit.crypto import keystore, open_with, seal, seal_with, unseal
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.kit.ids import new_id
from xinqiao.kit.models import Blob

LARGEST = 20 * 1024 * 1024


class FileTooLarge(Refused):
    """文件超过 20 MB，请压缩或拆分后再上传。"""


def put_blob(
    *,
    organisation_id: UUID,
    patient_id: UUID | None,
    name: str,
    media_type: str,
    content: bytes,
    now: datetime,
) -> UUID:
    """This function will keep a file of at most 20 MB, sealed with its subject's key (存文件)."""
    if len(content) > LARGEST:
        raise FileTooLarge
    blob_id = new_id(now)
    subject = patient_id or blob_id
    Blob.objects.create(
        id=blob_id,
        organisation_id=organisation_id,
        patient_id=patient_id,
        name_sealed=seal(subject, name, "kit.blob.name"),
        media_type=media_type,
        size=len(content),
        content_sealed=seal_with(keystore().key(subject), content, "kit.blob.content"),
        created_at=now,
    )
    return blob_id


def get_blob(blob_id: UUID) -> tuple[str, str, bytes]:
    """This function will give a file's name, media type and bytes; row security decides who sees it (取文件)."""
    blob = Blob.objects.filter(id=blob_id).first()
    if blob is None:
        raise NotFound
    subject = blob.patient_id or blob.id
    content = open_with(keystore().key(subject, create=False), blob.content_sealed, "kit.blob.content")
    return unseal(subject, blob.name_sealed, "kit.blob.name"), blob.media_type, content
