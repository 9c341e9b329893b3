"""What the room promises: columns, checks, and the real company's people."""

from collections.abc import Generator
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.identity import checks, contract
from cdp_platform.identity.component import Identity
from cdp_platform.identity.config import IdentityConfig
from cdp_platform.identity.link import make_edges, make_records
from cdp_platform.shared.home import home
from cdp_platform.shared.warehouse import check, engine
from cdp_platform.shared.warehouse.build import DDL
from tests.identity.conftest import Room, company
from tests.identity.people import town


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Generator[Room]:
    place = home(tmp_path_factory.mktemp("home")).create()
    with engine.connect(place) as con:
        room = Room(con, place)
        room.records(town(60)[0])
        room.run()
        con.execute(DDL)
        yield room


def all_checks() -> list[check.Check]:
    config = IdentityConfig(max_cluster_size=20)
    return [
        *checks.record_checks(), *checks.edge_checks(), *checks.cluster_checks(config),
        *checks.customer_id_checks(config),
    ]  # fmt: skip


def failed(con: DuckDBPyConnection) -> set[str]:
    return {outcome.check.name for outcome in check.run(con, all_checks()) if not outcome.passed}


def test_tables_have_the_promised_columns(built: Room) -> None:
    for table in contract.TABLES:
        columns = [row[0] for row in built.con.execute(f"describe {table.name}").fetchall()]
        assert columns == list(table.columns), table.name


def test_checks_pass_on_a_good_build(built: Room) -> None:
    assert failed(built.con) == set()


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("delete from identity.customer_ids where record_key = 'shop:1'", "every_record_has_a_customer"),
        ("delete from identity.records where record_key = 'shop:1'", "every_record_is_there"),
        ("insert into identity.customer_ids select * from identity.customer_ids limit 1", "key_is_unique"),
        ("update identity.clusters set cluster = 'shop:0'", "largest_is_bounded"),
        ("update identity.crosswalk set state = 'gone'", "covers_every_id"),
        (
            "insert into platform.history values ('identity.crosswalk', now()::timestamp, 1000000, 'v')",
            "forgets_no_id",
        ),
        ("update identity.quality set value = 0.2 where figure = 'share of records moved'", "few_records_moved"),
        ("update clean.records set customer_number = record_key; "
         "update identity.customer_ids set customer_id = 'c1'", "few_customer_numbers"),
    ],
)  # fmt: skip
def test_checks_find_damage(built: Room, damage: str, found: str) -> None:
    built.con.execute("begin")
    built.con.execute(damage)
    names = failed(built.con)
    built.con.execute("rollback")
    assert found in names


def test_assets_read_left_to_right() -> None:
    graph = dg.Definitions.merge(Identity.definitions(company())).resolve_asset_graph()
    made = [["identity", name] for name in ("records", "edges", "clusters", "customer_ids")]
    for earlier, later in pairwise(made):
        assert dg.AssetKey(earlier) in graph.get(dg.AssetKey(later)).parent_keys


def test_notes_hold_no_value_of_a_person(built: Room) -> None:
    notes = str(make_records(built.step())) + str(make_edges(built.step()))
    values = built.con.execute("""
        select distinct unnest([last_name, email_key, phone_key, postcode]) from clean.records""").fetchall()
    assert not [value for (value,) in values if value and value in notes]


def test_the_truth_is_read_by_nothing_but_benchmarks() -> None:
    room = Path(checks.__file__).parent
    assert not [file.name for file in room.glob("*.py") if "truth/" in file.read_text(encoding="utf-8")]
