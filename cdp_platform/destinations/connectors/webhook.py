"""A signed POST of a JSON array; docs/destinations/webhook.md describes what the receiver gets and may answer."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence

import httpx2

from cdp_platform.destinations.connectors.base import OK, Batch, Outcome, Row
from cdp_platform.destinations.connectors.http import Answer, HttpConnector, Request
from cdp_platform.destinations.connectors.place import place_of
from cdp_platform.destinations.connectors.quote import without_values
from cdp_platform.destinations.errors import TransientError


class Webhook(HttpConnector):
    """Rows as `[{"operation": "upsert", "key": "…", "fields": {…}}, …]`."""

    def __init__(
        self,
        url: str,
        secret: str | None,
        *,
        batch_size: int = 500,
        retries: int = 7,
        timeout_seconds: float = 30,
        transport: httpx2.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ):
        super().__init__(url, timeout_seconds, transport)
        self.target = f"webhook {place_of(url)}"
        self.batch_size = batch_size
        self.retries = retries
        self._secret = secret
        self._clock = clock

    def prepare(self, columns: Mapping[str, str]) -> None:
        """Nothing to do: a receiver of one's own takes any field."""

    def render(self, batch: Batch, rows: Sequence[Row], idempotency_key: str) -> Request:
        """The request. Payloads are embedded as planned, byte for byte."""
        operation = json.dumps(batch.operation)
        items = [
            f'{{"operation":{operation},"key":{json.dumps(row.key)},"fields":{row.payload}}}' for row in rows
        ]  # fmt: skip
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": idempotency_key,
            "X-CDP-Sync": batch.sync,
            "X-CDP-Run": str(batch.run_id),
        }
        return Request(("[" + ",\n".join(items) + "]").encode(), headers)

    def parse(self, answer: Answer, rows: Sequence[Row]) -> list[Outcome]:
        """All rows are ok, but those that `{"errors": [{"index", "code", "message"}]}` names (with any 2xx)."""
        outcomes = [OK] * len(rows)
        if answer.status != 207 and not answer.body.strip().startswith(b"{"):
            return outcomes
        said = answer.json()
        errors = said.get("errors", []) if isinstance(said, dict) else None
        if not isinstance(errors, list) or not all(isinstance(e, dict) for e in errors):
            raise TransientError(f"answered {answer.status} without a list of errors that can be read")
        for error in errors:
            index = error.get("index")
            if not isinstance(index, int) or not 0 <= index < len(rows):
                raise TransientError(f"answered {answer.status} with an error of a row that was not sent")
            message = without_values(str(error.get("message") or "rejected"), rows[index])
            outcomes[index] = Outcome("rejected", str(error.get("code") or "rejected")[:60], message)
        return outcomes

    def signed(self, request: Request) -> Mapping[str, str]:
        """Add the signature: HMAC-SHA256 over "<seconds since 1970>.<body>"."""
        if self._secret is None:
            return request.headers
        return {**request.headers, "X-CDP-Signature": signature(self._secret, request.body, int(self._clock()))}


def signature(secret: str, body: bytes, at: int) -> str:
    """The header that proves who sent a body, and when: `t=…,v1=…`."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def is_signed(secret: str, body: bytes, header: str | None, now: float, tolerance_seconds: float = 300) -> bool:
    """Whether a receiver may trust a request."""
    parts = dict(part.split("=", 1) for part in (header or "").split(",") if "=" in part)
    if not parts.get("t", "").isdigit() or abs(now - int(parts["t"])) > tolerance_seconds:
        return False
    return hmac.compare_digest(signature(secret, body, int(parts["t"])), header or "")
