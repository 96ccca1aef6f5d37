"""HL7 v2.4 messages as Chinese hospital systems write them (消息编写)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .dice import CHINA
from .laboratory import Result, reference
from .names import pinyin
from .person import Person
from .places import Department, organisation

CHARSETS = {"UNICODE UTF-8": "utf-8", "GB 18030-2000": "gb18030"}
ESCAPES = str.maketrans(
    {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\", "\r": " ", "\n": "\\.br\\"}
)
STRUCTURES = {"A01": "ADT_A01", "A04": "ADT_A01", "A08": "ADT_A01", "A13": "ADT_A01", "A02": "ADT_A02", "A03": "ADT_A03",
              "A05": "ADT_A05", "A28": "ADT_A05", "A31": "ADT_A05", "A11": "ADT_A09"}  # fmt: skip
CLASSES = {"inpatient": "I", "outpatient": "O", "emergency": "E", "preadmit": "P"}
SEXES = {"male": "M", "female": "F"}
IDENTIFIER_TYPES = {"national_id": "NI", "national_id_15": "NI", "passport": "PPN", "home_permit": "GATXZ",
                    "taiwan_permit": "TWTXZ", "residence_permit": "GATJZZ", "birth_certificate": "BCT"}  # fmt: skip
KIN = {"child": ("CHD", "子女"), "parent": ("PAR", "父母"), "spouse": ("SPO", "配偶")}


@dataclass(frozen=True, slots=True)
class Sender:
    """One sending system: `plain` writes names and identity numbers the older way (发送系统)."""

    application: str
    facility: str
    charset: str = "UNICODE UTF-8"
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    number: str
    kind: str  # inpatient outpatient emergency preadmit
    where: Department
    ward: str
    bed: str
    attending: str
    admitted_at: datetime
    discharged_at: datetime | None = None
    prior: str = ""  # "ward^^bed" before a transfer
    diagnoses: tuple[tuple[str, str, str], ...] = ()  # (ICD-10, name, A | W | F)
    allergies: tuple[tuple[str, str], ...] = ()


def adt(
    sender: Sender, trigger: str, control_id: str, at: datetime, person: Person, visit: Visit | None = None
) -> bytes:
    """Write ADT^A01 to A31 (患者管理消息); `at` is the event's and the message's time."""
    rows = [_msh(sender, f"ADT^{trigger}^{STRUCTURES[trigger]}", control_id, at)]
    rows += [f"EVN|{trigger}|{stamp(at)}", pid(sender, person), *nk1(person)]
    rows.append("PV1|1|N" if visit is None else pv1(sender, visit))
    if visit:
        rows += [_al1(number, *each) for number, each in enumerate(visit.allergies, 1)]
        rows += [_dg1(number, at, *each) for number, each in enumerate(visit.diagnoses, 1)]
    return written(sender, rows)


def oru(
    sender: Sender,
    control_id: str,
    at: datetime,
    person: Person,
    visit: Visit,
    panel: str,
    got: Sequence[Result],
) -> bytes:
    """Write ORU^R01 (检验结果消息): the laboratory's own codes first, LOINC beside them."""
    rows = [_msh(sender, "ORU^R01^ORU_R01", control_id, at), pid(sender, person), pv1(sender, visit)]
    order = f"{control_id}|L{control_id}|{escaped(panel)}^{escaped(panel)}^99LIS"
    rows.append(f"OBR|1|{order}|||{stamp(at)}" + "|" * 18 + "F")
    rows += [_obx(number, at, each) for number, each in enumerate(got, 1)]
    return written(sender, rows)


def mdm(
    sender: Sender, control_id: str, at: datetime, person: Person, visit: Visit, title: str, text: str
) -> bytes:
    """Write MDM^T02 (病历文书消息), such as a discharge summary."""
    rows = [
        _msh(sender, "MDM^T02^MDM_T02", control_id, at), f"EVN|T02|{stamp(at)}", pid(sender, person), pv1(sender, visit),
        f"TXA|1|{escaped(title)}|TX|{stamp(at)}|^{escaped(visit.attending)}|||||||D{control_id}|||||AU",
        f"OBX|1|TX|18842-5^{escaped(title)}^LN||{escaped(text)}||||||F",
    ]  # fmt: skip
    return written(sender, rows)


def pid(sender: Sender, person: Person) -> str:
    """Write the PID segment (患者标识段)."""
    fields = [""] * 31
    fields[1], fields[3], fields[5] = "1", _identifiers(sender, person), _name(sender, person)
    fields[7], fields[8] = f"{person.birth_on:%Y%m%d}", SEXES[person.sex]
    fields[11] = f"{escaped(person.address)}^^江州市^^^CHN^H"
    numbers = [f"{each.number}^PRN^{'PH' if each.kind == 'landline' else 'CP'}" for each in person.phones]
    fields[13] = "~".join(numbers + ([f"^NET^Internet^{person.email}"] if person.email else []))
    fields[22] = escaped(person.people)
    fields[26] = "CHN"
    return ("PID|" + "|".join(fields[1:])).rstrip("|")


