"""Whatever order people do things in, a link and its response keep their promises (状态机)."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from xinqiao.kit.models import Outbox
from xinqiao.kit.rls import seen_by
from xinqiao.questionnaires.models import Invitation, Response
from xinqiao.questionnaires.operations import save_draft, submit_response, void_invitations
from xinqiao.questionnaires.operations.answering import AlreadySubmitted
from xinqiao.questionnaires.rules.tokens import TRIES, LinkClosed
from xinqiao.questionnaires.testing import WELL_D1, make_invitation, open_link

ANSWERS = st.dictionaries(st.sampled_from(list(WELL_D1)), st.none(), max_size=3).map(
    lambda chosen: {code: WELL_D1[code] for code in chosen}
)


class Link(RuleBasedStateMachine):
    """A link as a model that counts: tries, void, the pass, and what was completed."""

    home, now = None, None

    def __init__(self):
        super().__init__()
        self.at, self.wrong, self.void, self.key, self.done = self.now, 0, False, "", False
        self.invited = make_invitation(patient_id=self.home.patient, by=self.home.by, now=self.now)
        with seen_by(self.home.by, self.now):
            self.subject = Invitation.objects.get(id=self.invited.invitation_id).subject_id

    @property
    def closed(self):
        return self.void or self.at >= self.now + timedelta(days=2)

    @rule(right=st.booleans())
    def try_it(self, right):
        opened, self.by = open_link(self.invited.token, now=self.at, proof="002X" if right else "19000101")
        assert opened.opens is (right and not self.closed)
        if not right and not self.closed:
            self.wrong += 1
            self.void = self.wrong == TRIES
        if opened.opens:
            self.key = opened.pass_key
            assert opened.is_done is self.done

    @rule()
    def void_it(self):
        assert void_invitations(subject_ids=[self.subject], by=self.home.by, now=self.at) == (not self.void)
        self.void = True

    @rule(hours=st.integers(1, 30))
    def wait(self, hours):
        self.at += timedelta(hours=hours)

    @rule(answers=ANSWERS)
    def draft(self, answers):
        self.send(save_draft, answers, AlreadySubmitted if self.done else None)

    @rule(whole=st.booleans())
    def submit(self, whole):
        saved = self.send(submit_response, WELL_D1 if whole else {}, None)
        self.done = self.done or (saved is not None and saved.state == "completed")
        assert not (whole and saved and saved.state != "completed")

    def send(self, operation, answers, refusal):
        by = getattr(self, "by", self.home.by)
        refusal = LinkClosed if self.closed or not self.key else refusal
        how = {
            "invitation_id": self.invited.invitation_id,
            "pass_key": self.key,
            "by": by,
            "now": self.at,
        }
        if refusal is None:
            return operation(answers=answers, **how)
        with pytest.raises(refusal), transaction.atomic():
            operation(answers=answers, **how)
        return None

    @invariant()
    def keeps_its_promises(self):
        with seen_by(self.home.by, self.at):
            stored = Invitation.objects.get(id=self.invited.invitation_id)
            responses = list(Response.objects.filter(subject_id=self.subject))
        assert (stored.tries, stored.voided_at is not None) == (self.wrong, self.void)
        assert len(responses) <= 1
        assert any(one.state == "completed" for one in responses) is self.done
        told = Outbox.objects.filter(name="questionnaires.ResponseCompleted").filter(
            payload__subject_id=str(self.subject)
        )
        assert told.count() == self.done


def test_a_link_keeps_its_promises_in_any_order(home, now):
    run_state_machine_as_test(
        type("LinkHere", (Link,), {"home": home, "now": now}),
        settings=settings(
            max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
