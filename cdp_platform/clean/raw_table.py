"""Raw columns as SQL expressions: what a meaning names, out of whatever shape the source has.

A column of a CSV file is text, one of a parquet file may be a double, one of an API answer sits in JSON. Each reader
below gives an expression of one type for all of them, so that no source needs SQL of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from duckdb import DuckDBPyConnection

from cdp_platform.sources.config import SourceBase
from cdp_platform.sources.meanings import Column, Constant

BOOKKEEPING = ("_loaded_at", "_source_file", "_row_hash")
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
FRACTIONS = ("DOUBLE", "FLOAT", "DECIMAL")


@dataclass
class RawTable:
    """raw.<source>: its columns and their types, as they arrived."""

    con: DuckDBPyConnection
    source: str
    key: tuple[str, ...]
    types: dict[str, str]
    absent: set[str] = field(default_factory=set[str])
    """Columns that a meaning names and the source no longer has. They read as null."""

    @property
    def name(self) -> str:
        """Schema and table."""
        return f"raw.{self.source}"

    def select(self, columns: Mapping[str, str]) -> str:
        """A query of these expressions, with source, row_key, row_hash, source_file, loaded_at and content.

        `content` is the whole row as a struct: turned into JSON only for the rows that are refused.
        """
        meta = {
            "source": literal(self.source),
            "row_key": self._row_key(),
            "row_hash": self.row_hash(),
            "source_file": "_source_file::varchar" if "_source_file" in self.types else "null::varchar",
            "loaded_at": "_loaded_at::timestamp" if "_loaded_at" in self.types else "null::timestamp",
        }
        listed = ", ".join(f"{expression} as {name}" for name, expression in (meta | dict(columns)).items())
        return f"select {listed}, {self._content()} as content from {self.name}"

    def as_read(self, column: Column | None) -> str:
        """The value as text, untouched; empty text is null."""
        expression, kind = self._resolve(column)
        if kind == "VARCHAR":
            return f"nullif({expression}, '')"
        if kind == "JSON":
            return f"json_extract_string({expression}, '$')"
        if kind.startswith(FRACTIONS):  # an id that a nullable integer column turned into 12346.0
            whole = f"{expression} = trunc({expression}) and abs({expression}) < 1e15"
            return f"case when {whole} then ({expression})::bigint::varchar else ({expression})::varchar end"
        if kind == "TIMESTAMP WITH TIME ZONE":
            return f"strftime({expression} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
        if kind.startswith(("STRUCT", "MAP")) or kind.endswith("]"):
            return f"to_json({expression})::varchar"
        return f"({expression})::varchar"

    def text(self, column: Column | None) -> str:
        """The value as text, trimmed; words that mean nothing (`n/a`, `null`, …) are null."""
        return f"said({self.as_read(column)})"

    def identifier(self, column: Column | None) -> str:
        """A key: text without the `.0` that spreadsheets and data frames append to numbers."""
        return f"identifier({self.as_read(column)})"

    def reference(self, column: Column | None) -> str:
        """A key of somebody else: as `identifier`, and zeros or -1, which stand for nobody, are null."""
        return f"somebody({self.as_read(column)})"

    def number(self, column: Column | None) -> str:
        """decimal(18,4); null when it is not a number or too large."""
        expression, kind = self._resolve(column)
        if kind in NUMBERS or kind.startswith("DECIMAL"):
            return f"try_cast({expression} as decimal(18,4))"
        if kind in ("DOUBLE", "FLOAT"):
            return f"try_cast(round({expression}, 4) as decimal(18,4))"
        return f"number_of({self.as_read(column)})"

    def moment(self, column: Column | None) -> str:
        """A timestamp in UTC; null when it is no time or an implausible one."""
        expression, kind = self._resolve(column)
        if kind.startswith("TIMESTAMP") and kind != "TIMESTAMP WITH TIME ZONE":
            return f"plausible_moment(({expression})::timestamp)"
        if kind == "TIMESTAMP WITH TIME ZONE":
            return f"plausible_moment({expression} at time zone 'UTC')"
        if kind == "DATE":
            return f"plausible_moment(({expression})::timestamp)"
        return f"moment_of({self.as_read(column)})"

    def date(self, column: Column | None) -> str:
        """A date; null when it is none. Whether it makes sense is for the field to say."""
        expression, kind = self._resolve(column)
        if kind == "DATE" or kind.startswith("TIMESTAMP"):
            return f"try_cast({expression} as date)"
        return f"date_of({self.as_read(column)})"

    def json(self, column: Column | None) -> str:
        """A nested value as JSON; null when it is not JSON."""
        expression, kind = self._resolve(column)
        if kind == "JSON":
            return expression
        if kind == "VARCHAR":
            return f"try_cast({expression} as json)"
        return f"to_json({expression})"

    def row_hash(self) -> str:
        """A hash of the row's content, for rows without a key."""
        return "_row_hash::varchar" if "_row_hash" in self.types else f"md5(to_json({self._content()})::varchar)"

    def _resolve(self, column: Column | None) -> tuple[str, str]:
        """The expression and its SQL type."""
        if column is None:
            return "null::varchar", "VARCHAR"
        if isinstance(column, Constant):
            value = str(column.value).lower() if isinstance(column.value, bool) else str(column.value)
            return literal(value), "VARCHAR"
        if column in self.types:  # a header may hold a dot of its own, so the whole name comes first
            return quoted(column), self.types[column]
        head, *path = column.split(".")
        if head not in self.types or not path:
            self.absent.add(column)
            return "null::varchar", "VARCHAR"
        return self._inside(head, path, column)

    def _inside(self, head: str, path: list[str], column: str) -> tuple[str, str]:
        kind = self.types[head]
        if kind in ("JSON", "VARCHAR"):
            place = literal("$." + ".".join(f'"{part}"' for part in path))
            nested = quoted(head) if kind == "JSON" else f"try_cast({quoted(head)} as json)"
            return f"json_extract_string({nested}, {place})", "VARCHAR"
        expression = quoted(head)
        for part in path:
            fields = self._fields(expression, kind)
            if part not in fields:
                self.absent.add(column)
                return "null::varchar", "VARCHAR"
            expression, kind = f"{expression}.{quoted(part)}", fields[part]
        return expression, kind

    def _fields(self, expression: str, kind: str) -> dict[str, str]:
        """The fields of a struct with their types; nothing for any other type."""
        if not kind.startswith("STRUCT") or kind.endswith("]"):
            return {}
        described = self.con.execute(f"describe select unnest({expression}) from {self.name}").fetchall()
        return {str(row[0]): str(row[1]) for row in described}

    def _row_key(self) -> str:
        if not self.key or any(column not in self.types for column in self.key):
            return self.row_hash()
        parts = " || '/' || ".join(self.identifier(column) for column in self.key)
        return f"coalesce({parts}, {self.row_hash()})"

    def _content(self) -> str:
        columns = [name for name in self.types if name not in BOOKKEEPING]
        return "struct_pack(" + ", ".join(f"{quoted(name)} := {quoted(name)}" for name in columns) + ")"


def raw_table(con: DuckDBPyConnection, source: SourceBase) -> RawTable:
    """Look at the columns that a source has today."""
    described = con.execute(f"describe raw.{source.name}").fetchall()
    return RawTable(con, source.name, tuple(source.key), {str(row[0]): str(row[1]) for row in described})


def quoted(name: str) -> str:
    """A column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"
