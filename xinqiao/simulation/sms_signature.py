"""Alibaba Cloud's two request signatures, checked from its documentation and from nothing of ours (签名校验).

RPC signature 1.0, HMAC-SHA1: help.aliyun.com/document_detail/25490 (worked example DescribeRegions) and
help.aliyun.com/document_detail/56189 (worked example SendSms).
Signature V3, ACS3-HMAC-SHA256: help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
(worked example RunInstances). The tests hold the published examples.
"""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

RPC_LIFETIME, V3_LIFETIME = timedelta(minutes=31), timedelta(minutes=15)
AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})"
)
RPC_FIELDS = (
    "AccessKeyId",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came over the wire (请求)."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    form: Sequence[tuple[str, str]]

    @property
    def parameters(self) -> dict[str, str]:
        """Query and form together; the action of a V3 request stands in a header."""
        action = {"Action": self.headers["x-acs-action"]} if "x-acs-action" in self.headers else {}
        version = {"Version": self.headers["x-acs-version"]} if "x-acs-version" in self.headers else {}
        return {**action, **version, **dict(self.query), **dict(self.form)}


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    code: str
    message: str


@dataclass(slots=True)
class Gate:
    """Lets requests of known keys in, each nonce once (鉴权)."""

    secrets: Mapping[str, str]
    nonces: set[str] = field(default_factory=set)

    def refuse(self, request: Request, now: datetime) -> Refusal | None:
        """Say why a request is not let in, or None."""
        if "authorization" in request.headers:
            return self._refuse_v3(request, now)
        given = request.parameters
        missing = [name for name in RPC_FIELDS if not given.get(name)]
        if missing:
            return Refusal(400, f"Missing{missing[0]}", f"{missing[0]} is mandatory for this action.")
        if (given["SignatureMethod"], given["SignatureVersion"]) != ("HMAC-SHA1", "1.0"):
            return Refusal(
                400, "InvalidParameter.SignatureMethod", "Only HMAC-SHA1 version 1.0 is supported."
            )
        to_sign = rpc_string_to_sign(request.method, given)
        return self._judge(
            given["AccessKeyId"], given["SignatureNonce"], _instant(given["Timestamp"]), RPC_LIFETIME, now,
            given["Signature"], lambda secret: rpc_signature(to_sign, secret), to_sign,
        )  # fmt: skip

    def _refuse_v3(self, request: Request, now: datetime) -> Refusal | None:
        parts = AUTHORIZATION.fullmatch(request.headers["authorization"])
        if not parts:
            return Refusal(
                400, "IncompleteSignature", "The request signature does not conform to the standard."
            )
        key, signed, signature = parts.groups()
        names = signed.split(";")
        must = {each for each in request.headers if each.startswith("x-acs-")} | {"host"}
        if must - set(names) or set(names) - set(request.headers):
            return Refusal(400, "IncompleteSignature", "Headers host and x-acs-* must all be signed.")
        digest = hashlib.sha256(request.body).hexdigest()
        if request.headers.get("x-acs-content-sha256") != digest:
            return Refusal(400, "InvalidContentSha256", "x-acs-content-sha256 does not match the body.")
        to_sign = v3_string_to_sign(request, names)
        headers = request.headers
        return self._judge(
            key, headers.get("x-acs-signature-nonce", ""), _instant(headers.get("x-acs-date", "")), V3_LIFETIME, now,
            signature, lambda secret: v3_signature(to_sign, secret), to_sign,
        )  # fmt: skip

    def _judge(self, key, nonce, at, lifetime, now, signature, expected, to_sign) -> Refusal | None:
        if key not in self.secrets:
            return Refusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        if at is None or abs(now - at) > lifetime:
            return Refusal(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        if not hmac.compare_digest(expected(self.secrets[key]).encode(), signature.encode()):
            text = (
                f"Specified signature is not matched with our calculation. server string to sign is:{to_sign}"
            )
            return Refusal(400, "SignatureDoesNotMatch", text)
        if not nonce or nonce in self.nonces:
            return Refusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self.nonces.add(nonce)
        return None


def encoded(text: str) -> str:
    """Percent-encode by RFC 3986: only letters, digits and - _ . ~ stay (编码)."""
    return quote(text, safe="-_.~")


def rpc_string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    """Build the string that an RPC request signs (待签名字符串)."""
    rows = sorted((name, value) for name, value in parameters.items() if name != "Signature")
    query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in rows)
    return f"{method}&%2F&{encoded(query)}"


def rpc_signature(to_sign: str, secret: str) -> str:
    """Sign with HMAC-SHA1 under the secret and an ampersand (RPC 签名)."""
    return b64encode(hmac.digest(f"{secret}&".encode(), to_sign.encode(), "sha1")).decode()


def v3_string_to_sign(request: Request, names: Sequence[str]) -> str:
    """Build the string that a V3 request signs, from its canonical form (待签名字符串)."""
    query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(request.query))
    headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in sorted(names))
    digest = request.headers.get("x-acs-content-sha256", "")
    canonical = "\n".join((request.method, request.path, query, headers, ";".join(sorted(names)), digest))
    return "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()


def v3_signature(to_sign: str, secret: str) -> str:
    """Sign with HMAC-SHA256 in hexadecimal (V3 签名)."""
    return hmac.digest(secret.encode(), to_sign.encode(), "sha256").hex()


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
