"""Encryption at rest (存储加密): one module, with algorithm ids, so that keys and ciphers can be changed.

The installation's root secret is a file (0600) outside the database. Everything that concerns one patient is
sealed with that patient's own key, kept in a key store of its own (`Keystore`): destroying the key makes the
patient unreadable in every old backup of the database (密钥粉碎). A raw message is sealed with a key of its own,
which is tied to the patient when the message is applied.
"""

import contextlib
import functools
import hashlib
import hmac
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xinqiao.kit.errors import Refused

AES_GCM = b"\x01"  # first byte of every sealed value: the algorithm


class KeyDestroyed(Refused):
    """这位患者的资料已按要求销毁，无法读取。"""


def home() -> Path:
    """This function will name the folder of this installation's secrets and data (数据目录)."""
    return Path(os.environ["XINQIAO_HOME"])


@functools.cache
def _root(folder: Path) -> bytes:
    return bytes.fromhex((folder / "secrets" / "root.key").read_text().strip())


@functools.lru_cache(maxsize=4096)
def secret(purpose: str) -> bytes:
    """This function will derive this installation's 32-byte secret for one purpose (派生密钥)."""
    return hmac.digest(_root(home()), purpose.encode(), "sha256")


def blind(kind: str, organisation_id: UUID, value: str) -> bytes:
    """This function will give the 8 bytes by which a sealed value is found again (盲索引).

    Keyed per organisation, so equal values of two organisations cannot be told to be equal.
    """
    return hmac.digest(secret(f"blind:{kind}:{organisation_id}"), value.encode(), "sha256")[:8]


def digest(text: str | bytes) -> bytes:
    """This function will give the SHA-256 by which a token or a body is recognised (摘要)."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).digest()


def seal_with(key: bytes, value: bytes, where: str) -> bytes:
    """This function will encrypt and authenticate a value for one place (加密)."""
    nonce = os.urandom(12)
    return AES_GCM + nonce + AESGCM(key).encrypt(nonce, value, where.encode())


def open_with(key: bytes, sealed: bytes | memoryview, where: str) -> bytes:
    """This function will decrypt a value that was sealed for this very place (解密)."""
    sealed = bytes(sealed)
    if sealed[:1] != AES_GCM:
        raise ValueError(f"unknown algorithm {sealed[:1]!r}")
    try:
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], where.encode())
    except InvalidTag:
        raise ValueError("the sealed value was altered, moved, or has another key") from None


class Keystore:
    """The data keys of patients and of raw messages, wrapped, in a file of their own (密钥库)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wrapping = secret("keystore")
        self._lock = threading.RLock()
        self._connection: tuple[int, sqlite3.Connection] | None = None
        self._known: dict[UUID, bytes] = {}
        self._shreddings = 0

    def key(self, subject: UUID, *, create: bool = True) -> bytes:
        """This function will give a subject's data key, made at first need (取数据密钥)."""
        return self.keys([subject], create=create)[subject]

    def keys(self, subjects: Iterable[UUID], *, create: bool = True) -> dict[UUID, bytes]:
        """This function will give the data keys of many subjects in one step (批量取密钥)."""
        wanted = list(dict.fromkeys(subjects))
        with self._db() as db:
            shreddings = db.execute("PRAGMA user_version").fetchone()[0]
            if shreddings != self._shreddings:  # another process destroyed a key: forget what we remember
                self._known.clear()
                self._shreddings = shreddings
            if len(self._known) > 50_000:
                self._known.clear()
            missing = [subject for subject in wanted if subject not in self._known]
            if missing:
                self._load(db, missing, create)
            return {subject: self._known[subject] for subject in wanted}

    def tie(self, pairs: Iterable[tuple[UUID, UUID]]) -> None:
        """This function will tie keys of messages to the patients they turned out to be about (密钥归属)."""
        rows = [(patient.bytes, subject.bytes) for subject, patient in pairs]
        with self._db() as db:
            db.executemany("UPDATE data_key SET patient = ? WHERE subject = ?", rows)

    def shred(self, patient: UUID) -> int:
        """This function will destroy a patient's key and all keys tied to him, for ever (密钥粉碎)."""
        with self._db() as db:
            gone = db.execute(
                "UPDATE data_key SET wrapped = NULL WHERE subject = ? OR patient = ?", (patient.bytes,) * 2
            ).rowcount
            shreddings = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute(f"PRAGMA user_version = {shreddings + 1}")
        with self._db() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    def _load(self, db: sqlite3.Connection, subjects: list[UUID], create: bool) -> None:
        if create:
            fresh = [(s.bytes, seal_with(self._wrapping, os.urandom(32), s.hex)) for s in subjects]
            db.executemany("INSERT OR IGNORE INTO data_key (subject, wrapped) VALUES (?, ?)", fresh)
        for subject in subjects:
            row = db.execute("SELECT wrapped FROM data_key WHERE subject = ?", (subject.bytes,)).fetchone()
            if row is None or row[0] is None:
                raise KeyDestroyed
            self._known[subject] = open_with(self._wrapping, row[0], subject.hex)

    def close(self) -> None:
        """This function will close the file; the next use opens it again (关闭密钥库)."""
        with self._lock:
            if self._connection:
                self._connection[1].close()
                self._connection = None

    @contextlib.contextmanager
    def _db(self) -> Iterator[sqlite3.Connection]:
        """One connection per process, one user at a time; a forked child opens its own."""
        with self._lock:
            if self._connection is None or self._connection[0] != os.getpid():
                self._connection = (os.getpid(), self._open())
            with self._connection[1] as db:
                yield db

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=10, check_same_thread=False)
        os.chmod(self.path, 0o600)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA secure_delete = ON")
        db.execute(
            "CREATE TABLE IF NOT EXISTS data_key"
            " (subject BLOB PRIMARY KEY, wrapped BLOB, patient BLOB) WITHOUT ROWID"
        )
        db.execute("CREATE INDEX IF NOT EXISTS by_patient ON data_key (patient)")
        return db


@functools.cache
def keystore() -> Keystore:
    """This function will open this installation's key store (打开密钥库)."""
    return Keystore(home() / "secrets" / "keys.sqlite")


def seal(subject: UUID, text: str, where: str) -> bytes:
    """This function will seal a text with its subject's own key for one place such as `patients.name` (封存)."""
    return seal_with(keystore().key(subject), text.encode(), where)


def unseal(subject: UUID, sealed: bytes | memoryview, where: str) -> str:
    """This function will read a text sealed for this subject and place (启封).

    Raises KeyDestroyed when the subject has been shredded.
    """
    return open_with(keystore().key(subject, create=False), sealed, where).decode()
