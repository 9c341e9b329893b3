"""`cdp query`."""

import json
import sys
from pathlib import Path

import duckdb
import polars as pl

from cdp_platform.cli.place import errors
from cdp_platform.shared.home import home
from cdp_platform.shared.warehouse import engine


def query(sql: str, folder: Path | None, how: str) -> int:
    """0 after printing the result, 1 when the query is wrong, 3 when nothing is published yet."""
    try:
        with engine.read(home(folder)) as con:
            result = con.sql(sql)
            if result is None:  # pyright: ignore[reportUnnecessaryComparison] blanks and comments alone give nothing
                errors.print("There is no query to answer.", style="red")
                return 1
            if how == "table":
                _print_table(list(result.columns), result.limit(1000).fetchall())
            else:
                frame = result.pl()
                if how == "csv":
                    _nested_as_json(frame).write_csv(sys.stdout)
                else:
                    sys.stdout.write(_json(frame.to_dicts()) + "\n")
    except FileNotFoundError as missing:
        errors.print(str(missing), style="red")
        return 3
    except duckdb.Error as wrong:
        errors.print(str(wrong), style="red", markup=False)
        return 1
    return 0


def _nested_as_json(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists and structs as JSON text: CSV knows neither. `show all tables` has some."""
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    texts = {
        name: [None if value is None else _json(value) for value in frame.select(name).to_dict(as_series=False)[name]]
        for name in nested
    }
    return frame.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in texts.items())


def _json(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)


def _print_table(columns: list[str], rows: list[tuple[object, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(header_style="bold")
    for index, column in enumerate(columns):
        number = bool(rows) and all(isinstance(r[index], int | float) or r[index] is None for r in rows)
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    console.print(table)
    console.print(f"{len(rows)} rows" + (" (the first 1000; --format csv prints all)" if len(rows) == 1000 else ""))
