"""The demo files as a lenient reader sees them: what can be read, and what cannot."""

import csv
import gzip
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
KEYS = {
    "crm": "contact_id", "shop": "customer_id", "loyalty": "card_number", "newsletter": "subscriber_id",
    "app": "profile_id", "support": "ticket_id",
}  # fmt: skip


def csv_lines(file: Path) -> list[list[str]]:
    """Every line on its own, header first, whatever quotes are open."""
    return [next(csv.reader([line])) for line in file.read_text().splitlines()]


def csv_rows(file: Path) -> list[Row]:
    """Rows with as many values as the header has and a key in the first column."""
    header, *lines = csv_lines(file)
    return [dict(zip(header, line, strict=True)) for line in lines if len(line) == len(header) and line[0]]


def json_rows(file: Path) -> list[Row]:
    """Lines that are JSON."""
    text = gzip.decompress(file.read_bytes()).decode() if file.suffix == ".gz" else file.read_text()
    return list(_parsed(text.splitlines()))


def _parsed(lines: list[str]) -> Iterator[Row]:
    for line in lines:
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue


def table(file: Path, name: str) -> list[Row]:
    """A table of a SQLite file."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    rows = [dict(row) for row in connection.execute(f"select * from {name}")]
    connection.close()
    return rows


def people(demo: Path) -> dict[str, list[Row]]:
    """Readable records of people per source, each once."""
    read = {
        "crm": csv_rows(demo / "crm/contacts.csv"),
        "shop": table(demo / "shop/shop.sqlite", "customers"),
        "loyalty": csv_rows(demo / "loyalty/members.csv"),
        "newsletter": csv_rows(demo / "newsletter/subscribers.csv"),
        "app": json_rows(demo / "app/profiles.ndjson"),
        "support": json_rows(demo / "support/tickets.ndjson"),
    }
    return {source: list({str(row[KEYS[source]]): row for row in rows}.values()) for source, rows in read.items()}