def nk1(person: Person) -> Iterable[str]:
    """Write one NK1 segment for each phone that is a relative's (联系人段)."""
    kin = [each for each in person.phones if each.owner in KIN]
    for number, each in enumerate(kin, 1):
        code, word = KIN[each.owner]
        yield f"NK1|{number}|家属|{code}^{word}||{each.number}"


def pv1(sender: Sender, visit: Visit) -> str:
    """Write the PV1 segment (就诊段): visit number in 19, times in 44 and 45."""
    fields = [""] * 46
    fields[1], fields[2] = "1", CLASSES[visit.kind]
    name = escaped(visit.where.name)
    fields[3] = f"{escaped(visit.ward) or name}^^{visit.bed}^{sender.facility}^^^^^{name}"
    fields[6] = visit.prior
    fields[7] = f"{visit.attending and doctor_code(visit.attending)}^{escaped(visit.attending)}"
    fields[10] = visit.where.key
    fields[19] = visit.number
    fields[36] = "1" if visit.discharged_at else ""
    fields[44] = stamp(visit.admitted_at)
    fields[45] = stamp(visit.discharged_at) if visit.discharged_at else ""
    return ("PV1|" + "|".join(fields[1:])).rstrip("|")


def doctor_code(name: str) -> str:
    """Give a doctor's number in the hospital system (工号)."""
    return "D" + "".join(word[:4] for word in pinyin(name).split())


def stamp(at: datetime) -> str:
    """Write an instant in the hospital's own time, without offset, as these systems do (时间戳)."""
    return f"{at.astimezone(CHINA):%Y%m%d%H%M%S}"


def escaped(text: str) -> str:
    """Escape the separators inside text (HL7 v2.4 §2.10)."""
    return text.translate(ESCAPES)


def written(sender: Sender, rows: Iterable[str]) -> bytes:
    """Join segments and encode them as MSH-18 says (编码)."""
    return ("\r".join(rows) + "\r").encode(CHARSETS[sender.charset])


def _msh(sender: Sender, kind: str, control_id: str, at: datetime) -> str:
    return (
        f"MSH|^~\\&|{sender.application}|{sender.facility}|ESB|XINQIAO|{stamp(at)}||{kind}|{control_id}|P|2.4"
        f"|||AL|NE|CHN|{sender.charset}"
    )


def _identifiers(sender: Sender, person: Person) -> str:
    rows = [f"{person.mrn}^^^{sender.facility}^MR"]
    for each in person.identifiers:
        kind = IDENTIFIER_TYPES[each.kind]
        if sender.plain and kind == "NI":
            rows.append(f"{each.value}^^^^IDCard")
        else:
            rows.append(f"{each.value}^^^CHN^{kind}")
    return "~".join(rows)


def _name(sender: Sender, person: Person) -> str:
    if sender.plain:
        return f"{escaped(person.name)}^{pinyin(person.name).replace(' ', '')}"
    family, _, given = pinyin(person.name).partition(" ")
    return f"{escaped(person.name)}^^^^^^L^I~{family}^{given}^^^^^L^A"


def _al1(number: int, substance: str, reaction: str) -> str:
    return f"AL1|{number}|DA|^{escaped(substance)}|MO|{escaped(reaction)}"


def _dg1(number: int, at: datetime, code: str, name: str, kind: str) -> str:
    return f"DG1|{number}||{code}^{escaped(name)}^ICD-10|{escaped(name)}|{stamp(at)}|{kind}|||||||||{number}"


def _obx(number: int, at: datetime, got: Result) -> str:
    each = got.measure
    code = f"{each.local}^{each.name}^99LIS^{each.loinc}^{each.name}^LN"
    unit, span = escaped(each.unit), escaped(reference(each))
    return f"OBX|{number}|NM|{code}||{got.value}|{unit}|{span}|{got.flag}|||F|||{stamp(at)}"


def senders(organisation_key: str) -> tuple[Sender, Sender]:
    """Give the hospital system and the laboratory system of an organisation (HIS 与 LIS).

    The private hospital still speaks GB 18030 and writes the plain style.
    """
    facility = organisation(organisation_key).key.upper()
    old = organisation_key == "anhe"
    charset = "GB 18030-2000" if old else "UNICODE UTF-8"
    return Sender("HIS", facility, charset, old), Sender("LIS", facility, charset, old)
