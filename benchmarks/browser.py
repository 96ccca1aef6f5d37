"""A signed-in browser, without the drawing (浏览器): one kept-alive connection, one session, one request at a time."""

import http.client
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

from xinqiao.kit.errors import Refused

TOKEN = "b" * 32  # sent as cookie and as header, which is what the check against forgery compares
SLOW = 30.0


class UnexpectedAnswer(Refused):
    """网页没有给出预期的回答。"""


@dataclass
class Browser:
    """One person's browser (浏览器)."""

    port: int
    session: str

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SLOW)

    def get(self, path: str, expected: int = 200) -> str:
        """This function will open a page (打开页面)."""
        return self._ask("GET", path, None, expected)

    def post(self, path: str, expected: int = 200, **fields: str) -> str:
        """This function will send a form (提交表单)."""
        return self._ask("POST", path, urllib.parse.urlencode(fields), expected)

    def _ask(self, method: str, path: str, body: str | None, expected: int) -> str:
        head = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        if body is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body, head)
        answer = self._line.getresponse()
        text = answer.read().decode()
        if answer.status != expected:
            raise UnexpectedAnswer(f"{method} {path.split('?')[0]}：{answer.status}")
        return text


def rush(browsers: list[Browser], paths: list[str]) -> float:
    """This function will let all browsers walk through these pages at once, and give the seconds it took (并发访问)."""

    def walk(browser: Browser) -> None:
        for path in paths:
            browser.get(path)

    started = perf_counter()
    with ThreadPoolExecutor(len(browsers)) as walkers:
        list(walkers.map(walk, browsers))
    return perf_counter() - started
