"""One patient's whole way through every room (一位患者的全程): what she sends, answers and is told is marked."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace

from django.test import Client

from tests.contracts.conftest import CALLBACK, DOMAIN
from xinqiao.accounts.operations import create_phone_user, request_login_code
from xinqiao.audit.operations import log_reading
from xinqiao.care.operations import (
    ack_alert,
    contact_alert,
    propose_backfill,
    publish_pathways,
    record_call,
    resolve_alert,
)
from xinqiao.care.queries import alerts_of
from xinqiao.config.worker import load_rooms
from xinqiao.directory.testing import make_department, make_organisation, make_staff
from xinqiao.gateways.hl7v2.receiving import Line, store_group
from xinqiao.gateways.hl7v2.tasks import apply_some
from xinqiao.intake.testing import make_source
from xinqiao.kit.actor import system
from xinqiao.kit.blobs import put_blob
from xinqiao.kit.events import deliver
from xinqiao.kit.rls import seen_by
from xinqiao.kit.schedule import rounds
from xinqiao.messaging import tasks as messaging
from xinqiao.messaging.testing import open_sending
from xinqiao.patients.operations import grant_access
from xinqiao.patients.queries import find_by_identifier
from xinqiao.patients.testing import make_patient
from xinqiao.privacy.operations import erase_patient, give_consent
from xinqiao.questionnaires.operations import save_draft, submit_response
from xinqiao.questionnaires.testing import WELL_D1, open_link
from xinqiao.record.operations import receive_facts
from xinqiao.record.rules import CodeSaid
from xinqiao.record.rules.said import ImmunizationSaid, MedicationSaid
from xinqiao.record.testing import facts_of
from xinqiao.worklist.operations import tell_duty
from xinqiao.worklist.queries import items_of
from xinqiao.worklist.testing import make_duty

NAME, PINYIN, PHONE, PAPER, BIRTH = (
    "欧阳示踪",
    "ouyangshizong",
    "13812340987",
    "11010519491231002X",
    "19491231",
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HEAD = "MSH|^~\\&|HIS|YY|XINQIAO|YY|{at}||{kind}|{kind}{at}|P|2.5\rEVN||{at}\r"
PID = f"PID|1||MARK-1^^^HIS^MR~{PAPER}^^^GA^NI||{NAME}||{BIRTH}|F|||滨江大道66号||{PHONE}\r"
NK1 = f"NK1|1|{NAME}之女|DAU|||{PHONE}\r"
PV1 = "PV1|1|I|XN3^302^12||||D001^张^明远|||0304|||||||||V-MARK\r"
FACTS = "AL1|1|DA|PNC^青霉素|SV|皮疹\rDG1|1||I50.900^心力衰竭^ICD10||20261118|A\rPR1|1||00.66^PCI^ICD9||20261119\r"
REPORT = "TXA|1|DS^出院记录|TX|20261123090000||||||||O1^DOC55|||||AU\r"
OBR = "OBR|1|O77|L88|CBC^血常规^LIS|||202611210800\r"
OBX = "OBX|1|NM|718-7^血红蛋白^LN||98.0|g/L|115-150|L|||F|||202611210800\r"
TOLD = (
    ("ADT^A01", "20261118100000", PID + NK1 + PV1 + FACTS),
    ("ORU^R01", "20261121090000", PID + OBR + OBX),
    ("MDM^T02", "20261123090000", PID + PV1 + REPORT + f"OBX|1|TX|DS^出院记录||{NAME}，低盐饮食\r"),
    ("ADT^A03", "20261123100000", PID + PV1),
)


class Hospital(SimpleNamespace):
    """A hospital that may send, its people, and the provider that carries its texts."""

    def tell(self, now, *messages) -> None:
        """Let the hospital's system say something, and apply it."""
        frames = [(HEAD.format(kind=kind, at=at) + rest).encode() for kind, at, rest in messages]
        answers = store_group(frames, self.line, now=now)
        assert [each.code for each in answers] == ["AA"] * len(frames)
        while apply_some(self.organisation, now=now):
            pass

    def settle(self, now) -> None:
        """Let the worker do all that is due at this hour: events, steps, sending, sealing."""
        self.provider.clock.now = now
        while deliver(now=now) or sum(each.function(now) for each in rounds() if each.name not in TIMED):
            pass
        messaging.send_due(now, now)

    def push(self, channel_path: str, rows: list[dict]) -> None:
        """Let the provider push receipts or replies to our door."""
        said = Client().post(
            f"/callbacks/sms/{CALLBACK}/{channel_path}", json.dumps(rows), content_type="application/json"
        )
        assert said.json()["code"] == 0

    def texts(self, phone: str = PHONE) -> list[str]:
        return [each.content for each in self.provider.ledger.texts if each.phone == phone]

    def items(self, now, kind: str) -> list:
        with seen_by(self.by, now):
            return [one for one in items_of(self.patient, viewer=self.by, now=now) if kind in ("", one.kind)]


# The worker's own rounds: the story sends and delivers by itself, and leaves no sign of life behind.
TIMED = ("config.worker.deliver_events", "config.worker.show_life", "messaging.tasks.send_due")


