"""Playing a stream to a listener over real sockets."""

import re
import socketserver
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Thread

import pytest

from xinqiao.simulation.mllp import END, START, Faults, acknowledgement, play
from xinqiao.simulation.stream import Message

AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
MESSAGES = [
    Message(
        AT + timedelta(seconds=n),
        f"C{n}",
        "ADT^A08",
        f"MSH|^~\\&|HIS||||||ADT^A08|C{n}|P|2.4\rPID|{n}\r".encode(),
    )
    for n in range(60)
]


class Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, code: bytes = b"AA"):
        super().__init__(("127.0.0.1", 0), Ear)
        self.code, self.heard = code, []


class Ear(socketserver.BaseRequestHandler):
    def handle(self):
        rest = b""
        while got := self.request.recv(4096):
            rest += got
            while END in rest:
                frame, rest = rest.split(END, 1)
                self.server.heard.append(frame.removeprefix(START))
                control_id = re.search(rb"\|(C\d+)\|", frame)[1]
                self.request.sendall(
                    START + b"MSH|^~\\&\rMSA|" + self.server.code + b"|" + control_id + b"\r" + END
                )


@pytest.fixture
def listener():
    with Listener() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


def sent_to(listener, faults=Faults(), **more):
    host, port = listener.server_address
    return play(MESSAGES, host, port, random=Random(4), faults=faults, timeout=5, **more)


def test_every_message_arrives_once_and_in_order(listener):
    played = sent_to(listener)
    assert (played.sent, played.accepted, played.resent) == (60, 60, 0)
    assert listener.heard == [each.body for each in MESSAGES]


def test_a_lost_acknowledgement_makes_the_same_bytes_come_again(listener):
    played = sent_to(listener, Faults(lost_ack=0.3))
    assert played.accepted == 60 and played.resent > 5
    assert set(listener.heard) == {each.body for each in MESSAGES}
    assert len(listener.heard) == 60 + played.resent


def test_a_cut_line_delivers_the_whole_message_in_the_end(listener):
    played = sent_to(listener, Faults(cut=0.3))
    assert played.accepted == 60 and played.resent > 5
    assert listener.heard == [each.body for each in MESSAGES]


def test_duplicates_and_swaps_happen_where_asked(listener):
    played = sent_to(listener, Faults(duplicate=0.2, swap=0.2))
    assert played.duplicated > 3 and played.swapped > 3
    assert len(listener.heard) == 60 + played.duplicated
    order = [each.body for each in MESSAGES]
    first_heard = list(dict.fromkeys(listener.heard))
    assert first_heard != order and sorted(first_heard) == sorted(order)


def test_a_refusal_is_counted_and_not_sent_again(listener):
    listener.code = b"AE"
    played = sent_to(listener)
    assert (played.refused, played.accepted, played.resent) == (60, 0, 0)


def test_the_clock_is_asked_before_each_message(listener):
    asked = []
    sent_to(listener, wait_until=asked.append)
    assert asked == [each.at for each in MESSAGES]


def test_a_closed_port_leaves_messages_unanswered(listener):
    host, port = listener.server_address
    listener.shutdown()
    listener.server_close()
    played = play(MESSAGES[:2], host, port, random=Random(1), attempts=2)
    assert (played.unanswered, played.resent) == (2, 2)


def test_an_answer_without_a_code_counts_as_none():
    assert acknowledgement(b"MSH|^~\\&\rMSA|AE|C1\r") == b"AE"
    assert acknowledgement(b"hello") == b""
