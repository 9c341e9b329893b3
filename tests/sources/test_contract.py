"""What every kind of source promises, whatever it reads. A new connector joins by one entry in KINDS."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pytest
import sqlalchemy as sa

from cdp_platform.sources.connectors.base import IncompatibleError, SourceError
from tests.sources.api import Api
from tests.sources.conftest import Bench

Row = dict[str, Any]
PEOPLE: list[Row] = [
    {"id": f"p{number:02}", "email": f"person{number}@example.com", "city": "York", "changed": f"2011-12-{number:02}"}
    for number in range(1, 26)
]
MEANS = {"person": {"record_id": "id", "email": "email", "updated_at": "changed"}}


class Outside(Protocol):
    """A place that a source reads."""

    source: dict[str, Any]

    def hold(self, rows: list[Row]) -> None:
        """Hold exactly these rows, with the columns of the first."""
        ...

    def spoil(self) -> None:
        """Add one row that cannot be used."""
        ...

    def close(self) -> None: ...


def _described(**how: Any) -> dict[str, Any]:
    return {"name": "people", "key": ["id"], "means": MEANS, **how}


class Csv:
    def __init__(self, bench: Bench):
        self.path = bench.files / "people.csv"
        self.source = _described(kind="csv", path="people.csv")

    def hold(self, rows: list[Row]) -> None:
        pl.DataFrame(rows).write_csv(self.path)

    def spoil(self) -> None:
        self.path.write_text(self.path.read_text() + "p99,too,few\n")

    def close(self) -> None: ...


class Ndjson:
    def __init__(self, bench: Bench):
        self.path = bench.files / "people.ndjson"
        self.source = _described(kind="ndjson", path="people.ndjson")

    def hold(self, rows: list[Row]) -> None:
        self.path.write_text("".join(json.dumps(row) + "\n" for row in rows))

    def spoil(self) -> None:
        self.path.write_text(self.path.read_text() + '{"id": "p99", "email":\n')

    def close(self) -> None: ...


class Parquet:
    def __init__(self, bench: Bench):
        self.path = bench.files / "people.parquet"
        self.source = _described(kind="parquet", path="people.parquet")

    def hold(self, rows: list[Row]) -> None:
        pl.DataFrame(rows).write_parquet(self.path)

    def spoil(self) -> None:
        content = pl.read_parquet(self.path)
        pl.concat([content, content.head(1).with_columns(id=pl.lit(""))]).write_parquet(self.path)

    def close(self) -> None: ...


class Sql:
    def __init__(self, bench: Bench):
        self.engine = sa.create_engine(f"sqlite:///{bench.files / 'people.sqlite'}")
        self.source = _described(kind="sql", url="sqlite:///people.sqlite", table="people")

    def hold(self, rows: list[Row]) -> None:
        columns = ", ".join(rows[0])
        with self.engine.begin() as connection:
            connection.exec_driver_sql("drop table if exists people")
            connection.exec_driver_sql(f"create table people({columns})")
            values = ", ".join(f":{column}" for column in rows[0])
            connection.execute(sa.text(f"insert into people values ({values})"), rows)

    def spoil(self) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql("insert into people(email) values ('nobody@example.com')")

    def close(self) -> None:
        self.engine.dispose()


class Http:
    def __init__(self, bench: Bench):
        self.api = Api()
        self.source = _described(
            kind="http", url=f"{self.api.url}/people", rows="data.people", requests_per_second=1000,
            pages={"style": "page", "size_parameter": "size", "size": 10},
        )  # fmt: skip

    def hold(self, rows: list[Row]) -> None:
        self.api.rows = list(rows)

    def spoil(self) -> None:
        self.api.rows.append("not an object")

    def close(self) -> None:
        self.api.close()


class Table:
    def __init__(self, bench: Bench):
        self.con = bench.con
        self.source = _described(kind="table", table="erp.people")

    def hold(self, rows: list[Row]) -> None:
        frame = pl.DataFrame(rows)
        self.con.execute("create schema if not exists erp")
        self.con.register("frame", frame)
        self.con.execute("create or replace table erp.people as from frame")
        self.con.unregister("frame")

    def spoil(self) -> None:
        self.con.execute("insert into erp.people(email) values ('nobody@example.com')")

    def close(self) -> None: ...


KINDS: dict[str, Callable[[Bench], Outside]] = {
    "csv": Csv, "ndjson": Ndjson, "parquet": Parquet, "sql": Sql, "http": Http, "table": Table,
}  # fmt: skip


@pytest.fixture(params=KINDS)
def outside(request: pytest.FixtureRequest, bench: Bench) -> Iterator[Outside]:
    place = KINDS[request.param](bench)
    place.hold(PEOPLE)
    yield place
    place.close()


def _people(bench: Bench) -> list[tuple[Any, ...]]:
    return bench.rows("people", "id", "email", "city", "changed")


def _as_rows(people: list[Row]) -> list[tuple[Any, ...]]:
    return sorted(tuple(person.values()) for person in people)


def test_every_row_lands_with_where_and_when_it_came_from(outside: Outside, bench: Bench):
    loaded = bench.load(outside.source)

    assert _people(bench) == _as_rows(PEOPLE)
    assert bench.rejected("people") == []
    [name] = {file for [file] in bench.rows("people", "_source_file")}
    assert name == outside.source.get("path", "people")
    assert len(set(bench.rows("people", "_row_hash"))) == 25
    assert len(set(bench.rows("people", "_loaded_at"))) == 1
    assert loaded.built[0].rows == 25
    assert all(outcome.passed for outcome in bench.outcomes(outside.source, loaded).values())


def test_loading_the_same_twice_changes_nothing(outside: Outside, bench: Bench):
    first = bench.load(outside.source)
    before = bench.everything("people")

    again = bench.load(outside.source)

    assert bench.everything("people") == before
    assert [built.version for built in again.built] == [built.version for built in first.built]
    assert not any(built.changed for built in again.built)


def test_a_changed_a_new_and_a_deleted_row_are_seen_and_the_others_stay_as_they_were(outside: Outside, bench: Bench):
    bench.load(outside.source)
    before = dict(bench.rows("people", "id", "_loaded_at"))
    moved = {**PEOPLE[1], "city": "Leeds"}
    new = {**PEOPLE[0], "id": "p77"}
    outside.hold([moved, *PEOPLE[2:], new])

    loaded = bench.load(outside.source)

    assert _people(bench) == _as_rows([moved, *PEOPLE[2:], new])
    assert bench.rejected("people") == []
    if outside.source["kind"] != "table":
        after = dict(bench.rows("people", "id", "_loaded_at"))
        assert {name for name, at in after.items() if at != before.get(name)} == {"p02", "p77"}
        notes = loaded.built[0].notes
        assert (notes["rows_added"], notes["rows_changed"], notes["rows_removed"]) == (1, 1, 1)


def test_a_bad_row_is_rejected_with_its_reason_and_the_others_load(outside: Outside, bench: Bench):
    outside.spoil()

    loaded = bench.load(outside.source)

    assert _people(bench) == _as_rows(PEOPLE)
    [(_, _, text, reason)] = bench.rejected("people")
    assert text
    assert reason in ("3 columns, expected 4", "broken JSON", "key is empty", "is not a JSON object")
    outcomes = bench.outcomes(outside.source, loaded)
    assert outcomes["rows_reconcile"].passed
    assert not outcomes["rejected_share"].passed  # 1 of 26 is above 1 %
    assert outcomes["rejected_share"].check.severity == "WARN"


def test_a_repeated_row_and_an_older_version_are_rejected(outside: Outside, bench: Bench):
    older = {**PEOPLE[4], "city": "Hull", "changed": "2010-01-01"}
    outside.hold([*PEOPLE, PEOPLE[0], older])

    loaded = bench.load(outside.source)

    assert _people(bench) == _as_rows(PEOPLE)
    assert sorted(reason for *_, reason in bench.rejected("people")) == [
        "exact duplicate",
        "superseded by a later row with the same key",
    ]
    outcomes = bench.outcomes(outside.source, loaded)
    assert outcomes["rows_reconcile"].passed
    assert outcomes["key_is_unique"].passed
    assert outcomes["rejected_share"].passed  # nothing is lost by them


def test_a_new_column_is_added_and_reported(outside: Outside, bench: Bench):
    bench.load(outside.source)
    outside.hold([{**person, "shoe_size": "42"} for person in PEOPLE])

    loaded = bench.load(outside.source)

    assert set(bench.rows("people", "shoe_size")) == {("42",)}
    stable = bench.outcomes(outside.source, loaded)["schema_is_stable"]
    assert not stable.passed
    assert stable.check.severity == "WARN"
    assert "people.shoe_size is new" in stable.detail
    assert bench.outcomes(outside.source, bench.load(outside.source, full=True))["schema_is_stable"].passed


def test_without_a_column_that_means_something_the_last_good_load_stays(outside: Outside, bench: Bench):
    bench.load(outside.source)
    before = bench.everything("people")
    outside.hold([{("e_mail" if name == "email" else name): v for name, v in p.items()} for p in PEOPLE])

    if outside.source["kind"] == "table":  # nothing was copied that could stay
        with pytest.raises(IncompatibleError, match=r"people\.email is missing"):
            bench.load(outside.source)
        return
    loaded = bench.load(outside.source)

    assert bench.everything("people") == before
    assert isinstance(loaded.refused, IncompatibleError)
    compatible = bench.outcomes(outside.source, loaded)["schema_is_compatible"]
    assert not compatible.passed
    assert compatible.check.severity == "ERROR"
    for word in ("people.email is missing", "clean.records.email", "identity", "Did you mean 'e_mail'?"):
        assert word in compatible.detail
    outside.hold(PEOPLE)
    mended = bench.load(outside.source)
    assert bench.outcomes(outside.source, mended)["schema_is_compatible"].passed


def test_without_a_column_that_means_nothing_the_load_goes_on(outside: Outside, bench: Bench):
    bench.load(outside.source)
    outside.hold([{name: value for name, value in person.items() if name != "city"} for person in PEOPLE])

    loaded = bench.load(outside.source)

    assert len(bench.rows("people", "id")) == 25
    if outside.source["kind"] != "table":
        assert set(bench.rows("people", "city")) == {(None,)}
    stable = bench.outcomes(outside.source, loaded)["schema_is_stable"]
    assert "people.city is missing" in stable.detail
    assert bench.outcomes(outside.source, loaded)["schema_is_compatible"].passed


def test_a_column_that_changed_its_type_is_refused_when_it_means_something(outside: Outside, bench: Bench):
    bench.load(outside.source)
    outside.hold([{**person, "changed": f"version {number}"} for number, person in enumerate(PEOPLE)])

    if outside.source["kind"] == "table":  # text is text: only the values differ, and they are not looked at
        return
    loaded = bench.load(outside.source)

    assert isinstance(loaded.refused, IncompatibleError)
    assert "people.changed was date and is text now: clean.records.updated_at would break" in str(loaded.refused)


def test_reading_everything_gives_what_the_loads_gave(outside: Outside, bench: Bench):
    bench.load(outside.source)
    outside.hold([{**person, "city": "Leeds", "note": None} for person in PEOPLE[5:]])
    outside.spoil()
    bench.load(outside.source)
    before = bench.everything("people")

    bench.load(outside.source, full=True)

    assert bench.everything("people") == before


def test_a_place_that_is_not_there_is_an_error_at_first_and_keeps_the_rows_later(outside: Outside, bench: Bench):
    where = {"path": "nowhere.csv", "url": "sqlite:///nowhere.sqlite", "table": "erp.peple"}
    if outside.source["kind"] == "http":
        where["url"] = outside.source["url"].replace("/people", "/nowhere")
    lost = {name: where.get(name, value) for name, value in outside.source.items()}
    if outside.source["kind"] == "sql":
        lost["table"] = "people"
    with pytest.raises(SourceError, match=r"nowhere|erp\.people"):
        bench.load(lost)
    if outside.source["kind"] == "table":
        return
    bench.load(outside.source)
    before = bench.everything("people")

    loaded = bench.load(lost)

    assert bench.everything("people") == before
    assert not bench.outcomes(lost, loaded)["input_arrived"].passed


def test_no_file_is_left_behind(outside: Outside, bench: Bench, tmp_path: Path):
    bench.load(outside.source)

    assert not list(bench.home.folder.glob(".sql*"))
