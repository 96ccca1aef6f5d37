"""The front end: its packages by npm, its assets by its own build script (前端构建)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap.packages import find_uv, pins
from bootstrap.steps import ROOT, TOOLS, fingerprint, is_stamped, run, step

FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
BUILT = FRONTEND / "dist"
NOT_SOURCE = {MODULES.name, BUILT.name}
NEW_ENOUGH = (
    "const [a, b] = process.versions.node.split('.').map(Number);"
    "process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)"
)


def build() -> None:
    """Install the front end's packages and build its assets, each only when its inputs changed (构建前端)."""
    locked = fingerprint([FRONTEND / "package-lock.json"])
    sources = fingerprint(find_sources())
    if is_stamped(MODULES / ".stamp", locked) and is_stamped(TOOLS / "built", sources) and BUILT.is_dir():
        return
    path = {"PATH": os.pathsep.join([str(find_node()), os.environ.get("PATH", "")])}
    if not is_stamped(MODULES / ".stamp", locked):
        with step("安装前端依赖"):
            run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=FRONTEND, extra=path)
            (MODULES / ".stamp").write_text(locked, encoding="utf-8")
    with step("构建前端"):
        run("npm", "run", "build", cwd=FRONTEND, extra=path)
        (TOOLS / "built").write_text(sources, encoding="utf-8")


def find_sources() -> list[Path]:
    """List what the build reads: everything in frontend/ but packages and results (构建的输入)."""
    tops = [path for path in FRONTEND.iterdir() if path.name not in NOT_SOURCE]
    inside = [path for top in tops for path in top.rglob("*")]
    return [path for path in [*tops, *inside] if path.is_file()]


def find_node() -> Path:
    """Give the folder of a new enough Node, from PATH or from the package index (找到 Node)."""
    installed = shutil.which("node")
    if installed and shutil.which("npm") and is_new_enough(installed):
        return Path(installed).parent
    own = TOOLS / "node"
    if not is_new_enough(own / "bin/node"):
        with step("下载 Node"):
            uv, python = find_uv(), own / "bin/python"
            run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, own)
            run(uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", pins("node"))
    return own / "bin"


def is_new_enough(node: str | Path) -> bool:
    """Whether this Node runs and can run the build: ^20.19 or ≥ 22.12 (版本是否够新)."""
    try:
        return subprocess.run([str(node), "-e", NEW_ENOUGH], capture_output=True).returncode == 0
    except OSError:
        return False
