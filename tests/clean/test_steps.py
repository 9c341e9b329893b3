"""The room as a whole: contract, skipping, lineage, checks, determinism."""

import random
import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import dagster as dg
import pytest

from cdp_platform.clean import contract
from cdp_platform.clean.assets import definitions
from cdp_platform.clean.lineage import MADE_FROM, WITHIN, column_lineage
from cdp_platform.clean.schema import TYPES
from cdp_platform.clean.steps import STEPS
from cdp_platform.shared.home import Home, home
from cdp_platform.shared.warehouse import engine
from cdp_platform.sources.meanings import Means
from tests.clean.conftest import Room, company

SOURCES = {
    "crm": {"key": ["id"], "person": {"record_id": "id", "full_name": "who.name", "email": "who.mail", "phone": "tel"}},
    "till": {"order_line": {"order_id": "order", "sku": "sku", "quantity": "n", "unit_price": "price",
                            "ordered_at": "time", "customer": {"source": "crm", "column": "card"}}},
    "web": {"event": {"user": "crm"}},
    "log": {"consent": {"email": "mail", "purpose": "why", "status": "word", "changed_at": "time"}},
    "goods": {"product": {"sku": "sku"}},
    "desk": {"ticket": {"ticket_id": "id", "created_at": "time", "customer": {"source": "crm", "column": "who"}}},
}  # fmt: skip


