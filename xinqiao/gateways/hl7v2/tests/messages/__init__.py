"""Messages of our own, each with what it must become; every oddity that hospitals send (自编报文)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Case:
    """One message and what is expected of it; `says` is compared with what `summary` finds."""

    name: str
    raw: bytes = field(repr=False)
    outcome: str = "read"
    reason: str = ""
    says: dict = field(default_factory=dict)


RESIDENT = "110101195203070026"
LI = f"PID|1||00012345^^^HIS^MR~{RESIDENT}^^^GA^NI||李^桂兰^^^^^L||19520307|F"
PV1 = "PV1|1|I|XN3^302^12^东院^^^^^心内科三病区||||D001^张^明远|||CARD|||||||||Z001^^^HIS^VN"


def header(kind: str, control_id: str = "M1", charset: str = "UNICODE UTF-8") -> str:
    """Write an MSH segment (报文头)."""
    return f"MSH|^~\\&|HIS|YY|XINQIAO|YY|20261121093000||{kind}|{control_id}|P|2.5|||AL|NE|CHN|{charset}"


def message(
    kind: str, *segments: str, charset: str = "UNICODE UTF-8", codec: str = "utf-8", end: str = "\r"
) -> bytes:
    """Write a whole message in the bytes of a codec (整条报文)."""
    return "".join(line + end for line in (header(kind, charset=charset), *segments)).encode(codec)
