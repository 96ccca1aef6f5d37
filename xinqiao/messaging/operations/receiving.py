"""What providers report and what people type back (回执与上行)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.audit.operations import concerning, operation
from xinqiao.directory.queries import organisations
from xinqiao.kit.actor import Actor
from xinqiao.kit.events import publish
from xinqiao.kit.ids import new_id
from xinqiao.messaging.events import ReplyReceived
from xinqiao.messaging.models import Inbound, Intent, Receipt
from xinqiao.messaging.operations import settling
from xinqiao.messaging.queries import owners
from xinqiao.messaging.rules import intents
from xinqiao.messaging.rules.intents import move
from xinqiao.messaging.rules.outcomes import ReceiptSaid, ReplySaid
from xinqiao.messaging.rules.replies import is_opt_out, read_digits
from xinqiao.messaging.rules.sealing import address_blind, seal_part
from xinqiao.patients.rules.phones import BadPhone, read_phone
from xinqiao.privacy.operations import withdraw_consent

# Engineering defaults (◇): how long digits answer a message, and how far back "no more messages" reaches.
ANSWERS_WITHIN, OPT_OUT_REACHES = timedelta(days=7), timedelta(days=90)
LEFT = ("attempting", "unknown", "sent", "delivered", "failed")


@operation
def receive_receipts(*, receipts: Iterable[ReceiptSaid], by: Actor, now: datetime) -> int:
    """This function will take in what a provider reports, in any order and however often, and count our own (收回执).

    Reports of messages that are not ours are left aside: several systems may share an account.
    """
    said = [(key, each) for each in receipts if (key := _key(each.key))]
    owned = owners({key for key, _ in said}, viewer=by)
    for organisation_id in sorted(set(owned.values())):
        mine = [(key, each) for key, each in said if owned.get(key) == organisation_id]
        take_receipts(receipts=mine, by=by.in_organisation(organisation_id), now=now)
    concerning(receipts=len(said), ours=len(owned))
    return sum(key in owned for key, _ in said)


@operation
def take_receipts(*, receipts: list[tuple[UUID, ReceiptSaid]], by: Actor, now: datetime) -> None:
    """This function will store one organisation's receipts and fold each message's into its state (合并回执)."""
    rows = Intent.objects.select_for_update().filter(id__in={key for key, _ in receipts}).order_by("id")
    sent = {row.id: row for row in rows}
    Receipt.objects.bulk_create(
        [
            Receipt(
                id=new_id(now), organisation_id=sent[key].organisation_id, patient_id=sent[key].patient_id,
                intent_id=key, state=said.state, code=said.code, at=said.at, received_at=now,
            )
            for key, said in receipts
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    for key, said in receipts:
        if said.provider_id:
            sent[key].provider_id = said.provider_id
    for row in sent.values():
        concerning(*([row.patient_id] if row.patient_id else []))
        _fold(row, by, now)


@operation
def receive_inbound(*, channel: str, replies: Iterable[ReplySaid], by: Actor, now: datetime) -> int:
    """This function will take in what people typed back, each once, and count the new ones (收上行).

    The signature above the text they answered says whose reply it is.
    """
    replies = list(replies)
    taken = 0
    for organisation in organisations(by):
        mine = [each for each in replies if each.signature in ("", organisation.sms_signature)]
        if mine:
            taken += take_replies(
                channel=channel, replies=mine, by=by.in_organisation(organisation.id), now=now
            )
    concerning(replies=len(replies), taken=taken)
    return taken


@operation
def take_replies(*, channel: str, replies: list[ReplySaid], by: Actor, now: datetime) -> int:
    """This function will bind one organisation's replies to the messages they answer (绑定回复)."""
    known = Inbound.objects.filter(
        organisation_id=by.organisation_id,
        channel=channel,
        reference__in=[each.reference for each in replies],
    )
    seen = set(known.values_list("reference", flat=True))
    fresh = {each.reference: each for each in replies if each.reference not in seen}
    for said in sorted(fresh.values(), key=lambda each: each.at):
        _take_reply(said, channel, by, now)
    return len(fresh)


