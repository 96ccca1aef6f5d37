"""A browser window that forgives nothing (浏览器窗口): no console error, no broken policy, no 5xx, no barrier."""

import os
import re
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright

HOUSE = Path(__file__).parents[2]
AXE = HOUSE / "frontend/node_modules/axe-core/axe.min.js"
PICTURES = HOUSE / "docs/pictures"
FOUND = HOUSE / ".tools/chromium"
QUIET = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK_AXE = f"""async () => (await axe.run(document, {{runOnly: {TAGS}}})).violations.map(
    (one) => `${{one.id}}: ${{one.nodes.map((node) => node.target.join(" ") + " " + node.failureSummary).join(" | ")}}`)"""
TELL_POLICY = """addEventListener("securitypolicyviolation",
    (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"""
# A page that refuses what was typed answers 4xx, which the browser also reports; the story asserts what it says.
REFUSED = re.compile(r"the server responded with a status of 4\d\d")
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def launch(playwright: Playwright) -> Browser:
    """Start the browser that bootstrap found, or the one that is named; a missing one fails the tests."""
    path = os.environ.get("XINQIAO_CHROMIUM") or (FOUND.read_text("utf-8") if FOUND.is_file() else "")
    assert path, "找不到浏览器：请运行 make test，或用 XINQIAO_CHROMIUM 指明 Chromium 的路径。"
    assert AXE.is_file(), "没有安装前端的依赖：请运行 make setup。"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=QUIET + sandbox)


class Window:
    """One window: its page, and all that went wrong in it so far."""

    def __init__(self, browser: Browser, size: dict[str, int], site: str, **more) -> None:
        self.site = site
        self.context = browser.new_context(viewport=size, locale="zh-CN", base_url=site, **more)
        self.context.add_init_script(TELL_POLICY)
        self.context.set_default_timeout(8000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._meet)

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def check(self) -> None:
        """Assert that nothing went wrong until now, and that the page in front has no barrier (无障碍)."""
        assert self.faults == []
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(ASK_AXE)
        assert found == [], f"{self.page.url}: {found}"
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "横向溢出"

    def draw(self, name: str) -> None:
        """Keep a picture of this page for the README, when pictures are asked for (截图)."""
        if os.environ.get("XINQIAO_PICTURES") == "1":
            PICTURES.mkdir(exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}.png")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED.search(message.text):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _meet(self, response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")
