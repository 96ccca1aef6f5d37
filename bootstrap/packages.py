"""The Python packages, exactly as pinned in requirements/ (Python 依赖)."""

import sys
from pathlib import Path

from bootstrap.steps import ROOT, fingerprint, is_stamped, run, step

LEVELS = ("runtime", "test", "check")
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
TITLES = {"runtime": "安装运行依赖", "test": "安装测试依赖", "check": "安装检查工具"}


def install(level: str) -> None:
    """Install the level's packages and xinqiao itself; never take away a higher level (安装依赖)."""
    level = max(level, installed_level(), key=LEVELS.index)
    mark = f"{level} {fingerprint([pins(level), ROOT / 'pyproject.toml'], sys.executable)}"
    if is_stamped(STAMP, mark) and fits_here():
        return
    with step(TITLES[level]):
        uv = find_uv()
        if not fits_here():
            run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
        STAMP.unlink(missing_ok=True)
        here = ("--quiet", "--python", VENV / "bin/python")
        run(uv, "pip", "sync", *here, "--require-hashes", pins(level))
        run(uv, "pip", "install", *here, "--no-deps", "--editable", ROOT)
        STAMP.write_text(mark, encoding="utf-8")


def pins(name: str) -> Path:
    """Give the file that pins a level's packages by hash (锁定文件)."""
    return ROOT / "requirements" / f"{name}.txt"


def installed_level() -> str:
    """Tell which level is there already; runtime when none is (已装的级别)."""
    found = STAMP.read_text(encoding="utf-8").split()[0] if STAMP.is_file() else ""
    return found if found in LEVELS else "runtime"


def find_uv() -> str:
    """Give the path of uv, fetching it first when the machine has none (安装器)."""
    return run("sh", ROOT / "bootstrap/uv.sh", sys.executable).splitlines()[-1]


def fits_here() -> bool:
    """Whether the environment was made by this Python for this folder: its commands hold the path (是否可用)."""
    made_by, activate = VENV / "bin/python", VENV / "bin/activate"
    if not activate.is_file() or made_by.resolve() != Path(sys.executable).resolve():
        return False
    return str(VENV) in activate.read_text(encoding="utf-8")
