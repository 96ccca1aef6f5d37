"""Who a message is about: PID and NK1 (患者与联系人), HL7 v2.8 chapter 3.4."""

from .identifiers import is_broken_resident_id, read_identifiers
from .parse import Message, Segment
from .pieces import Reading, full_name, read_coded
from .reasons import Rejected
from .said import AddressSaid, KinSaid, NameSaid, PatientSaid, PhoneSaid

SEXES = {
    "male": "M MALE 1 男 男性",
    "female": "F FEMALE 2 女 女性",
    "other": "O A OTHER",
    "unknown": "U N UNKNOWN 0 9 未知 未说明",
}
SEX_OF = {code: word for word, codes in SEXES.items() for code in codes.split()}
PHONE_KINDS = {"CP": "mobile", "PH": "landline", "FX": "fax", "INTERNET": "email", "X.400": "email"}
CLEARABLE = {
    "name": (5,),
    "birth_on": (7,),
    "sex": (8,),
    "addresses": (11,),
    "phones": (13, 14),
    "marital": (16,),
    "ethnicity": (22,),
    "died": (29,),
    "dead": (30,),
}


def read_patient(reading: Reading, pid: Segment, kin: list[Segment]) -> PatientSaid:
    """Read one PID with its NK1 segments; raises Rejected("no_patient_id") without any identifier (患者)."""
    message = reading.message
    identifiers = read_identifiers(message, pid)
    if not identifiers:
        raise Rejected("no_patient_id")
    if any(map(is_broken_resident_id, identifiers)):
        reading.note("resident_id_invalid")
    names = _read_names(message, pid)
    birth = reading.time(pid, 7, "bad_birth_date")
    return PatientSaid(
        identifiers=identifiers,
        names=names,
        name=_best(names),
        sex=_read_sex(pid.value(8)),
        birth_on=birth.day if birth else None,
        birth_precision=_day_at_most(birth.precision) if birth else "",
        phones=(*_read_phones(message, pid, 13), *_read_phones(message, pid, 14)),
        addresses=_read_addresses(message, pid),
        marital=read_coded(pid, 16),
        ethnicity=read_coded(pid, 22),
        dead={"Y": True, "N": False}.get(pid.value(30).strip().upper()),
        died=reading.time(pid, 29),
        kin=tuple(_read_kin(message, segment) for segment in kin),
        cleared=frozenset(word for word, at in CLEARABLE.items() if any(map(pid.is_null, at))),
    )


def _read_sex(text: str) -> str:
    return SEX_OF.get(text.strip().upper(), "unknown") if text.strip() else ""


def _day_at_most(precision: str) -> str:
    return precision if precision in ("year", "month") else "day"


def _read_names(message: Message, segment: Segment, number: int = 5) -> tuple[NameSaid, ...]:
    names = []
    for text in segment.repeats(number):
        family, given, middle = (message.piece(text, component).strip() for component in (1, 2, 3))
        whole = full_name(family, given, middle)
        if whole:
            names.append(NameSaid(whole, family, given, message.piece(text, 7).strip().upper()))
    return tuple(names)


def _best(names: tuple[NameSaid, ...]) -> str:
    legal = next((name for name in names if name.use == "L"), None)
    hanzi = next((name for name in names if not name.text.isascii()), None)
    chosen = legal or hanzi or (names[0] if names else None)
    return chosen.text if chosen else ""


def _read_phones(message: Message, segment: Segment, number: int) -> tuple[PhoneSaid, ...]:
    phones = (_read_phone(message, text) for text in segment.repeats(number))
    return tuple(phone for phone in phones if phone.number)


def _read_phone(message: Message, text: str) -> PhoneSaid:
    piece = [message.piece(text, component).strip() for component in range(1, 13)]
    parts = "-".join(part for part in (piece[5], piece[6], piece[7]) if part)
    number = piece[0] or piece[11] or parts
    kind = PHONE_KINDS.get(piece[2].upper(), "other")
    if (not number and piece[3]) or kind == "email":
        return PhoneSaid(piece[3] or number, "email", piece[1])
    digits = "".join(c for c in number if c.isdecimal())[-11:]
    if kind in ("other", "landline") and len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789":
        kind = "mobile"
    return PhoneSaid(number, kind, piece[1])


def _read_addresses(message: Message, pid: Segment) -> tuple[AddressSaid, ...]:
    addresses = (_read_address(message, text) for text in pid.repeats(11))
    return tuple(address for address in addresses if address.text)


def _read_address(message: Message, text: str) -> AddressSaid:
    street, other, city, province, postcode, country, use = (
        message.piece(text, component).strip() for component in range(1, 8)
    )
    parts = [part for part in (province, city, other, street) if part]
    whole = "".join(parts) if not "".join(parts).isascii() else " ".join(reversed(parts))
    return AddressSaid(whole, street, city, province, postcode, country, use)


def _read_kin(message: Message, segment: Segment) -> KinSaid:
    phones = (*_read_phones(message, segment, 5), *_read_phones(message, segment, 6))
    return KinSaid(_best(_read_names(message, segment, 2)), read_coded(segment, 3), phones)
