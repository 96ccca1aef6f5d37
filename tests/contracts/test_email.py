"""The mail channel against a real SMTP server on a socket."""

import socket
from dataclasses import replace

import pytest

from xinqiao.messaging.channels import CHANNELS
from xinqiao.messaging.channels.email import account
from xinqiao.messaging.rules.outcomes import Declined, Message, Retry, Sent, Unsure
from xinqiao.simulation.smtp import Mailbox, serve

TO = "guilan.li@mail.example"


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def server(mailbox, monkeypatch):
    made = serve(mailbox)
    used = account.Account(host="127.0.0.1", port=made.port, sender="sf@jiangzhou1.example", timeout=2)
    monkeypatch.setattr(account, "read_account", lambda: used)
    yield made
    made.stop()


def send(now, **more):
    plain = {
        "key": "0123456789abcdef", "organisation": "jzyy", "to": TO, "template": "followup_invite_email",
        "signature": "江州一院", "subject": "江州市第一人民医院：请回答几个问题", "body": "李女士：\n请回答。",
        "values": {}, "attempted_at": now,
    }  # fmt: skip
    return CHANNELS.get("email").send(Message(**plain | more), now=now, guard=lambda: None)


def test_a_mail_arrives_with_our_key_as_its_id(server, mailbox, now):
    assert send(now) == Sent()
    [mail] = mailbox.for_address(TO)
    assert mail.message["Message-ID"] == "<0123456789abcdef@jiangzhou1.example>"
    assert mail.message["Subject"] == "江州市第一人民医院：请回答几个问题"
    assert mail.text.replace("\r\n", "\n") == "李女士：\n请回答。"


@pytest.mark.parametrize(
    "more",
    [
        {"subject": "请回答\r\nBcc: all@evil.example"},
        {"subject": "请回答\nX: y"},
        {"to": "a@b.example\r\nRCPT TO:<c@d.example>"},
        {"to": "a@b.example, c@d.example"},
        {"to": "没有地址"},
        {"key": "x>\r\nBcc: all@evil.example"},
    ],
)
def test_nothing_is_smuggled_into_a_header(server, mailbox, now, more):
    assert isinstance(send(now, **more), Declined)
    assert mailbox.mails == []


def test_an_unknown_mailbox_is_rejected_and_a_busy_one_put_off(server, mailbox, now):
    mailbox.refused.add(TO)
    assert send(now) == Declined("smtp.550")
    mailbox.refused.clear()
    mailbox.busy = 1
    assert send(now) == Retry("smtp.451")
    assert send(now) == Sent()
    assert len(mailbox.mails) == 1


def test_a_server_that_is_away_took_nothing(server, now, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    away = replace(account.read_account(), port=port)
    monkeypatch.setattr(account, "read_account", lambda: away)
    assert send(now) == Retry("unreachable")


def test_without_encryption_nothing_is_sent_where_it_is_demanded(server, mailbox, now, monkeypatch):
    plain = account.read_account()
    strict = account.Account(host=plain.host, port=plain.port, sender=plain.sender, starttls="always")
    monkeypatch.setattr(account, "read_account", lambda: strict)
    assert send(now).code == "no_tls"
    assert mailbox.mails == []


def test_a_connection_lost_after_the_letter_leaves_it_unknown(server, mailbox, now, monkeypatch):
    from smtplib import SMTP, SMTPServerDisconnected

    def lose(self, letter):
        SMTP_data(self, letter)
        raise SMTPServerDisconnected("gone")

    SMTP_data = SMTP.data
    monkeypatch.setattr(SMTP, "data", lose)
    assert send(now) == Unsure("answer_lost")
    assert len(mailbox.mails) == 1


def test_the_guard_stands_between_the_envelope_and_the_letter(server, mailbox, now):
    def guard():
        raise TimeoutError("too late")

    letter = Message("k", "jzyy", TO, "t", "s", "主题", "正文", {}, now)
    with pytest.raises(TimeoutError):
        CHANNELS.get("email").send(letter, now=now, guard=guard)
    assert mailbox.mails == []
