"""The product as a browser meets it (被测网站): the real WSGI application, with its assets and its policy, on a port."""

import logging
from threading import Thread

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler


class Quiet(WSGIRequestHandler):
    """A handler that writes no line per request: what goes wrong is asserted in the browser."""

    def log_message(self, *_) -> None:
        pass


class Site:
    """A running server on a free port of this machine."""

    def __init__(self) -> None:
        from xinqiao.config.wsgi import application

        logging.getLogger("django.server").setLevel(logging.CRITICAL)
        self._server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        self._server.daemon_threads = True
        self._server.set_app(application)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def at(self) -> str:
        """Give the address of this site."""
        return f"http://localhost:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
