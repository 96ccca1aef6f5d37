"""A mail server that keeps what it is given and passes nothing on (邮件接收端)."""

from asyncio import Server
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock

from aiosmtpd.controller import Controller


@dataclass(frozen=True, slots=True)
class Mail:
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def text(self) -> str:
        """The plain text of the mail (正文)."""
        part = self.message.get_body(("plain", "html"))
        return part.get_content().strip() if part else ""


@dataclass(slots=True)
class Mailbox:
    """All mail received, and the addresses that are refused (收件台账)."""

    mails: list[Mail] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    busy: int = 0  # so many next mails are put off with 451
    lock: Lock = field(default_factory=Lock)

    def for_address(self, address: str) -> list[Mail]:
        """List what one address received (收件箱)."""
        with self.lock:
            return [each for each in self.mails if address in each.recipients]

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        """Refuse unknown mailboxes as mail servers do."""
        if address in self.refused:
            return "550 5.1.1 mailbox unavailable"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        """Keep one mail, or put it off."""
        with self.lock:
            if self.busy > 0:
                self.busy -= 1
                return "451 4.3.0 try again later"
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.mails.append(Mail(envelope.mail_from, tuple(envelope.rcpt_tos), message))
        return "250 OK"


class _Server(Controller):
    """A controller that takes any free port when given 0; `port` then tells which."""

    def _trigger_server(self) -> None:
        if isinstance(self.server, Server):
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def serve(mailbox: Mailbox, port: int = 0, host: str = "127.0.0.1") -> Controller:
    """Start the server on loopback; `.port` tells where, `.stop()` ends it (启动)."""
    server = _Server(mailbox, hostname=host, port=port)
    server.start()
    return server
