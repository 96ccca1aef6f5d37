"""Where this installation lives and what it is (安装): data folder, secrets, database, sending lock.

The data folder is `XINQIAO_HOME`; else, as root, `/var/lib/xinqiao/<hash of the clone>`, because a server that
runs as nobody cannot enter root's home; else `.xinqiao` in the clone.
"""

import hashlib
import os
import secrets
from pathlib import Path

from xinqiao.kit.postgres import Server

CLONE = Path(__file__).resolve().parents[2]


def prepare_home() -> Path:
    """This function will find or make the data folder with its secrets, and tell the kit of it (准备数据目录)."""
    home = Path(os.environ.get("XINQIAO_HOME") or _default_home())
    os.environ["XINQIAO_HOME"] = str(home)
    keys = home / "secrets"
    if not (keys / "root.key").exists():
        home.mkdir(parents=True, exist_ok=True)
        keys.mkdir(mode=0o700, exist_ok=True)
        _write_once(keys / "root.key", secrets.token_hex(32))
    return home


def server() -> Server:
    """This function will name this installation's embedded database server (内置数据库)."""
    return Server(prepare_home() / "postgres")


def _default_home() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/xinqiao") / hashlib.sha256(str(CLONE).encode()).hexdigest()[:12]
    return CLONE / ".xinqiao"


def _write_once(path: Path, text: str) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)  # two first starts at once: the first one's secret stays
    except FileExistsError:
        pass
    draft.unlink()
