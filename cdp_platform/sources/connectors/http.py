"""Paged JSON over HTTP: authorised, within the rate limit, tried again where trying again helps.

No error names the token or a query parameter: only the address up to the question mark.
"""

import json
import os
import random
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, cast

import httpx2
import polars as pl

from cdp_platform.shared.step import Step
from cdp_platform.sources.config import HttpSource, Source
from cdp_platform.sources.connectors.base import Landed, Part, UnreadableError, Wanted, start_rejected
from cdp_platform.sources.connectors.objects import start_lines, to_columns
from cdp_platform.sources.cursor import parameter

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 60.0
LONGEST_RETRY_AFTER_SECONDS = 300.0
"""The warehouse is held while waiting: a server that asks for more is given up for this run."""
PASSING = (408, 425, 429, 500, 502, 503, 504)
"""Answers that another try may turn into rows."""


def land(step: Step, source: Source, wanted: Wanted) -> Landed:
    """Read all pages, from the cursor on when there is one. Raises UnreadableError when a page fails for good."""
    source = cast("HttpSource", source)
    con = step.con
    start_rejected(con)
    start_lines(con)
    records = size = 0
    for rows in _pages(source, wanted.since):
        texts = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
        frame = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}).with_row_index("number", offset=records + 1)
        con.register("page", frame)
        con.execute("insert into incoming_lines select ?, number, text from page", [source.name])
        con.unregister("page")
        records += len(texts)
        size += sum(map(len, texts))
    types = to_columns(con, wanted.types)
    con.execute("update incoming_rejected set line = null")  # a place in the answers of one day names nothing
    return Landed(types, [Part(source.name, records, None, size)])


def _pages(source: HttpSource, since: str | None) -> Iterator[list[Any]]:
    """The rows of every page."""
    pages = source.pages
    url = httpx2.URL(source.url)
    query: dict[str, str] = dict(url.params) | source.parameters
    url = url.copy_with(query=None)
    if pages.size_parameter:
        query[pages.size_parameter] = str(pages.size)
    if since is not None and source.cursor_parameter:
        query[source.cursor_parameter] = str(parameter(since))
    if pages.style in ("page", "offset"):
        query[pages.parameter] = str(pages.start if pages.style == "page" else 0)
    received, before = 0, None
    with httpx2.Client(headers=_headers(source), timeout=source.timeout_seconds, params=None) as client:
        ask = _Asker(client, source)
        while True:
            answer = ask.get(url, query)
            content = _content(source, url, answer)
            rows = _rows(source, url, content)
            if rows and rows == before:
                raise UnreadableError(f"{source.name}: {_shown(url)} gave the same page twice: check `pages`.")
            yield rows
            received, before = received + len(rows), rows
            following = _next(source, url, query, answer, content, len(rows), received)
            if following is None:
                return
            url, query = following


def _next(
    source: HttpSource, url: httpx2.URL, query: Mapping[str, str], answer: httpx2.Response, content: Any, rows: int,
    received: int,
) -> tuple[httpx2.URL, dict[str, str]] | None:  # fmt: skip
    """Address and query of the next page; None after the last."""
    pages = source.pages
    if pages.style == "none":
        return None
    if pages.style == "link":
        link = answer.links.get("next", {}).get("url")
        if not link:
            return None
        there = answer.url.join(link)
        if (there.scheme, there.host, there.port) != (url.scheme, url.host, url.port):
            raise UnreadableError(f"{source.name}: the next page lies on another server, {there.host}: not followed.")
        return there.copy_with(query=None), dict(there.params)
    if pages.style == "cursor":
        token = _at(content, pages.next or "")
        if token in (None, ""):
            return None
        if str(token) == query.get(pages.parameter):
            raise UnreadableError(f"{source.name}: {_shown(url)} gave the same page token twice: check `pages`.")
        return url, {**query, pages.parameter: str(token)}
    if not rows or (pages.size_parameter and rows < pages.size):
        return None
    place = int(query[pages.parameter]) + 1 if pages.style == "page" else received
    return url, {**query, pages.parameter: str(place)}


class _Asker:
    """Asks for pages, not faster than allowed."""

    def __init__(self, client: httpx2.Client, source: HttpSource):
        self.client = client
        self.source = source
        self.free_at = 0.0

    def get(self, url: httpx2.URL, query: Mapping[str, str]) -> httpx2.Response:
        """One page. Raises UnreadableError when it fails for good."""
        said = ""
        for attempt in range(self.source.retries + 1):
            time.sleep(max(0.0, self.free_at - time.monotonic()))
            self.free_at = time.monotonic() + 1 / self.source.requests_per_second
            wait = random.uniform(0, min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**attempt))  # full jitter
            try:
                answer = self.client.get(url, params=dict(query))
            except httpx2.TransportError as error:
                said = type(error).__name__
            else:
                if answer.is_success:
                    return answer
                said = f"status {answer.status_code}"
                if answer.status_code not in PASSING:
                    hint = " (give the final address)" if answer.is_redirect else ""
                    raise UnreadableError(f"{self.source.name}: {_shown(url)} answered {said}{hint}.")
                asked = _asked_to_wait(answer)
                if asked is not None and asked > LONGEST_RETRY_AFTER_SECONDS:
                    raise UnreadableError(
                        f"{self.source.name}: {_shown(url)} asks to come back in {asked:.0f} seconds."
                    )
                wait = wait if asked is None else asked
            if attempt < self.source.retries:
                time.sleep(wait)
        tries = self.source.retries + 1
        raise UnreadableError(f"{self.source.name}: {_shown(url)} failed {tries} times, the last time with {said}.")


def _headers(source: HttpSource) -> dict[str, str]:
    if not source.token_env:
        return {}
    token = os.environ.get(source.token_env)
    if not token:
        raise UnreadableError(f"{source.name}: the environment variable {source.token_env} is not set.")
    return {source.header: f"{source.scheme} {token}".strip()}


def _asked_to_wait(answer: httpx2.Response) -> float | None:
    """Seconds that the server asks for (Retry-After: seconds or a date, RFC 9110)."""
    said = answer.headers.get("retry-after")
    if not said:
        return None
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None


def _content(source: HttpSource, url: httpx2.URL, answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise UnreadableError(f"{source.name}: {_shown(url)} answered something that is not JSON.") from None


def _rows(source: HttpSource, url: httpx2.URL, content: Any) -> list[Any]:
    rows = _at(content, source.rows)
    if not isinstance(rows, list):
        place = f"at `{source.rows}`" if source.rows else "as the answer"
        raise UnreadableError(f"{source.name}: {_shown(url)} has no list {place}: check `rows`.")
    return rows


def _at(content: Any, path: str) -> Any:
    for key in path.split(".") if path else ():
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _shown(url: httpx2.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode()}{url.path}"