def _take_reply(said: ReplySaid, channel: str, by: Actor, now: datetime) -> None:
    sender = address_blind(by.organisation_id, _number(said.phone))
    to_him = Intent.objects.filter(
        organisation_id=by.organisation_id, channel=channel, to_blind=sender, state__in=LEFT
    )
    wants_out = is_opt_out(said.text)
    answered = _answered(to_him, said, wants_out)
    patient_id, row_id = answered.patient_id if answered else None, new_id(now)
    expected = answered is not None and answered.expects == "digits"
    digits = read_digits(said.text) if expected and not wants_out else ""
    Inbound.objects.create(
        id=row_id, organisation_id=by.organisation_id, patient_id=patient_id, intent=answered, channel=channel,
        reference=said.reference, from_blind=sender, text_sealed=seal_part(patient_id, row_id, "text", said.text),
        digits=digits, is_opt_out=wants_out, sent_at=said.at, received_at=now,
    )  # fmt: skip
    concerning(*([patient_id] if patient_id else []))
    if wants_out:
        _opt_out(to_him, answered, channel, by, now)
        return
    told = ReplyReceived(
        organisation_id=by.organisation_id, occurred_at=now, inbound_id=row_id, patient_id=patient_id,
        subject_id=answered.subject_id if answered else None, digits=digits,
    )  # fmt: skip
    publish(told, now=now)


def _answered(to_him: QuerySet[Intent], said: ReplySaid, wants_out: bool) -> Intent | None:
    """The last message to this number that digits answer, else the last of all, whose reply a person reads.

    Whoever wants out answers any last one, however old.
    """
    earlier = to_him.filter(attempted_at__lte=said.at + timedelta(minutes=1), patient_id__isnull=False)
    earlier = earlier.order_by("-attempted_at")
    if wants_out:
        return earlier.first()
    recent = earlier.filter(attempted_at__gt=said.at - ANSWERS_WITHIN)
    return recent.filter(expects="digits").first() or recent.first()


def _opt_out(
    to_him: QuerySet[Intent], answered: Intent | None, channel: str, by: Actor, now: datetime
) -> None:
    """Everybody reached over this number is left alone: of advertising, or, answering a notice, of both."""
    if answered is None:
        return
    purposes = ["marketing"] if answered.purpose == "marketing" else ["care", "marketing"]
    recent = to_him.filter(attempted_at__gt=now - OPT_OUT_REACHES).filter(patient_id__isnull=False)
    reached = {answered.patient_id, *recent.values_list("patient_id", flat=True)}
    for patient_id in sorted(each for each in reached if each):
        for purpose in purposes:
            withdraw_consent(patient_id=patient_id, purpose=purpose, channel=channel, by=by, now=now)


def _fold(row: Intent, by: Actor, now: datetime) -> None:
    said = Receipt.objects.filter(intent_id=row.id)
    folded = intents.merge_receipts(intents.Receipt(each.state, each.at) for each in said)
    if folded is None:
        return
    event = {"delivered": "report_delivered", "read": "report_delivered", "failed": "report_failed"}.get(
        folded.state
    )
    if event in intents.TRANSITIONS[row.state]:
        row.sent_at = row.sent_at or row.attempted_at
        if event == "report_failed":
            settling._fail(row, _code(said), event, by, now)
        else:
            row.state, row.failure, row.lease_ends_at = move(row.state, event), "", None
    row.reported_at = folded.at
    row.save()


def _code(said: QuerySet[Receipt]) -> str:
    return said.filter(state="failed").order_by("at").values_list("code", flat=True).first() or ""


def _key(word: str) -> UUID | None:
    try:
        return UUID(hex=word)
    except ValueError:
        return None


def _number(text: str) -> str:
    """A reply's number in its one written form; what is not one is kept as it came."""
    try:
        return read_phone(text).number
    except BadPhone:
        return text
