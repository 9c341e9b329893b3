"""What the values of a column look like, so that a change is noticed although every file says "text"."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from duckdb import DuckDBPyConnection

from cdp_platform.sources.names import column_of, literal, pointer, quoted

SAMPLE = 10_000
"""Values looked at per column."""
CLEAR = 0.95
"""Share of values that must be of a shape for the column to count as such."""
TEXT_TESTS = {
    "integer": "try_cast({v} as hugeint) is not null and not contains({v}, '.')",
    "decimal": "try_cast({v} as double) is not null",
    "date": "length({v}) <= 10 and try_cast({v} as date) is not null",
    "timestamp": "try_cast({v} as timestamp) is not null",
}
"""Shapes of text from narrow to wide."""
WIDER = {"integer": ("decimal",), "date": ("timestamp",)}
"""Shapes that hold all values of another."""


class Shape(NamedTuple):
    """A column as it was seen so far."""

    position: int | None
    """Place in the table; None for a path into a nested column."""
    type: str
    """Type in the warehouse."""
    shape: str
    """integer, decimal, date, timestamp, boolean, json, binary, text; empty while no value came."""
    rows: int
    """Rows looked at."""
    filled: int
    """Rows with a value."""

    @property
    def share(self) -> float:
        """Share of rows with a value."""
        return self.filled / self.rows if self.rows else 0.0


class Look(NamedTuple):
    """A column in the load at hand."""

    type: str
    shape: str
    rows: int
    filled: int
    fits: Mapping[str, float]
    """Share of the sampled values that are of each shape of text; empty below twenty values and for typed columns."""


def look(con: DuckDBPyConnection, relation: str, columns: Mapping[str, str], paths: Iterable[str]) -> dict[str, Look]:
    """Every column of a relation, and every path into a nested one that has a meaning.

    `relation` needs `_source_file` and `_line`: they choose the sample, so that the same rows give the same answer.
    """
    asked = {name: (kind, quoted(name)) for name, kind in columns.items()}
    for path in paths:
        place = column_of(path, columns)
        if place and place[1]:
            column, keys = place
            asked[path] = ("VARCHAR", _inside(quoted(column), columns[column], keys))
    [[rows]] = con.execute(f"select count(*) from {relation}").fetchall()
    if not rows or not asked:
        return {name: Look(kind, family(kind, {}), rows, 0, {}) for name, (kind, _) in asked.items()}
    counts = ", ".join(f"count({value})" for _, value in asked.values())
    [filled] = con.execute(f"select {counts} from {relation}").fetchall()
    sampled = _sampled(con, relation, rows, [value for kind, value in asked.values() if kind == "VARCHAR"])
    found: dict[str, Look] = {}
    for (name, (kind, value)), count in zip(asked.items(), filled, strict=True):
        seen, fits = sampled.get(value, (0, {}))
        enough = fits if seen >= 20 else {}
        found[name] = Look(kind, family(kind, fits) if count else "empty", rows, count, enough)
    return found


def _sampled(
    con: DuckDBPyConnection, relation: str, rows: int, values: list[str]
) -> dict[str, tuple[int, dict[str, float]]]:
    """For every expression: values sampled, and the share of them that is of each shape of text."""
    if not values:
        return {}
    every = rows // SAMPLE + 1
    tests = ", ".join(
        f"count(v{i}), " + ", ".join(f"count(*) filter ({test.format(v=f'v{i}')})" for test in TEXT_TESTS.values())
        for i in range(len(values))
    )
    picked = ", ".join(f"{value} as v{i}" for i, value in enumerate(values))
    [row] = con.execute(
        f"select {tests} from (select {picked} from {relation} where hash(_source_file, _line) % {every} = 0)"
    ).fetchall()
    width = 1 + len(TEXT_TESTS)
    found: dict[str, tuple[int, dict[str, float]]] = {}
    for i, value in enumerate(values):
        seen, *fitting = row[i * width : (i + 1) * width]
        found[value] = (seen, {shape: n / seen for shape, n in zip(TEXT_TESTS, fitting, strict=True)} if seen else {})
    return found


def family(kind: str, fits: Mapping[str, float]) -> str:
    """The shape that a type, or a column of text whose values fit so, stands for."""
    base = kind.split("(")[0].upper()
    if base == "VARCHAR":
        return next((shape for shape, share in fits.items() if share >= CLEAR), "text")
    if base.endswith("INT") or base in ("INTEGER",):
        return "integer"
    if base in ("DECIMAL", "DOUBLE", "FLOAT"):
        return "decimal"
    if base.startswith("TIMESTAMP"):
        return "timestamp"
    if base in ("STRUCT", "MAP", "JSON") or kind.endswith("]"):
        return "json"
    return {"BLOB": "binary"}.get(base, base.lower())


def _inside(column: str, kind: str, keys: tuple[str, ...]) -> str:
    """The text at a path inside a nested column; null where there is none."""
    place = literal(pointer(keys))
    if kind == "VARCHAR":
        return f"json_extract_string(case when json_valid({column}) then {column} end, {place})"
    return f"json_extract_string({column if kind == 'JSON' else f'to_json({column})'}, {place})"
