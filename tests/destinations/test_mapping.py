"""A mapping becomes SQL that gives what a person would expect."""

import hashlib
from typing import Any

import duckdb
import pytest

from cdp_platform.destinations.config import Sync
from cdp_platform.destinations.mapping import CAPITALISE, columns


def mapped(written: Any) -> Any:
    mapping = Sync.model_validate(
        {"name": "s", "destination": {"kind": "csv", "path": "a.csv"}, "everyone": True, "purpose": "p",
         "mapping": {"field": written}}
    ).mapping  # fmt: skip
    con = duckdb.connect()
    con.execute(CAPITALISE)
    [[value]] = con.execute(
        f"select {columns(mapping)} from (select ' Ann' as first_name, null::varchar as last_name, "
        "'Ann@Shop.Example ' as email, '+44 20' as phone, '' as city, 3::bigint as orders, "
        "12.5::decimal(18,4) as net_value) customer, (select 'lost' as label) rfm"
    ).fetchall()
    return value


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("orders", 3),
        ("rfm.label", "lost"),
        ({"value": "O'Neill; drop table x"}, "O'Neill; drop table x"),
        ({"value": 7}, 7),
        ({"value": True}, True),
        ({"template": "{first_name} {last_name}", "transform": ["trim"]}, "Ann"),
        ({"template": "{last_name}!"}, None),
        ({"template": "'{orders}' of \"{rfm.label}\""}, "'3' of \"lost\""),
        ({"field": "email", "transform": ["trim", "lower"]}, "ann@shop.example"),
        ({"field": "email", "transform": ["trim", "lower", "sha256"]}, sha256("ann@shop.example")),
        ({"field": "phone", "transform": ["digits"]}, "4420"),
        ({"field": "city", "transform": ["trim"]}, None),
        ({"field": "city", "transform": ["sha256"]}, None),
        ({"field": "last_name", "transform": ["upper", "sha256"]}, None),
        ({"field": "first_name", "transform": ["trim", "upper"]}, "ANN"),
        ({"value": "ann-marie o'neill van dyke", "transform": ["capitalise"]}, "Ann-Marie O'Neill van Dyke"),
        ({"field": "last_name", "transform": ["capitalise"]}, None),
    ],
)
def test_values(written: Any, expected: Any) -> None:
    assert mapped(written) == expected
