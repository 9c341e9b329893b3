"""Mistakes in sources/defs.yaml are refused before anything runs."""

from typing import Any

import pytest

from cdp_platform.shared.mistakes import ConfigMistakes
from tests.sources.conftest import Bench

CSV = {"name": "x", "kind": "csv", "path": "x.csv"}
HTTP = {"name": "x", "kind": "http", "url": "https://api.example.com/x"}
SQL = {"name": "x", "kind": "sql", "url": "sqlite:///x.sqlite", "table": "x"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({**CSV, "header": False}, "give columns when, and only when, header is false"),
        ({**CSV, "columns": ["a"]}, "give columns when, and only when, header is false"),
        ({**CSV, "name": "x__rejected"}, "names that end in __rejected are taken"),
        ({**HTTP, "url": "https://user:secret@api.example.com/x"}, "the url holds a password"),
        ({**HTTP, "cursor": "changed"}, "cursor and cursor_parameter go together"),
        ({**HTTP, "pages": {"style": "cursor"}}, "style cursor needs `next`"),
        ({**SQL, "url": "postgresql://me:secret@host/x"}, "the url holds a password"),
        ({**SQL, "query": "select 1"}, "give table or query"),
        ({**SQL, "cursor": "changed"}, "a cursor needs a key"),
        ({**CSV, "kind": "cvs"}, "Did you mean 'csv'"),
    ],
)
def test_a_mistake_is_named(bench: Bench, source: dict[str, Any], message: str):
    with pytest.raises(ConfigMistakes, match=message):
        bench.company(source)


@pytest.mark.parametrize(
    ("path", "whole", "expected"),
    [("x.csv", None, True), ("x/*.csv", None, False), ("x/*.csv", True, True), ("x.csv", False, False)],
)
def test_a_single_path_is_a_whole_export_and_a_glob_adds_up(
    bench: Bench, path: str, whole: bool | None, expected: bool
):
    [source] = bench.company({**CSV, "path": path, "whole": whole}).sources.sources

    assert source.is_whole() is expected
