"""A real HTTP server that pages, throttles and fails as told."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], str]


class Api:
    """Serves `rows` at /people in pages, in every style at once."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []
        """Query and headers of every request, in order."""
        self.trouble: list[Answer] = []
        """Answers to give before the rows, in order."""
        self.answer: Callable[[dict[str, str]], Answer] = self.page
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                api.asked.append((query, {name.lower(): value for name, value in self.headers.items()}))
                if parts.path != "/people":
                    status, headers, body = 404, {}, "nothing here"
                elif api.trouble:
                    status, headers, body = api.trouble.pop(0)
                else:
                    status, headers, body = api.answer(query)
                if status == 0:
                    self.connection.close()
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def page(self, query: dict[str, str]) -> Answer:
        """A page by `page` (from 1), `offset` or `after`, of `size` rows, those since `since` only."""
        rows = [r for r in self.rows if not isinstance(r, dict) or r.get("changed", "") >= query.get("since", "")]
        size = int(query.get("size", 10))
        start = int(query.get("offset", query.get("after", (int(query.get("page", 1)) - 1) * size)))
        more = start + size < len(rows)
        body = {"data": {"people": rows[start : start + size]}, "next": {"token": start + size if more else None}}
        link = {"Link": f'</people?after={start + size}&size={size}>; rel="next"'} if more else {}
        return 200, link, json.dumps(body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