def open_hospital(provider, now, code: str = "jzyy") -> Hospital:
    """An organisation with staff on duty, a source that is live and a pathway that is published."""
    load_rooms()
    organisation = make_organisation(now=now, code=code, domain=DOMAIN, phone="0519-88001234")
    by = system("test.proofs", organisation)
    open_sending(by=by, now=now)
    department = make_department(organisation, now=now)
    nurse_id, nurse = make_staff("nurse", organisation_id=organisation, department_id=department, now=now)
    head_id, head = make_staff("head", organisation_id=organisation, department_id=department, now=now)
    make_duty(
        user_id=nurse_id,
        role="responsible_nurse",
        department_id=department,
        phone="13900000001",
        by=by,
        now=now,
    )
    make_duty(user_id=head_id, role="duty_officer", phone="13900000002", by=by, now=now)
    publish_pathways(by=by, now=now)
    source = make_source(by=by, now=now, go_live_at=now - 30 * DAY, reuses_ids=True, line=0)
    return Hospital(
        provider=provider, organisation=organisation, by=by, department=department, nurse=nurse, head=head,
        line=Line(organisation, source), patient=None,
    )  # fmt: skip


def discharge(hospital: Hospital, now) -> None:
    """She is admitted, examined, and goes home; her own phone and papers are on file."""
    hospital.tell(now, *TOLD)
    by, organisation = hospital.by, hospital.organisation
    with seen_by(by, now):
        hospital.patient = patient = find_by_identifier(
            organisation, "resident_id", "GA", PAPER, viewer=by, now=now
        ) or find_by_identifier(organisation, "resident_id", "", PAPER, viewer=by, now=now)
        code = CodeSaid(code="X1", display="药品")
        more = {
            "medications": (MedicationSaid("M1", code),),
            "immunizations": (ImmunizationSaid("I1", code),),
        }
        receive_facts(items=[facts_of(patient, now, **more)], by=by, now=now)
        put_blob(
            organisation_id=organisation, patient_id=patient, name=f"{NAME}.pdf", media_type="application/pdf",
            content=NAME.encode(), now=now,
        )  # fmt: skip
    hospital.user = create_phone_user(organisation_id=organisation, phone=PHONE, by=by, now=now)
    grant_access(patient_id=patient, relation="self", user_id=hospital.user, by=by, now=now)
    give_consent(
        patient_id=patient, purpose="marketing", text_version="1", channel="paper", evidence=NAME, by=by, now=now
    )  # fmt: skip
    propose_backfill(since=now - 3 * DAY, until=now, by=hospital.head, now=now)
    hospital.settle(now)


def answer(hospital: Hospital, now) -> None:
    """The text comes with a link; a feverish answer is written down, corrected in a draft, and sent."""
    request_login_code(
        organisation_id=hospital.organisation, phone=PHONE, address="203.0.113.7", device="hers", by=hospital.by,
        now=now,
    )  # fmt: skip
    hospital.settle(now)
    (token,) = {found for text in hospital.texts() for found in re.findall(r"/q/(\S+)", text)}
    opened, by = open_link(token, now=now, proof=BIRTH)
    assert opened.opens, opened.message
    form = {"invitation_id": opened.invitation_id, "pass_key": opened.pass_key, "by": by, "now": now}
    save_draft(answers={"temperature": "39.1"}, **form)
    submit_response(answers=WELL_D1 | {"temperature": "39.1"}, **form)
    text = hospital.provider.ledger.texts[0]
    row = {"phone_number": PHONE, "send_time": "2026-11-24 10:00:00", "report_time": "2026-11-24 10:00:05"}
    hospital.push("receipts", [row | {"success": True, "out_id": text.out_id, "biz_id": text.biz_id}])
    hospital.push("replies", [row | {"content": NAME, "sign_name": "江州一院", "sequence_id": 1}])
    hospital.settle(now)


def close(hospital: Hospital, now) -> None:
    """The nurse is told, calls, and closes the alert; a later step is called about until it is answered."""
    (item,) = hospital.items(now, "alert")
    tell_duty(item_id=item.id, by=hospital.by, now=now)
    with seen_by(hospital.nurse, now):
        (alert,) = alerts_of(hospital.patient, viewer=hospital.nurse, now=now)
    for step in (ack_alert, contact_alert):
        step(alert_id=alert.id, by=hospital.nurse, now=now)
    resolve_alert(alert_id=alert.id, disposition="clinic_today", by=hospital.nurse, now=now)
    hospital.settle(now)
    later = now + 5 * DAY
    for hour in range(0, 48, 3):
        hospital.settle(later + hour * HOUR)
        if calls := hospital.items(later, "follow_up_call"):
            break
    at = later + hour * HOUR
    record_call(item_id=calls[0].id, outcome="no_answer", note=NAME, by=hospital.nurse, now=at)
    hospital.settle(at)


def share_a_list(hospital: Hospital, now) -> None:
    """She stands on a page beside another patient, who then has his own data erased."""
    other = make_patient(by=hospital.by, now=now, name="陌路人", phone="13700000001")
    hospital.settle(now)
    log_reading(hospital.nurse, [hospital.patient, other], "today", now=now)
    erase_patient(patient_id=other, reason="本人申请", by=hospital.by, now=now)
    hospital.settle(now)


def whole_story(provider, now) -> Hospital:
    """From the first message to the closed alert."""
    hospital = open_hospital(provider, now)
    discharge(hospital, now)
    answer(hospital, now + HOUR)
    close(hospital, now + 2 * HOUR)
    share_a_list(hospital, now + 7 * DAY)
    return hospital
