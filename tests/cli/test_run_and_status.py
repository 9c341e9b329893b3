"""`cdp run` of a part, and what `cdp status` says before, between and after."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from cdp_platform.shared.home import Home
from tests.cli.conftest import Shop


def tables(shop: Shop) -> set[str]:
    """Tables that the warehouse holds, by room."""
    with duckdb.connect(str(shop.home.warehouse), read_only=True) as con:
        return {name for [name] in con.execute("select table_name from platform.tables").fetchall()}


def test_a_selection_makes_only_its_part_and_publishes_nothing(new_shop: Callable[[], Shop]):
    shop = new_shop()

    done = shop.cdp("run", "--select", "+identity/customer_ids")

    assert done.returncode == 0, done.stdout + done.stderr
    made = tables(shop)
    assert {"raw.crm", "clean.records", "identity.clusters", "identity.customer_ids"} <= made
    assert {name.split(".")[0] for name in made} == {"raw", "clean", "identity"}
    assert not shop.home.published.exists()
    assert shop.cdp("status").returncode == 3
    assert shop.cdp("query", "select 1").returncode == 3


def test_a_selection_that_matches_nothing_or_is_not_understood_is_2(shop: Shop):
    for selection, words in (
        ("group:nowhere", "matches no table"),
        ("+identity/customer_idz", "Did you mean 'identity/customer_ids'?"),
        ("group:(", "is not understood"),
    ):
        done = shop.cdp("run", "--select", selection)

        assert done.returncode == 2, selection
        assert words in done.stderr
        assert selection in done.stderr
        assert done.stdout == "", "nothing was run"
        assert "Traceback" not in done.stderr


def test_status_before_anything_is_3_and_says_how_to_start(new_shop: Callable[[], Shop]):
    done = new_shop().cdp("status")

    assert done.returncode == 3
    assert "cdp run" in done.stdout


def test_status_is_1_while_a_warning_is_open_though_the_run_was_0(shop: Shop, tmp_path: Path):
    shutil.copytree(shop.folder.parent, tmp_path / "copy")
    copy = Shop(tmp_path / "copy/shop", Home(tmp_path / "copy/home"))
    with (copy.folder / "crm.csv").open("a") as people:
        people.write("99,one,column,too@many.example,1990-01-01,2026-01-01,here\n")

    assert copy.cdp("run").returncode == 0, "a warning blocks nothing"

    done = copy.cdp("status")
    assert done.returncode == 1
    assert "WARN" in done.stdout
    assert "raw/crm: rejected_share" in done.stdout


def test_status_is_0_when_all_is_well_and_names_the_snapshot_its_day_and_its_age(shop: Shop):
    done = shop.cdp("status")
    answer = shop.cdp("query", "select snapshot_id from platform.snapshot", "--format", "csv")

    assert done.returncode == 0, done.stdout
    assert "All checks pass, no table is late." in done.stdout
    assert "Corner shop: snapshot " + answer.stdout.split()[1] in done.stdout
    assert "as of 2026-06-30" in done.stdout
    assert "ago)" in done.stdout
