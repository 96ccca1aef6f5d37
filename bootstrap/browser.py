"""A real browser for the tests, and a Chinese font for it (测试用浏览器)."""

import os
import shutil
import subprocess

from bootstrap.packages import VENV
from bootstrap.steps import TOOLS, Stuck, run, say, step

FOUND = TOOLS / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FONT = "fonts-wqy-microhei"
WHERE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as browsers:
    print(browsers.chromium.executable_path)
"""


def find_or_install() -> None:
    """Leave the path of a working Chromium in .tools/chromium, installing one when there is none (浏览器)."""
    browser = find_browser() or install_by_apt() or download_by_playwright()
    if not browser:
        raise Stuck(
            "找不到 Chromium：请安装 chromium，或用 XINQIAO_CHROMIUM 指明路径。"
            "/ No Chromium: install it, or set XINQIAO_CHROMIUM."
        )
    FOUND.write_text(browser, encoding="utf-8")
    see_to_chinese_font()


def find_browser() -> str:
    """Give the first browser that starts: the named one, PATH's, the one found before (已有的浏览器)."""
    named = os.environ.get("XINQIAO_CHROMIUM", "")
    if named and not starts(named):
        raise Stuck(f"XINQIAO_CHROMIUM 指向的浏览器无法启动：{named}")
    before = FOUND.read_text(encoding="utf-8") if FOUND.is_file() else ""
    known = [named, before, *(shutil.which(name) or "" for name in NAMES)]
    return next((path for path in known if path and starts(path)), "")


def starts(path: str) -> bool:
    """Whether this browser tells its version (能否启动)."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_by_apt() -> str:
    """Install Debian's Chromium and a Chinese font, if we are root where apt is (用 apt 安装)."""
    if not can_use_apt():
        return ""
    with step("安装 Chromium 与中文字体"):
        try:
            apt_install("chromium", FONT)
        except Stuck as stuck:
            say(f"  apt 没有装成：{stuck}")
    return find_browser()


def download_by_playwright() -> str:
    """Let playwright download its own Chromium (由 playwright 下载)."""
    python = VENV / "bin/python"
    with step("下载 Chromium"):
        try:
            run(python, "-m", "playwright", "install", "chromium")
            path = run(python, "-c", WHERE).strip()
        except Stuck as stuck:
            say(f"  下载没有成功：{stuck}")
            return ""
    return path if starts(path) else ""


def see_to_chinese_font() -> None:
    """Install a Chinese font where none is: without one every screenshot shows boxes (中文字体)."""
    if not shutil.which("fc-list") or run("fc-list", ":lang=zh", "file").strip():
        return
    if can_use_apt():
        with step("安装中文字体"):
            apt_install(FONT)
    else:
        say(f"  没有中文字体，截图会显示方框：请安装 {FONT} 或 fonts-noto-cjk。")


def can_use_apt() -> bool:
    """Whether packages of the system can be installed without asking anybody (可否用 apt)."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*names: str) -> None:
    """Install packages of the system quietly, after refreshing their list (安装系统软件包)."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-q", extra=quiet)
    run("apt-get", "install", "-y", "-q", "--no-install-recommends", *names, extra=quiet)
