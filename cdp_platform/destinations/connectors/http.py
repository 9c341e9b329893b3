"""What every destination over HTTP shares: transport, statuses, bisecting. A kind adds `render` and `parse`."""

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import httpx2

from cdp_platform.destinations.connectors.base import Batch, BatchConnector, Outcome, Row
from cdp_platform.destinations.connectors.isolate import isolate
from cdp_platform.destinations.connectors.quote import without_values
from cdp_platform.destinations.errors import (
    AuthenticationError,
    BatchRejected,
    ConfigurationError,
    NotReached,
    SyncError,
    Throttled,
    TransientError,
)

REFUSED = {400, 409, 413, 422}


class Request(NamedTuple):
    """One request, but for the address and the signature."""

    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"


class Answer(NamedTuple):
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body. Raises TransientError when it is not JSON: the outcome is unknown then."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise TransientError(f"answered {self.status} with a body that is not JSON") from None


class HttpConnector(BatchConnector):
    """Sends rendered requests, and halves those refused for a bad row."""

    def __init__(self, url: str, timeout_seconds: float, transport: httpx2.BaseTransport | None = None):
        self.url = url
        self._client = httpx2.Client(timeout=timeout_seconds, transport=transport, follow_redirects=False)

    @abstractmethod
    def render(self, batch: Batch, rows: Sequence[Row], idempotency_key: str) -> Request:
        """The request for rows of a batch. Pure: the same rows give the same bytes."""

    @abstractmethod
    def parse(self, answer: Answer, rows: Sequence[Row]) -> list[Outcome]:
        """One outcome per row of a request that was answered with 2xx. Pure."""

    def signed(self, request: Request) -> Mapping[str, str]:
        """Headers of a request, with what authenticates it."""
        return request.headers

    def send(self, batch: Batch) -> list[Outcome]:
        """Deliver a batch; see BatchConnector."""
        delivered: list[Outcome] = []

        def attempt(start: int, stop: int) -> list[Outcome]:
            rows = batch.rows[start:stop]
            part = "" if len(rows) == len(batch.rows) else f"-{start}-{stop}"
            answer = self._exchange(self.render(batch, rows, batch.idempotency_key + part))
            check_status(answer, rows[0] if len(rows) == 1 else None)
            outcomes = self.parse(answer, rows)
            if len(outcomes) != len(rows):
                raise TransientError(f"answered for {len(outcomes)} of {len(rows)} rows")
            delivered.extend(outcomes)
            return outcomes

        try:
            return isolate(len(batch.rows), attempt)
        except SyncError as error:
            error.in_doubt = error.in_doubt or bool(delivered)
            raise

    def close(self) -> None:
        """Close connections."""
        self._client.close()

    def _exchange(self, request: Request) -> Answer:
        try:
            answer = self._client.request(
                request.method, self.url, content=request.body, headers=dict(self.signed(request))
            )
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol):
            raise ConfigurationError(
                "the address is not one that can be called: http:// or https:// and a host"
            ) from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise NotReached("there is no connection to the address") from None
        except httpx2.TransportError as error:
            raise TransientError(f"no answer ({type(error).__name__})") from None
        return Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, answer.content)


def check_status(answer: Answer, row: Row | None = None) -> None:
    """Raise what a status other than 2xx means. A refusal of a single row carries the destination's words."""
    status = answer.status
    if 200 <= status < 300:
        return
    if status == 429:
        raise Throttled("answered 429: too many requests", retry_after(answer.headers.get("retry-after")))
    if status in (408, 425) or status >= 500:
        raise TransientError(f"answered {status}", retry_after(answer.headers.get("retry-after")))
    if status in (401, 403):
        raise AuthenticationError(f"answered {status}: it does not know us, or we may not write there")
    if status in REFUSED:
        raise BatchRejected(f"http_{status}", f"answered {status}{_words(answer, row)}")
    raise ConfigurationError(f"answered {status}: is the address right?")


def _words(answer: Answer, row: Row | None) -> str:
    if row is None:
        return ""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return ""
    text = (said.get("message") or said.get("error")) if isinstance(said, dict) else None
    return f": {without_values(text, row)}" if isinstance(text, str) else ""


def retry_after(header: str | None) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (at - datetime.now(UTC)).total_seconds()) if at.tzinfo else None
