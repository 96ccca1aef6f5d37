"""The listener behind mutual TLS: only a sender with a certificate of ours is heard (双向 TLS)."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.x509.oid import NameOID

from ..parse import parse
from ..send import MllpClient
from .test_mllp import ONE, with_listener

LOCAL = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(True, False, False, False, False, signs, signs, False, False)


def certificate(folder, name: str, issuer=None):
    """Make a key and a certificate signed by an issuer, or by itself, and write both into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer, signing_name = issuer or (key, named(name))
    start = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder(
        signing_name, named(name), key.public_key(), x509.random_serial_number()
    )
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=7))
    builder = builder.add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    # Python's strict verification asks for both key identifiers, and for a key usage where a CA signs.
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(issuer_id, critical=False).add_extension(LOCAL, critical=False)
    subject_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(subject_id, critical=False)
    builder = builder.add_extension(usage(issuer is None), critical=True)
    signed = builder.sign(signer, hashes.SHA256())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(pem + signed.public_bytes(serialization.Encoding.PEM))
    return path, (key, named(name))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("tls")
    ours, issuer = certificate(folder, "hospital")
    _, strange_issuer = certificate(folder, "elsewhere")
    return {
        "ca": ours,
        "server": certificate(folder, "server", issuer)[0],
        "sender": certificate(folder, "sender", issuer)[0],
        "stranger": certificate(folder, "stranger", strange_issuer)[0],
    }


def server_side(certificates) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=certificates["ca"])
    context.load_cert_chain(certificates["server"])
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def sender_side(certificates, name: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certificates["ca"])
    if name:
        context.load_cert_chain(certificates[name])
    return context


def exchange(certificates, name: str | None) -> tuple[list[bytes], list[bytes]]:
    answers, stored = [], []

    async def story(listener, shelf):
        def work():
            context = sender_side(certificates, name)
            with MllpClient("127.0.0.1", listener.port, timeout=5, tls=context) as client:
                answers.append(client.send(ONE))

        try:
            await asyncio.to_thread(work)
        except OSError:
            answers.clear()
        stored.extend(shelf.frames)

    with_listener(story, tls=server_side(certificates), peers=("127.0.0.0/8",))
    return answers, stored


def test_a_sender_with_our_certificate_is_answered(certificates):
    answers, stored = exchange(certificates, "sender")
    assert [parse(answer).segment("MSA").value(1) for answer in answers] == ["AA"]
    assert stored == [ONE]


@pytest.mark.parametrize("name", [None, "stranger"])
def test_a_sender_without_our_certificate_is_not_heard(certificates, name):
    assert exchange(certificates, name) == ([], [])
