"""A local receiver of webhooks, to try a sync without an account: `python -m cdp_platform.destinations.receiver 8765`.

It keeps what it is sent in memory, verifies signatures when CDP_WEBHOOK_SECRET is set, answers a batch that it has seen
before as it did then, and shows what it holds on GET.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from cdp_platform.destinations.connectors.webhook import is_signed

Refuse = Callable[[dict[str, Any]], str | None]


class Reply(NamedTuple):
    """What is answered."""

    status: int
    body: dict[str, Any] = {}
    headers: dict[str, str] = {}


class Inbox:
    """What the receiver holds."""

    def __init__(self, secret: str | None = None, refuse: Refuse = lambda item: None):
        self.secret = secret
        self.refuse = refuse
        """Why an item is refused; None when it is taken."""
        self.held: dict[str, dict[str, Any]] = {}
        self.requests = 0
        self._answers: dict[str, Reply] = {}
        self._lock = threading.Lock()

    def take(self, idempotency_key: str, body: bytes) -> Reply:
        """Apply a batch once, and answer: 200, or 207 with the refused rows."""
        with self._lock:
            self.requests += 1
            if idempotency_key in self._answers:
                return self._answers[idempotency_key]
            errors: list[dict[str, Any]] = []
            for index, item in enumerate(json.loads(body)):
                if reason := self.refuse(item):
                    errors.append({"index": index, "code": "refused", "message": reason})
                elif item["operation"] == "remove":
                    self.held.pop(item["key"], None)
                elif item["operation"] == "upsert" or item["key"] not in self.held:
                    self.held[item["key"]] = item["fields"]
            answer = Reply(207, {"errors": errors}) if errors else Reply(200)
            self._answers[idempotency_key] = answer
            return answer


class Handler(BaseHTTPRequestHandler):
    """One request. Subclasses may misbehave on purpose by overriding `before` and `after`."""

    protocol_version = "HTTP/1.1"
    inbox: Inbox

    def do_POST(self) -> None:
        """Take a batch."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if trouble := self.before(body):
            return self.answer(trouble)
        secret = self.inbox.secret
        if secret and not is_signed(secret, body, self.headers.get("X-CDP-Signature"), time.time()):
            return self.answer(Reply(401, {"message": "the signature is not ours"}))
        answer = self.inbox.take(self.headers.get("Idempotency-Key", ""), body)
        return self.answer(self.after(body) or answer)

    def do_GET(self) -> None:
        """Show what is held."""
        self.answer(Reply(200, self.inbox.held))

    def before(self, body: bytes) -> Reply | None:
        """An answer instead of taking the batch."""

    def after(self, body: bytes) -> Reply | None:
        """An answer in place of the right one, the batch having been taken."""

    def answer(self, reply: Reply) -> None:
        """Write one JSON answer."""
        data = json.dumps(reply.body).encode()
        self.send_response(reply.status)
        headers = {**reply.headers, "Content-Type": "application/json", "Content-Length": str(len(data))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: requests hold personal data."""


def serve(inbox: Inbox, port: int = 0, handler: type[Handler] = Handler) -> ThreadingHTTPServer:
    """A server on the loopback address, not yet serving; port 0 takes a free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), type("Bound", (handler,), {"inbox": inbox}))


def main(port: int) -> None:
    """Serve until interrupted, and say how much is held whenever that changes."""
    inbox = Inbox(secret=os.environ.get("CDP_WEBHOOK_SECRET"))
    server = serve(inbox, port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"Listening. In another terminal: export CDP_DEMO_WEBHOOK_URL=http://127.0.0.1:{port}/\n")
    seen = 0
    while True:
        time.sleep(0.5)
        if inbox.requests != seen:
            seen = inbox.requests
            sys.stdout.write(f"{seen} requests, {len(inbox.held)} rows held\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8765)
