"""Frames of the minimal lower layer protocol (MLLP 帧): VT, message, FS, CR."""

START = b"\x0b"
END = b"\x1c"
MAX_FRAME = 16 * 1024 * 1024


class FrameTooLarge(Exception):
    "一帧超过 16 MB 上限，连接已关闭。请把大附件改用文件或影像接口传送。"


def wrap(message: bytes) -> bytes:
    """Put a message into its frame (封帧)."""
    return START + message + END + b"\r"


class Frames:
    """Finds frames in a stream, however it is cut, and counts the bytes between them (拆帧).

    FS alone ends a frame, since some senders forget the CR; it occurs in no character of UTF-8 or GB18030.
    """

    def __init__(self, limit: int = MAX_FRAME):
        self.limit = limit
        self.garbage = 0
        self._buffer = bytearray()
        self._inside = False
        self._scanned = 0

    @property
    def is_open(self) -> bool:
        """Tell whether a frame has begun and not ended."""
        return self._inside

    def feed(self, data: bytes) -> list[bytes]:
        """Take what arrived and return the frames that it completes; raises FrameTooLarge."""
        self._buffer += data
        found: list[bytes] = []
        while self._begin():
            frame = self._finish()
            if frame is None:
                break
            found.append(frame)
        return found

    def _begin(self) -> bool:
        if self._inside:
            return True
        start = self._buffer.find(START)
        between = self._buffer if start < 0 else self._buffer[:start]
        self.garbage += len(between.strip(b"\r\n"))
        del self._buffer[: len(between) + 1]
        self._inside, self._scanned = start >= 0, 0
        return self._inside

    def _finish(self) -> bytes | None:
        end = self._buffer.find(END, self._scanned)
        self._scanned = len(self._buffer)
        if (self._scanned if end < 0 else end) > self.limit:
            raise FrameTooLarge
        if end < 0:
            return None
        whole = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._inside = False
        # A sender that broke off and began anew without FS: only the last beginning was finished.
        return whole[whole.rfind(START + b"MSH") + 1 :]
