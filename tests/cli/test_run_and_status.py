"""`cdp run` of a part, and what `cdp status` says before, between and after."""

from collections.abc import Callable

import duckdb

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


def test_a_selection_that_matches_nothing_or_is_not_understood_is_2(new_shop: Callable[[], Shop]):
    shop = new_shop()

    for selection, words in (("identity/customer_idz", "matches no table"), ("group:(", "is not understood")):
        done = shop.cdp("run", "--select", selection)

        assert done.returncode == 2, selection
        assert words in done.stderr
        assert selection in done.stderr
        assert "Traceback" not in done.stderr
    assert not shop.home.warehouse.exists()


def test_status_before_anything_is_3_and_says_how_to_start(new_shop: Callable[[], Shop]):
    done = new_shop().cdp("status")

    assert done.returncode == 3
    assert "cdp run" in done.stdout


def test_status_is_0_when_all_is_well_and_1_with_a_warning_until_it_is_gone(new_shop: Callable[[], Shop]):
    shop = new_shop()
    people = shop.folder / "crm.csv"
    good = people.read_text()

    assert shop.cdp("run").returncode == 0
    well = shop.cdp("status")
    assert (well.returncode, "All checks pass" in well.stdout) == (0, True), well.stdout

    people.write_text(good + "31,too,many,columns,1990-01-01,2026-01-01,here\n")
    assert shop.cdp("run").returncode == 0, "a warning blocks nothing"
    ill = shop.cdp("status")
    assert ill.returncode == 1
    assert "WARN" in ill.stdout
    assert "raw/crm: rejected_share" in ill.stdout

    people.write_text(good)
    assert shop.cdp("run").returncode == 0
    assert shop.cdp("status").returncode == 0


def test_status_names_the_snapshot_its_day_and_its_age(shop: Shop):
    done = shop.cdp("status")
    answer = shop.cdp("query", "select snapshot_id from platform.snapshot", "--format", "csv")

    assert done.returncode == 0, done.stdout
    assert "Corner shop: snapshot " + answer.stdout.split()[1] in done.stdout
    assert "as of 2026-06-30" in done.stdout
    assert "ago)" in done.stdout
