"""What people see: results, reports and previews, without anybody's values."""

import json

import duckdb

from cdp_platform.destinations.contract import TABLES
from cdp_platform.destinations.preview import mask, personal, preview
from cdp_platform.destinations.report import last_runs, status
from cdp_platform.destinations.run import run_sync
from cdp_platform.destinations.state import opened
from cdp_platform.shared.home import Home
from cdp_platform.shared.warehouse import engine
from tests.destinations.shop import NOON, company_of, publish, query, sync

TWO = company_of(
    sync(),
    sync(name="hook", destination={"kind": "webhook", "url_env": "NOT_SET"}),
    sync(name="b", destination={"kind": "csv", "path": "b.csv"}),
)


def test_the_published_tables_are_those_of_the_contract(place: Home) -> None:
    publish(place, "s1", ["a"])
    run_sync(TWO, place, "vips", now=NOON)
    for table in TABLES:
        columns = [row[0] for row in query(place, f"select column_name from (describe {table.name})")]
        assert columns == list(table.columns), table.name
        assert query(place, f"select count(*) - count(distinct ({', '.join(table.key)})) from {table.name}") == [(0,)]


def test_every_sync_is_in_the_results_also_while_another_is_running(place: Home) -> None:
    publish(place, "s1", ["a"])
    run_sync(TWO, place, "vips", now=NOON)
    with opened(place, "vips"):
        run_sync(TWO, place, "b", now=NOON)
        assert query(place, "select sync, status from destinations.runs order by 1") == [
            ("b", "succeeded"), ("vips", "succeeded"),
        ]  # fmt: skip


def test_no_value_of_a_person_is_published(place: Home) -> None:
    publish(place, "s1", {"a": {"city": "Llanfairpwll", "email": "secret@shop.example"}})
    run_sync(TWO, place, "vips", now=NOON)
    with duckdb.connect() as con:
        con.execute(f"attach '{place.destinations}' as d (read_only)")
        for table in TABLES:
            text = str(con.execute(f"from d.{table.short}").fetchall())
            assert "Llanfairpwll" not in text
            assert "secret" not in text


def test_the_last_runs_in_one_line_each(place: Home) -> None:
    publish(place, "s1", ["a", "b", "c"], denied=["b"])
    run_sync(TWO, place, "vips", now=NOON)
    publish(place, "s2", ["a", "b", "d"], denied=["b"])
    run_sync(TWO, place, "vips", now=NOON)
    with engine.read(place) as con:
        [line] = last_runs(con)
    stays = query(place, "select row_key, first_run, last_run from destinations.state order by 1")
    assert stays == [("a", 1, 1), ("d", 2, 2)]
    assert line == ("vips", "csv", 3, 1, 0, 1, 0, "1 no consent", "succeeded")
    assert [(s.sync, s.status, s.run_id, s.held) for s in status(TWO, place)] == [
        ("vips", "succeeded", 2, 2), ("hook", "not configured: set NOT_SET", None, 0), ("b", "never ran", None, 0),
    ]  # fmt: skip


def test_a_preview_shows_old_and_new_and_moves_nothing(place: Home) -> None:
    publish(place, "s1", {"a": {"city": "Rome"}, "b": {}, "c": {}})
    before_any_run = preview(TWO, place, "vips", now=NOON)
    assert before_any_run.waterfall["create"] == 3
    assert not place.syncs.exists()
    run_sync(TWO, place, "vips", now=NOON)
    publish(place, "s2", {"a": {"city": "Oslo"}, "b": {}, "d": {}})
    state = (place.syncs / "vips.duckdb").read_bytes()

    seen = preview(TWO, place, "vips", now=NOON, reveal=True)

    assert (place.syncs / "vips.duckdb").read_bytes() == state
    assert [(c.operation, c.key) for c in seen.changes] == [("create", "d"), ("remove", "c"), ("update", "a")]
    assert seen.changes[2].fields == {"city": ("Rome", "Oslo")}
    ran = run_sync(TWO, place, "vips", now=NOON)
    assert (ran.run_id, ran.waterfall) == (2, seen.waterfall)


def test_a_preview_is_masked_unless_asked(place: Home, monkeypatch) -> None:
    monkeypatch.setenv("NOT_SET", "http://127.0.0.1:1/")
    publish(place, "s1", {"a": {"city": "Rome", "email": "ann@shop.example"}})
    masked = preview(TWO, place, "hook", now=NOON)
    assert masked.changes[0].fields["email"] == (None, "a…")
    [item] = json.loads(masked.requests[0])
    assert item == {"operation": "upsert", "key": "a", "fields": {"city": "R…", "email": "a…", "id": "a"}}
    assert "ann@" in preview(TWO, place, "hook", now=NOON, reveal=True).requests[0]


def test_only_what_is_made_from_a_person_is_masked() -> None:
    name = {"template": "{first_name} of {orders}"}
    mapping = {
        "hash": {"field": "email", "transform": ["sha256"]},
        "name": name,
        "orders": "orders",
        "rfm": "rfm.label",
    }
    [made] = company_of(sync(mapping=mapping)).destinations.syncs
    assert personal(made) == {"hash", "name"}
    assert [mask(value) for value in ("Ann", None, 7)] == ["A…", None, "7…"]
