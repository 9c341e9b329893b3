"""CSV files on disk: whole ones for mirror, a folder of changes for upsert and insert.

A file is written aside, flushed to the disk and renamed, so that nobody ever reads half of one; then a manifest beside
it says what it holds.
"""

import csv
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cdp_platform.destinations.connectors.base import OK, Batch, BatchConnector, Outcome, Row, WholeConnector
from cdp_platform.destinations.errors import ConfigurationError, TransientError

FORMULA = ("=", "+", "-", "@", "\t", "\r")
HARMLESS = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
"""A signed number, and with it a phone in E.164: a spreadsheet computes nothing from it."""
UNWRITABLE = Outcome("rejected", "not_writable", "holds a NUL character, which ends the line for many readers")


class _Format:
    def __init__(self, path: Path, fields: Sequence[str], delimiter: str, *, guard: bool):
        self.path = path
        self.fields = list(fields)
        self.delimiter = delimiter
        self.guard = guard

    def write(self, path: Path, batch: Batch, rows: Iterable[Row], rejected: dict[str, Outcome]) -> None:
        """Write one file and its manifest, both in one step each; unwritable rows are left out and reported."""
        count = 0

        def lines() -> Iterator[list[str]]:
            nonlocal count
            yield [_guarded(field) if self.guard else field for field in self.fields]
            for row in rows:
                line = self._line(row)
                if any("\0" in value for value in line):
                    rejected[row.key] = UNWRITABLE
                    continue
                count += 1
                yield line

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            digest = _write_aside(path, lines(), self.delimiter)
            manifest = {
                "sync": batch.sync,
                "run": batch.run_id,
                "operation": batch.operation,
                "planned_at": batch.at.isoformat(),
                "rows": count,
                "columns": self.fields,
                "delimiter": self.delimiter,
                "sha256": digest,
            }
            _put(manifest_path(path), json.dumps(manifest, indent=1).encode())
        except (PermissionError, FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise ConfigurationError(f"the file cannot be written ({type(error).__name__})") from None
        except OSError as error:
            raise TransientError(f"the file cannot be written ({error.strerror})") from None

    def _line(self, row: Row) -> list[str]:
        values = row.fields()
        texts = [_text(values.get(field)) for field in self.fields]
        return [_guarded(text) for text in texts] if self.guard else texts


class CsvFile(WholeConnector):
    """One file with everybody in it."""

    def __init__(self, path: Path, fields: Sequence[str], *, target: str, delimiter: str = ",", guard: bool = True):
        self.target = target
        self._wanted = list(fields)
        self._format = _Format(path, fields, delimiter, guard=guard)

    def prepare(self, columns: Mapping[str, str]) -> None:
        """Take the columns of the planned run, which an older configuration may have asked for."""
        self._format.fields = list(columns)

    def in_place(self) -> bool:
        """The file is there, with the columns that are configured."""
        form = self._format
        try:
            manifest = json.loads(manifest_path(form.path).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        same = manifest.get("columns") == self._wanted and manifest.get("delimiter") == form.delimiter
        return same and form.path.exists()

    def replace(self, batch: Batch, rows: Iterable[Row]) -> dict[str, Outcome]:
        """Write the whole file anew; see WholeConnector."""
        rejected: dict[str, Outcome] = {}
        self._format.write(self._format.path, batch, rows, rejected)
        return rejected


class CsvChanges(BatchConnector):
    """A file per batch of changes, named after run, operation and batch: sent again, it is the same file."""

    batch_size = 50_000

    def __init__(self, path: Path, fields: Sequence[str], *, target: str, delimiter: str = ",", guard: bool = True):
        self.target = target
        self._format = _Format(path, fields, delimiter, guard=guard)

    def prepare(self, columns: Mapping[str, str]) -> None:
        """Take the columns of the planned run."""
        self._format.fields = list(columns)

    def send(self, batch: Batch) -> list[Outcome]:
        """Write one file; see BatchConnector."""
        path = self._format.path.with_suffix("") / f"{batch.run_id:06}-{batch.operation}-{batch.number:04}.csv"
        rejected: dict[str, Outcome] = {}
        self._format.write(path, batch, batch.rows, rejected)
        return [rejected.get(row.key, OK) for row in batch.rows]


def manifest_path(path: Path) -> Path:
    """Beside the file: `customers.csv` has `customers.csv.manifest.json`."""
    return path.with_name(path.name + ".manifest.json")


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) and not HARMLESS.fullmatch(text) else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _write_aside(path: Path, lines: Iterable[list[str]], delimiter: str) -> str:
    """Write lines to `path` in one step and return the SHA-256 of what was written."""
    aside = path.with_name(f".{path.name}.part")
    with aside.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(lines)
        file.flush()
        os.fsync(file.fileno())
    with aside.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    aside.replace(path)
    _flush_folder(path.parent)
    return digest


def _put(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """A rename outlives a power cut only when its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
