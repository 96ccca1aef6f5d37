"""The mail server that keeps everything."""

import smtplib
from email.message import EmailMessage

import pytest

from xinqiao.simulation.smtp import Mailbox, serve


@pytest.fixture
def mailbox():
    box = Mailbox()
    controller = serve(box)
    yield box, controller.port
    controller.stop()


def post(port, to="user1@mail.example", text="请完成随访"):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "no-reply@jzyy.example", to, "随访"
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(mail)


def test_a_mail_is_kept_for_its_recipient_only(mailbox):
    box, port = mailbox
    post(port)
    (mail,) = box.for_address("user1@mail.example")
    assert (mail.text, mail.message["Subject"]) == ("请完成随访", "随访")
    assert box.for_address("user2@mail.example") == []


def test_an_unknown_address_is_refused(mailbox):
    box, port = mailbox
    box.refused.add("gone@mail.example")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        post(port, "gone@mail.example")
    assert box.mails == []


def test_a_busy_server_puts_a_mail_off_once(mailbox):
    box, port = mailbox
    box.busy = 1
    with pytest.raises(smtplib.SMTPDataError):
        post(port)
    post(port)
    assert len(box.mails) == 1
