"""The real company's files, counted by DuckDB, sqlite3, csv and json alone: nothing of the platform's own reading."""

import csv
import gzip
import json
import os
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

from cdp_platform.shared.home import PROJECT

COMPANY = Path(os.environ.get("REAL_COMPANY_DIR") or PROJECT.parent / "shared" / "data" / "real_company")

POUNDS = "sum((quantity::decimal(18,4) * unit_price::decimal(18,4))::decimal(18,4))"
ORDER_LINES = {"shop_order_lines": "shop/order_lines/*.parquet", "pos": "pos/receipts.csv.gz"}
CSV = {
    "crm": "crm/contacts.csv",
    "loyalty": "loyalty/members.csv",
    "newsletter": "newsletter/subscribers.csv",
    "consent": "consent/consents.csv",
}
KEYED = ("crm", "loyalty", "newsletter")
"""Sources whose first column is a key."""
JSON_LINES = {"support": "support/tickets.ndjson", "web": "web/events/*.ndjson.gz"}
SHOP_DATABASE = {"shop": "customers", "shop_products": "products"}


class Count(NamedTuple):
    """Rows, and pounds where there are orders."""

    rows: int
    pounds: Decimal | None = None


class Place(NamedTuple):
    """One line of one file."""

    source: str
    file: str
    line: int


def counts() -> dict[str, Count]:
    """Rows and pounds per source."""
    found: dict[str, Count] = {}
    with duckdb.connect() as con:
        for source, pattern in ORDER_LINES.items():
            path = str(COMPANY / pattern)
            relation = f"read_csv('{path}', all_varchar = true)" if ".csv" in pattern else f"read_parquet('{path}')"
            [row] = con.execute(f"select count(*), {POUNDS} from {relation}").fetchall()
            found[source] = Count(*row)
    for source in CSV:
        found[source] = Count(sum(1 for _ in _csv_rows(source)))
    for source in JSON_LINES:
        found[source] = Count(sum(1 for _ in _json_lines(source)))
    with sqlite3.connect(f"file:{COMPANY / 'shop/shop.sqlite'}?mode=ro", uri=True) as shop:
        for source, table in SHOP_DATABASE.items():
            found[source] = Count(shop.execute(f"select count(*) from {table}").fetchone()[0])
    return found


def consents_said() -> dict[str, int]:
    """Consents per source. A subscriber who left has said two things: yes, and later no."""
    newsletter = (row for _, row in _csv_rows("newsletter"))
    return {
        "consent": sum(1 for _ in _csv_rows("consent")),
        "newsletter": sum(bool(subscribed) + bool(left) for *_, subscribed, left in newsletter),
    }


def unusable() -> set[Place]:
    """Lines that are no JSON, rows without their key, and rows that stand twice, told by Python."""
    found: set[Place] = set()
    for source in KEYED:
        seen: set[tuple[str, ...]] = set()
        for line, row in _csv_rows(source):
            if not row[0] or row in seen:
                found.add(Place(source, CSV[source], line))
            seen.add(row)
    for source in JSON_LINES:
        for place, text in _json_lines(source):
            try:
                json.loads(text)
            except ValueError:
                found.add(place)
    return found


def _csv_rows(source: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    with (COMPANY / CSV[source]).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            yield reader.line_num, tuple(row)


def _json_lines(source: str) -> Iterator[tuple[Place, bytes]]:
    for path in sorted(COMPANY.glob(JSON_LINES[source])):
        name = path.relative_to(COMPANY).as_posix()
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, text in enumerate(file, 1):
                if text.strip():
                    yield Place(source, name, number), text
