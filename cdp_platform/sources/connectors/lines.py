"""Text files line by line: counting all lines, and reading with care the files that DuckDB's reader stumbles over.

DuckDB reads a clean file in parallel, but drops or swallows lines around a broken one. So lines are counted apart
from reading, and a file whose count does not come out is read here: slower (about 300,000 lines a second), but each
line ends as a record or as a reject with its reason.
"""

import csv
import gzip
import io
import re
import zlib
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

from cdp_platform.sources.config import CsvSource

UNREADABLE = (gzip.BadGzipFile, EOFError, zlib.error, UnicodeError)
"""What reading a broken file may raise. A file that cannot be opened (other OSErrors) is out of reach, not broken."""
LONGEST_RECORD = 1000
"""Lines that one quoted value may span before its opening quote counts as never closed."""
_STAND_IN = "\ue000"
"""Stands for a delimiter of several characters: Python's reader takes one only."""
_BROKEN_BYTE = re.compile("[\udc80-\udcff]")

csv.field_size_limit(2**31 - 1)


class Line(NamedTuple):
    """One line of a file."""

    number: int
    text: str
    readable: bool
    """Whether its bytes are text in the file's encoding; broken ones are replaced in `text`."""


class Record(NamedTuple):
    """One record of a file, or a line that is none."""

    line: int
    last_line: int
    fields: list[str] | None
    text: str
    reason: str = ""


def count(path: Path, encoding: str = "utf-8") -> int:
    """Lines in a file, gzipped or not; a last line without its end counts. Raises one of UNREADABLE."""
    newline = "\n".encode("utf-16-le") if encoding == "utf-16" else b"\n"
    lines, last = 0, b""
    with _bytes(path) as opened:
        while block := opened.read(1 << 20):
            lines += block.count(newline)
            last = block[-len(newline) :]
    return lines + (last not in (b"", newline))


def numbered(path: Path, encoding: str = "utf-8") -> Iterator[Line]:
    """Each line of a file, with its end. Raises one of UNREADABLE."""
    codec, errors = ("utf-8-sig", "surrogateescape") if encoding == "utf-8" else (encoding, "replace")
    with _bytes(path) as opened, io.TextIOWrapper(opened, codec, errors, newline="\n") as text:
        for number, line in enumerate(text, start=1):
            if line.isascii() or not _BROKEN_BYTE.search(line):
                yield Line(number, line, True)
            else:
                yield Line(number, _BROKEN_BYTE.sub("\ufffd", line), False)


def records(path: Path, source: CsvSource, width: int | None = None) -> Generator[Record]:
    """Every record of a CSV file, the header included; blank lines are none. Raises one of UNREADABLE.

    `width` is how many values a record must have. A quote that is never closed costs the line that it stands on,
    not the rest of the file.
    """
    lines = numbered(path, source.encoding)
    waiting: deque[Line] = deque()  # lines that were looked at for the end of a quoted value
    while start := waiting.popleft() if waiting else next(lines, None):
        text = start.text.rstrip("\r\n")
        if not text:
            continue
        used = 1
        if not start.readable:
            found = f"is not {source.encoding}"
        elif source.quote and source.quote in text:
            used, found = _quoted(start, waiting, lines, source)
        else:
            found = text.split(source.delimiter)
        if isinstance(found, list) and width is not None and len(found) != width:
            used, found = 1, "a quote is not closed" if used > 1 else f"{len(found)} columns, expected {width}"
        for _ in range(used - 1):
            waiting.popleft()
        if isinstance(found, str):
            yield Record(start.number, start.number, None, text, found)
        else:
            yield Record(start.number, start.number + used - 1, found, text)


def _quoted(
    start: Line, waiting: deque[Line], lines: Iterator[Line], source: CsvSource
) -> tuple[int, list[str] | str]:  # fmt: skip
    """How many lines the record at `start` takes up, and its values or what is wrong with its first line.

    Lines that are read to find out are left in `waiting`.
    """
    several = len(source.delimiter) > 1
    used = 0

    def feed() -> Iterator[str]:
        nonlocal used
        line = start
        while (line.readable or line is start) and used < LONGEST_RECORD:
            used += 1
            yield line.text.replace(source.delimiter, _STAND_IN) if several else line.text
            if used > len(waiting):
                following = next(lines, None)
                if following is None:
                    return
                waiting.append(following)
            line = waiting[used - 1]

    reader = csv.reader(
        feed(), delimiter=_STAND_IN if several else source.delimiter, quotechar=source.quote, strict=True
    )  # fmt: skip
    try:
        values = next(reader)
    except csv.Error as error:
        open_quote = used > 1 or "unexpected end of data" in str(error)
        return 1, "a quote is not closed" if open_quote else "a quote stands where none may"
    return used, [value.replace(_STAND_IN, source.delimiter) for value in values] if several else values


@contextmanager
def _bytes(path: Path) -> Generator[IO[bytes]]:
    with path.open("rb") as plain:
        if path.suffix != ".gz":
            yield plain
            return
        with gzip.GzipFile(fileobj=plain) as unpacked:
            yield cast("IO[bytes]", unpacked)
