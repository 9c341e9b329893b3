"""Writing files that come out the same, byte for byte, whenever they are written."""

import csv
import gzip
import io
import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import polars as pl


def text(path: Path, content: str) -> None:
    """A text file, gzipped when its name ends in .gz; without the time of writing in its header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode()
    path.write_bytes(gzip.compress(data, compresslevel=6, mtime=0) if path.suffix == ".gz" else data)


def csv_lines(rows: Sequence[dict[str, Any]], delimiter: str = ",") -> list[str]:
    """Header and rows, without line ends."""
    lines: list[str] = []
    for row in (list(rows[0]), *(row.values() for row in rows)):
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=delimiter, lineterminator="").writerow(row)
        lines.append(buffer.getvalue())
    return lines


def json_lines(rows: Iterable[dict[str, Any]]) -> list[str]:
    """One object a line."""
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def parquet(path: Path, frame: pl.DataFrame) -> None:
    """A parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path, compression="zstd", statistics=False)


def sqlite(path: Path, tables: dict[str, tuple[str, Sequence[dict[str, Any]]]]) -> None:
    """A fresh database: table name to its definition and rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    for name, (columns, rows) in tables.items():
        connection.execute(f"create table {name} ({columns})")
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into {name} values ({marks})", [tuple(row.values()) for row in rows])
    connection.commit()
    connection.close()
