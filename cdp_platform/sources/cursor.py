"""How far a source was read: the greatest value of its cursor column, kept as text."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from duckdb import DuckDBPyConnection

from cdp_platform.sources.names import quoted


def highest(con: DuckDBPyConnection, relation: str, column: str) -> str | None:
    """The greatest value of a column as `parameter` reads it back; None where there is none.

    Text from an API is compared as number or time where it is one ("9" comes before "10").
    """
    value = quoted(column)
    order = ", ".join(f"{rank} desc nulls last" for rank in [*ranks(value), value])
    found = con.execute(f"select {value} from {relation} where {value} is not null order by {order} limit 1").fetchall()
    return said(found[0][0]) if found else None


def ranks(expression: str) -> list[str]:
    """SQL expressions that put versions of a row in order, whether they are told apart by number or by time."""
    text = f"{expression}::varchar"
    return [f"try_cast({text} as double)", f"try_cast({text} as timestamptz)"]


def said(value: Any) -> str:
    """A value as text that `parameter` reads back."""
    if isinstance(value, datetime):
        return f"timestamp {value.isoformat()}"
    if isinstance(value, date):
        return f"date {value.isoformat()}"
    if isinstance(value, int | float | Decimal):
        return f"number {value}"
    return f"text {value}"


def parameter(value: str) -> Any:
    """A kept value as the database driver takes it."""
    kind, text = value.split(" ", 1)
    if kind == "timestamp":
        return datetime.fromisoformat(text)
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "number":
        return int(text) if text.lstrip("-").isdigit() else Decimal(text)
    return text


def later(one: str | None, other: str | None) -> str | None:
    """The greater of two kept values; one that was kept in another form is given up for the newer."""
    if one is None or other is None:
        return one or other
    if one.split(" ", 1)[0] != other.split(" ", 1)[0]:
        return other
    return max(one, other, key=parameter)


def step_back(value: str, reread: float) -> str:
    """A kept value moved back by the re-read window: days for a time, also one written as text, else its own unit."""
    if not reread:
        return value
    kind, text = value.split(" ", 1)
    if kind in ("timestamp", "date"):
        return said(parameter(value) - timedelta(days=reread))
    if kind == "number":
        return said(parameter(value) - Decimal(str(reread)))
    try:
        return f"text {_earlier(text, reread)}"
    except (ValueError, InvalidOperation):
        return value


def _earlier(text: str, reread: float) -> str:
    """A time or number written as text, moved back and written the same way."""
    if text.lstrip("-").replace(".", "", 1).isdigit():
        return str(Decimal(text) - Decimal(str(reread)))
    at = datetime.fromisoformat(text) - timedelta(days=reread)
    if len(text) == len("2011-12-09"):
        return at.date().isoformat()
    sep = "T" if "T" in text else " "
    if text.endswith("Z"):
        return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=sep) + "Z"
    return at.isoformat(sep=sep)
