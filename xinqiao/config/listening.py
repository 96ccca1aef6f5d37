"""The listener's process (监听进程): which source sends on which port, and the loop that serves them."""

import argparse
import asyncio
import signal
import ssl
import uuid

from asgiref.sync import sync_to_async

from xinqiao.directory.queries import organisations
from xinqiao.gateways.hl7v2.mllp import MllpListener
from xinqiao.gateways.hl7v2.receiving import Line, Receiver
from xinqiao.intake.queries import listening_sources
from xinqiao.kit.actor import system
from xinqiao.kit.clock import now
from xinqiao.kit.rls import seen_by


async def listen(arguments: argparse.Namespace) -> None:
    """This function will serve every HL7 source on a port of its own until SIGTERM (监听)."""
    sources = await sync_to_async(_sources)()
    lines = {
        arguments.port + source.line: Line(source.organisation_id, source.id, source.zone)
        for source in sources
    }
    listener_of = {}
    receiver = Receiver(lines)
    for port in lines:
        listener_of[port] = MllpListener(
            receiver,
            clock=now,
            new_id=lambda: uuid.uuid4().hex[:20],
            peers=tuple(arguments.peer),
            tls=_tls(arguments),
        )
        await listener_of[port].start(arguments.host, port)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    await asyncio.gather(*(listener.stop() for listener in listener_of.values()))


def _sources() -> list:
    """Row security shows one organisation's sources at a time."""
    by, found = system("config.listener"), []
    for organisation in organisations(by):
        viewer = by.in_organisation(organisation.id)
        with seen_by(viewer, now()):
            found += listening_sources(viewer=viewer)
    return sorted(found, key=lambda source: source.line)


def _tls(arguments: argparse.Namespace) -> ssl.SSLContext | None:
    """Mutual TLS: the sender shows a certificate of the hospital's own authority."""
    if not arguments.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=arguments.authority)
    context.load_cert_chain(arguments.certificate, arguments.key)
    context.verify_mode = ssl.CERT_REQUIRED
    return context
