"""The patients' phones on a screen (患者手机): what arrives, links to tap, a line to reply; and the stories' button.

A page of the simulated world, not of the product: plain HTML from the simulator's own process, on loopback.
"""

import html
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from xinqiao.config.demo import town
from xinqiao.config.demo.happening import Stage
from xinqiao.kit import clock
from xinqiao.simulation.phones import Handset
from xinqiao.simulation.sms_provider import SmsProvider

LINK = re.compile(r"https?://([\w.-]+)(?::(\d+))?(/[\w/.-]*)")
STYLE = """
body{margin:0;font:17px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;background:#eef1f2;color:#1b2a2e}
header{position:sticky;top:0;background:#fff;padding:12px 16px;border-bottom:1px solid #dde3e5;font-weight:700}
header a{float:right;font-weight:400}main{padding:16px;padding-bottom:88px}.time{color:#66777c;font-size:13px;margin:16px 0 4px}
.text{background:#fff;border-radius:4px 16px 16px 16px;padding:12px 16px;max-width:85%;overflow-wrap:anywhere}
.mine{background:#cdeee4;border-radius:16px 4px 16px 16px;margin-left:auto;width:fit-content}
form{position:fixed;bottom:0;left:0;right:0;display:flex;gap:8px;padding:12px;background:#fff;border-top:1px solid #dde3e5}
input{flex:1;font:inherit;padding:8px 12px;border:1px solid #9fb0b5;border-radius:22px}
button{font:inherit;border:0;border-radius:22px;background:#0b7a86;color:#fff;padding:8px 20px}a{color:#0b6b76}
li{margin:8px 0}.empty{color:#66777c;text-align:center;margin-top:30vh}
"""


class PhoneServer:
    """Serves every handset of the cast, and takes the stories' orders (手机服务)."""

    def __init__(self, provider: SmsProvider, stage: Stage, *, web_port: int, port: int) -> None:
        self.provider, self.stage, self.web_port, self.port = provider, stage, web_port, port
        self.cast = stage.cast
        handler = type("Handler", (_Handler,), {"phones": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True

    def start(self) -> None:
        """This function will serve in a thread of its own (启动)."""
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """This function will stop serving (停止)."""
        self.server.shutdown()
        self.server.server_close()

    def index(self) -> str:
        """This function will list the cast with a phone (手机列表)."""
        rows = "".join(
            f'<li><a href="/{key}">{html.escape(person.name)}</a>　{html.escape(person.phone)}'
            f"　{len(self.provider.ledger.for_phone(person.phone))} 条短信</li>"
            for key, person in self.cast.items()
            if person.phone
        )
        return _page("患者的手机", f"<header>患者的手机</header><main><ul>{rows}</ul></main>")

    def handset(self, key: str) -> str:
        """This function will show one phone: its texts, newest last, and a line to reply (一部手机)."""
        person = self.cast[key]
        texts = self.provider.ledger.for_phone(person.phone)
        bubbles = "".join(
            f'<p class="time">{text.accepted_at.astimezone(town.ZONE):%m-%d %H:%M}</p>'
            f'<div class="text">{self._linked(text.content)}</div>'
            for text in texts
        )
        body = bubbles or '<p class="empty">还没有短信</p>'
        reply = f'<form method="post" action="/{key}/reply"><input name="text" aria-label="回复" autocomplete="off"><button>发送</button></form>'
        head = f'<header>{html.escape(person.name)}的手机<a href="/{key}">刷新</a></header>'
        return _page(person.name, f"{head}<main>{body}</main>{reply}", refresh=5)

    def reply(self, key: str, content: str) -> None:
        """This function will send a reply from one phone (回复短信)."""
        Handset(self.provider, self.cast[key].phone).reply(content)

    def happen(self, story: str) -> str:
        """This function will let one story happen now, over the wire, and say what was sent (现在发生)."""
        return self.stage.happen(story, clock.now())

    def _linked(self, content: str) -> str:
        """Links of the text, to be tapped: the demonstration has no TLS, and its web server another port."""
        return LINK.sub(
            lambda found: f'<a href="http://{found[1]}:{self.web_port}{found[3]}">{found[0]}</a>',
            html.escape(content),
        )


class _Handler(BaseHTTPRequestHandler):
    phones: PhoneServer

    def do_GET(self) -> None:
        key = urlsplit(self.path).path.strip("/")
        if not key:
            self._write(self.phones.index())
        elif key in self.phones.cast:
            self._write(self.phones.handset(key))
        else:
            self._write(_page("没有这部手机", "<main>没有这部手机</main>"), 404)

    def do_POST(self) -> None:
        parts = urlsplit(self.path).path.strip("/").split("/")
        given = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        if len(parts) == 2 and parts[0] == "happen":
            self._write(json.dumps({"told": self.phones.happen(parts[1])}), kind="application/json")
        elif len(parts) == 2 and parts[1] == "reply" and parts[0] in self.phones.cast:
            self.phones.reply(parts[0], given.get("text", [""])[0])
            self.send_response(303)
            self.send_header("Location", f"/{parts[0]}")
            self.end_headers()
        else:
            self._write("{}", 404, "application/json")

    def _write(self, text: str, status: int = 200, kind: str = "text/html") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: requests of the phones are nobody's business."""


def _page(title: str, body: str, refresh: int = 0) -> str:
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">{again}'
        f'<meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )
