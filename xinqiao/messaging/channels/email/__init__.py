"""E-mail over SMTP (邮件), RFC 5321. No server can be asked later, so a lost answer stays unknown."""

import re
import smtplib
import ssl
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from xinqiao.messaging.channels import CHANNELS, Channel, Guard
from xinqiao.messaging.channels.email import account
from xinqiao.messaging.channels.email.account import Account
from xinqiao.messaging.rules.outcomes import Declined, Message, Retry, Sent, Unsure

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
MISSET = timedelta(minutes=5)


class Email(Channel):
    """Mail with our key as its Message-ID (邮件)."""

    code, title, contact_kind, has_query = "email", "邮件", "email", False

    def send(self, message: Message, *, now: datetime, guard: Guard) -> Sent | Declined | Retry | Unsure:
        """This function will hand one mail to the server (发送邮件).

        Nothing has left before DATA; what is lost after it may have left.
        """
        used = account.read_account()
        if used is None:
            return Retry("not_configured", MISSET)
        if not ADDRESS.fullmatch(message.to):
            return Declined("bad_address")
        try:
            letter = written(message, used, now)
        except (ValueError, HeaderParseError):
            return Declined("bad_header")
        try:
            server = smtplib.SMTP(used.host, used.port, timeout=used.timeout)
        except (OSError, smtplib.SMTPException):
            return Retry("unreachable")
        try:
            return _greet(server, used) or _deliver(server, used, message.to, letter, guard)
        finally:
            server.close()


def written(message: Message, used: Account, now: datetime) -> bytes:
    """This function will write the mail; a line break in a header raises ValueError (成文)."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = used.sender
    letter["To"] = message.to
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{message.key}@{used.sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.body)
    return letter.as_bytes()


def _greet(server: smtplib.SMTP, used: Account) -> Retry | None:
    try:
        server.ehlo_or_helo_if_needed()
        offered = server.has_extn("starttls")
        if used.starttls == "always" and not offered:
            return Retry("no_tls", MISSET)
        if offered and used.starttls != "never":
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if used.user:
            server.login(used.user, used.password)
    except (OSError, smtplib.SMTPException):
        return Retry("unreachable")
    return None


def _deliver(
    server: smtplib.SMTP, used: Account, to: str, letter: bytes, guard: Guard
) -> Sent | Declined | Retry | Unsure:
    try:
        for code, _ in (server.mail(used.sender), server.rcpt(to)):
            if code >= 400:
                return _refused(code)
    except (OSError, smtplib.SMTPException):
        return Retry("unreachable")
    guard()
    try:
        code, _ = server.data(letter)
    except smtplib.SMTPDataError as refusal:
        return _refused(refusal.smtp_code)
    except (OSError, smtplib.SMTPException):
        return Unsure("answer_lost")
    return Sent() if code == 250 else _refused(code)


def _refused(code: int) -> Declined | Retry:
    return Declined(f"smtp.{code}") if code >= 500 else Retry(f"smtp.{code}")


CHANNELS.add(Email.code)(Email())
