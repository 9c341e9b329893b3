"""One meaning, any shape of raw data."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from cdp_platform.clean import macros
from cdp_platform.clean.raw_table import raw_table
from cdp_platform.sources.meanings import Constant
from tests.clean.conftest import Room, company


def reader(room: Room, **columns: str):
    """raw.thing with one row; each column by an SQL expression."""
    macros.install(room.con)
    listed = ", ".join(f'{value} as "{name}"' for name, value in columns.items())
    room.con.execute(f"create or replace table raw.thing as select {listed}")
    [source] = company({"thing": {}}).sources.sources
    return raw_table(room.con, source)


def value(room: Room, raw: Any, expression: str) -> Any:
    return room.one(f"select {expression} from {raw.name}")[0]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("12346::bigint", "12346"), ("12346::double", "12346"), ("12346.5::double", "12346.5"), ("'12346.0'", "12346"),
        ("' 12346 '", "12346"), ("12346::decimal(10,2)", "12346"), ("'\"12346\"'::json", "12346"), ("''", None),
        ("true", "true"), ("date '2020-01-02'", "2020-01-02"),
    ],
)  # fmt: skip
def test_a_key_is_the_same_text_whatever_its_type(room: Room, expression: str, text: str | None):
    raw = reader(room, id=expression)
    assert value(room, raw, raw.identifier("id")) == text


@pytest.mark.parametrize("expression", ["0.1 + 0.2", "'0.3'", "0.3::decimal(10,2)", "0.3::float", "'0.3'::json"])
def test_an_amount_is_exact_whatever_its_type(room: Room, expression: str):
    raw = reader(room, price=expression)
    assert value(room, raw, raw.number("price")) == Decimal("0.3000")


@pytest.mark.parametrize("expression", ["'nan'::double", "'inf'::double", "1e300", "null::bigint"])
def test_what_is_no_amount_is_null(room: Room, expression: str):
    raw = reader(room, price=expression)
    assert value(room, raw, raw.number("price")) is None


@pytest.mark.parametrize(
    "expression",
    [
        "timestamp '2020-01-02 03:04:05'", "timestamptz '2020-01-02 03:04:05+00'",
        "timestamptz '2020-01-02 05:04:05+02'",
        "'2020-01-02T03:04:05Z'", "1577934245::bigint", "1577934245000::bigint",
    ],
)  # fmt: skip
def test_a_time_is_utc_whatever_its_type(room: Room, expression: str):
    raw = reader(room, at_=expression)
    assert value(room, raw, raw.moment("at_")) == datetime(2020, 1, 2, 3, 4, 5)


def test_dates_of_typed_columns(room: Room):
    raw = reader(room, day="date '2020-01-02'", time="timestamp '2020-01-02 03:04:05'")
    assert value(room, raw, raw.date("day")) == value(room, raw, raw.date("time")) == date(2020, 1, 2)


@pytest.mark.parametrize(
    "expression",
    [
        """'{"email": "ann@web.de"}'::json""", """'{"email": "ann@web.de"}'""", "{'email': 'ann@web.de'}",
    ],
)  # fmt: skip
def test_a_path_leads_into_json_text_and_structs(room: Room, expression: str):
    raw = reader(room, requester=expression)
    assert value(room, raw, raw.text("requester.email")) == "ann@web.de"


def test_a_path_leads_deep_into_a_struct(room: Room):
    raw = reader(room, a="{'b': {'c': 5.0::double}}")
    assert value(room, raw, raw.identifier("a.b.c")) == "5"


def test_a_header_may_hold_a_dot(room: Room):
    raw = reader(room, **{"requester.email": "'flat@web.de'", "requester": """'{"email": "nested@web.de"}'::json"""})
    assert value(room, raw, raw.text("requester.email")) == "flat@web.de"


def test_an_odd_column_name_is_only_a_name(room: Room):
    raw = reader(room, **{"e-mail address": "'a@b.de'"})
    assert value(room, raw, raw.text("e-mail address")) == "a@b.de"


def test_a_constant_is_the_same_for_every_row(room: Room):
    raw = reader(room, id="1")
    assert value(room, raw, raw.text(Constant(value="it's"))) == "it's"
    assert value(room, raw, raw.text(Constant(value=True))) == "true"
    assert value(room, raw, raw.number(Constant(value=2.5))) == Decimal("2.5")


def test_a_column_that_left_the_source_reads_as_null_and_is_told(room: Room):
    raw = reader(room, id="1", nested="{'here': 1}")
    for column in ("gone", "nested.gone", "gone.deeper"):
        assert value(room, raw, raw.text(column)) is None
    assert raw.absent == {"gone", "nested.gone", "gone.deeper"}


def test_a_view_without_bookkeeping_columns_can_be_read(room: Room):
    raw = reader(room, id="7")
    [row] = room.rows(f"select source, row_key, loaded_at, content from ({raw.select({'id': raw.identifier('id')})})")
    assert (row[0], row[2], row[3]) == ("thing", None, {"id": 7})
    assert len(row[1]) == 32, "an md5 of the row stands for its key"
