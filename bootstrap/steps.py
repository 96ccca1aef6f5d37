"""What every step of the preparation is made of: say, run, remember, one at a time (安装步骤)."""

import fcntl
import os
import subprocess
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
LOG = TOOLS / "bootstrap.log"

NO_NETWORK = (
    "dns error",
    "error sending request",
    "failed to establish a new connection",
    "temporary failure",
    "could not resolve",
    "could not connect",
    "enotfound",
    "eai_again",
    "econnrefused",
    "etimedout",
    "network is unreachable",
)
NO_PERMISSION = ("permission denied", "eacces", "eperm", "read-only file system")
NO_SPACE = ("no space left", "enospc", "disk quota")


class Stuck(Exception):
    """The preparation cannot go on; the message says in one line what to do."""


def say(line: str) -> None:
    """Tell the person at the terminal one line (提示)."""
    print(line, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step and how long it took (进度)."""
    say(f"▸ {title}…")
    begun = time.monotonic()
    yield
    say(f"  完成，{time.monotonic() - begun:.0f} 秒")


def run(*command: str | Path, cwd: Path = ROOT, extra: Mapping[str, str] | None = None) -> str:
    """Run a command silently; its output is returned, or kept in the log when it fails (执行命令)."""
    environment = {**os.environ, **(extra or {})}
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Stuck(f"无法运行 {command[0]}：{error.strerror}。") from error
    if done.returncode:
        LOG.write_text(done.stdout, encoding="utf-8")
        raise Stuck(advise(done.stdout))
    return done.stdout


def advise(output: str) -> str:
    """Turn a failed command's output into what to do about it (失败时该怎么办)."""
    lowered = output.lower()
    for signs, advice in (
        (NO_SPACE, "磁盘空间不足，请清理后再试。/ No space left on the disk."),
        (NO_PERMISSION, "没有写权限，请换一个用户，或把这个目录交给当前用户。/ Permission denied."),
        (NO_NETWORK, "连不上软件包索引，请检查网络或代理后再试。/ The package index cannot be reached."),
    ):
        if any(sign in lowered for sign in signs):
            return f"{advice}（{LOG.relative_to(ROOT)}）"
    return f"{find_reason(output)}（{LOG.relative_to(ROOT)}）"


def find_reason(output: str) -> str:
    """Pick the line that says most: the first sentence with "error" in it, else the last line (失败原因)."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    sentences = [line for line in lines if "error" in line.lower() and len(line.split()) > 4]
    return [*sentences[:1], *lines[-1:], "没有输出"][0]


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Sum up files and words, so that a step is done again only when they change (输入的指纹)."""
    total = zlib.crc32("\0".join([str(ROOT), *words]).encode())
    for path in sorted(paths):
        total = zlib.crc32(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes(), total)
    return f"{total:08x}"


def is_stamped(stamp: Path, mark: str) -> bool:
    """Whether the step that left this stamp was done with the same inputs (是否已完成)."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == mark


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Let a second preparation of the same clone wait for the first; the lock dies with its holder (互斥)."""
    with (TOOLS / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("▸ 另一个安装正在进行，等它完成…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
