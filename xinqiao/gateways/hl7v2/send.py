"""A small blocking MLLP client for tools and tests (报文发送)."""

import socket
import ssl

from .frames import Frames, wrap


class MllpClient:
    """Sends messages over one connection and waits for each answer (MLLP 客户端)."""

    def __init__(self, host: str, port: int, *, timeout: float = 30.0, tls: ssl.SSLContext | None = None):
        self._socket = socket.create_connection((host, port), timeout)
        if tls:
            self._socket = tls.wrap_socket(self._socket, server_hostname=host)
        self._frames = Frames()
        self._answers: list[bytes] = []

    def __enter__(self) -> "MllpClient":
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def send(self, message: bytes) -> bytes:
        """Send one message and return its answer without the frame; raises ConnectionError or TimeoutError."""
        self.write(wrap(message))
        return self.receive()

    def write(self, data: bytes) -> None:
        """Put bytes on the wire as they are (原样发送)."""
        self._socket.sendall(data)

    def receive(self) -> bytes:
        """Wait for the next answer (等待应答)."""
        while not self._answers:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("对方在应答之前关闭了连接，请稍后重发同一条报文。")
            self._answers = self._frames.feed(data)
        return self._answers.pop(0)

    def close(self) -> None:
        """Close the connection (关闭连接)."""
        self._socket.close()