def fill(room: Room, order: Callable[[list[dict[str, str]]], list[dict[str, str]]] = list) -> None:
    room.raw("crm", order([
        {"id": str(n), "tel": f"07150 6971{n % 10:02}",
         "who": f'{{"name": "Ann Lee{n % 7}", "mail": "ann{n % 9}@web.de"}}'}
        for n in range(60)
    ]), who="json")  # fmt: skip
    room.raw("till", order([
        {"order": str(n // 3), "sku": str(n % 4), "n": "1", "price": "0.1", "time": "2026-01-02", "card": str(n % 70)}
        for n in range(90)
    ]))  # fmt: skip
    room.raw("web", order([
        {"messageId": str(n % 50), "type": "identify" if n % 3 else "page",
         "userId": str(n % 5) if n % 4 == 0 else None, "anonymousId": f"d{n % 6}",
         "timestamp": f"2026-06-01T{n % 24:02}:00:00Z",
         "sentAt": f"2026-06-01T{n % 24:02}:00:01Z", "receivedAt": f"2026-06-01T{n % 24:02}:00:02Z",
         "traits": f'{{"email": "u{n}@web.de"}}', "properties": "{}"}
        for n in range(80)
    ]), traits="json", properties="json")  # fmt: skip
    room.raw("log", order([
        {"mail": f"ann{n % 9}@web.de", "why": "ads", "word": ("yes", "no")[n % 2], "time": "2026-01-02"}
        for n in range(20)
    ]))  # fmt: skip
    room.raw("goods", order([{"sku": str(n % 5)} for n in range(9)]))
    room.raw("desk", order([{"id": str(n % 8), "time": "2026-01-02", "who": str(n)} for n in range(12)]))


@pytest.fixture(scope="module")
def filled_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of the company above, built."""
    place = home(tmp_path_factory.mktemp("filled")).create()
    with engine.connect(place) as con:
        con.execute("set threads=1")
        room = Room(con, place)
        fill(room)
        room.build(SOURCES)
    return place.warehouse


@pytest.fixture
def filled(here: Home, filled_warehouse: Path) -> Generator[Room]:
    """A copy of it."""
    shutil.copy(filled_warehouse, here.warehouse)
    with engine.connect(here) as con:
        room = Room(con, here)
        room.company = company(SOURCES)
        yield room


def test_a_company_without_sources_gets_every_table_empty_and_typed(room: Room, filled_warehouse: Path):
    empty = {table.name: room.rows(f"describe {table.name}") for table in contract.TABLES}
    room.con.execute(f"attach '{filled_warehouse}' as other (read_only)")
    full = {table.name: room.rows(f"describe other.{table.name}") for table in contract.TABLES}
    assert empty == full
    for table in contract.TABLES:
        assert [row[0] for row in full[table.name]] == list(table.columns)
        assert room.one(f"select count(*) from {table.name}") == (0,)


def test_the_types_are_of_columns_that_exist():
    columns = {table.name: set(table.columns) for table in contract.TABLES}
    assert all(set(types) <= columns[table] for table, types in TYPES.items())


def test_row_order_and_threads_change_nothing(filled: Room):
    first = dict(filled.rows("select table_name, version from platform.tables"))
    fill(filled, lambda rows: random.Random(7).sample(rows, len(rows)))
    filled.con.execute("set threads=4")
    assert {b.table: b.version for b in filled.build(SOURCES, full=True)} == first


HARM = {
    "delete from clean.order_lines where line_key = 'till:3:1'": "rows_reconcile",
    "update clean.orders set amount = amount + 0.01 where order_key = 'till:3'": "amounts_reconcile",
    "insert into raw.crm select * from raw.crm limit 1": "rows_reconcile",
    "insert into clean.records select * from clean.records limit 1": "key_is_unique",
    "update clean.events set record_key = 'crm:none' where record_key is not null": "records_of_events_are_known",
    "update clean.orders set ordered_at = timestamp '2027-01-01'": "ordered_at_is_past",
    "delete from clean.sessions": "session_id_is_known",
}


def test_each_harm_is_found_by_its_check(filled: Room):
    assert filled.failing() == []
    for harm, check in HARM.items():
        filled.con.execute("begin")
        filled.con.execute(harm)
        assert check in filled.failing(), harm
        filled.con.execute("rollback")


def test_only_what_changed_is_built_again(filled: Room):
    assert all(built.skipped for built in filled.build(SOURCES))
    filled.raw("goods", [{"sku": "1"}])
    again = {built.table: built.skipped for built in filled.build(SOURCES)}
    assert [table for table, skipped in again.items() if not skipped] == [
        "clean.products", "clean.rejected_values", "clean.rejected_rows", "clean.row_report",
    ]  # fmt: skip


def test_a_new_meaning_builds_its_tables_again(filled: Room):
    changed = SOURCES | {"goods": {"product": {"sku": "sku", "name": "sku"}}}
    again = {built.table: built.skipped for built in filled.build(changed)}
    assert not again["clean.products"] and again["clean.orders"] and again["clean.records"]


def test_each_contract_table_is_made_by_one_step():
    made = [table for step in STEPS for table in step.tables]
    assert sorted(t.name for t in made) == sorted(t.name for t in contract.TABLES)


def test_lineage_follows_the_meanings():
    lineage = column_lineage(company(SOURCES))
    assert lineage["clean.records"]["phone_key"] == [("raw.crm", "tel"), ("raw.web", "traits")]
    assert lineage["clean.records"]["email"] == [("raw.crm", "who"), ("raw.web", "traits")]
    assert lineage["clean.orders"]["amount"] == [("raw.till", "n"), ("raw.till", "price")]
    assert lineage["clean.orders"]["record_key"] == [("raw.till", "card")]
    assert lineage["clean.sessions"]["record_key"] == [("clean.events", "record_key")]
    assert "attributes" not in lineage["clean.records"]


def test_lineage_names_only_columns_and_meanings_that_exist():
    columns = {table.name: set(table.columns) for table in contract.TABLES}
    for table, meanings in MADE_FROM.items():
        for meaning, made_from in meanings.items():
            assert set(made_from) <= columns[table]
            [model] = [one for one in Means.model_fields[meaning].annotation.__args__ if one is not type(None)]
            assert {field for fields in made_from.values() for field in fields} <= set(model.model_fields) | {
                "customer"
            }
    for table, made in WITHIN.items():
        assert set(made) <= columns[table]
        assert all(set(names) <= columns[origin] for origin, names in made.values())


def test_the_assets_run_in_dagster_and_every_edge_runs_left_to_right(room: Room, monkeypatch: pytest.MonkeyPatch):
    fill(room)
    room.con.close()
    given = definitions(company(SOURCES))
    specs = {spec.key: spec for asset in given.assets or [] for spec in asset.specs}
    assert {key.path[0] for key in specs} == {"clean"}
    assert {dep.asset_key.path[0] for spec in specs.values() for dep in spec.deps} == {"raw", "clean"}
    result = dg.materialize(list(given.assets or []))
    assert result.success
    checks = [
        e.asset_check_evaluation_data for e in result.all_events if e.event_type_value == "ASSET_CHECK_EVALUATION"
    ]
    assert len(checks) > 40 and all(check.passed for check in checks)
