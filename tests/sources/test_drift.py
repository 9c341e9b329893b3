"""What counts as a change of columns, what breaks, and what it says."""

import polars as pl
import pytest

from cdp_platform.sources.connectors.base import IncompatibleError
from tests.sources.conftest import Bench

CRM = {
    "name": "crm", "kind": "csv", "path": "contacts.csv", "key": ["contact_id"],
    "means": {"person": {"record_id": "contact_id", "email": "email", "birth_date": "born"}},
}  # fmt: skip


def _contacts(rows: int = 30, header: str = "contact_id,email,born,score", born: str = "1980-01-{n:02}") -> str:
    lines = (f"c{n},{n}@example.com,{born.format(n=n % 28 + 1)},{n}" for n in range(rows))
    return "\n".join([header, *lines]) + "\n"


def test_a_mapped_column_that_is_not_there_stops_the_first_load_with_a_suggestion(bench: Bench):
    bench.write("contacts.csv", _contacts(header="contact_id,e_mail,born,score"))

    with pytest.raises(IncompatibleError) as error:
        bench.load(CRM)

    assert str(error.value).splitlines() == [
        "crm.email is missing: clean.records.email, identity and customers.customers.email would break. "
        "Did you mean 'e_mail'?",
        "If that is how it is from now on, change `means` of crm or raise its `schema_version`.",
    ]
    assert bench.ask("select 1 from information_schema.tables where table_schema = 'raw'") == []


def test_a_meaning_that_is_added_later_is_checked_although_no_file_changed(bench: Bench):
    bench.write("contacts.csv", _contacts())
    bench.load(CRM)
    mapped = {**CRM, "means": {"person": {**CRM["means"]["person"], "phone": "phone"}}}

    loaded = bench.load(mapped)

    assert "crm.phone is missing: clean.records.phone" in str(loaded.refused)


def test_a_key_that_is_gone_breaks_the_source(bench: Bench):
    keyed = {"name": "crm", "kind": "csv", "path": "contacts.csv", "key": ["contact_id"]}
    bench.write("contacts.csv", _contacts())
    bench.load(keyed)
    bench.write("contacts.csv", _contacts(header="id,email,born,score"))

    loaded = bench.load(keyed)

    assert "crm.contact_id is missing in contacts.csv: the key of the source would break." in str(loaded.refused)


def test_one_odd_value_or_a_small_file_is_no_change_of_type(bench: Bench):
    bench.write("contacts.csv", _contacts())
    bench.load(CRM)
    bench.write("contacts.csv", _contacts() + "c99,99@example.com,unknown,1\n")
    assert bench.load(CRM).refused is None
    bench.write("contacts.csv", _contacts(rows=5, born="unknown"))
    assert bench.load(CRM).refused is None


def test_a_changed_type_is_refused_where_it_matters_and_reported_where_it_does_not(bench: Bench):
    bench.write("contacts.csv", _contacts())
    bench.load(CRM)
    bench.write("contacts.csv", _contacts(born="{n} of January"))
    assert "crm.born was date and is text now: clean.records.birth_date" in str(bench.load(CRM).refused)
    graded = "\n".join(["contact_id,email,born,score", *(f"c{n},{n}@example.com,1980-01-01,good" for n in range(30))])
    bench.write("contacts.csv", graded)

    loaded = bench.load(CRM)

    assert loaded.refused is None
    assert bench.outcomes(CRM, loaded)["schema_is_stable"].detail == "crm.score was integer and is text now."


def test_raising_the_schema_version_accepts_what_was_refused(bench: Bench):
    bench.write("contacts.csv", _contacts())
    bench.load(CRM)
    bench.write("contacts.csv", _contacts(born="{n} of January"))
    assert bench.load(CRM).refused

    accepted = bench.load({**CRM, "schema_version": 2})

    assert accepted.refused is None
    assert bench.rows("crm", "born")[0] == ("1 of January",)


def test_dates_that_become_timestamps_and_numbers_that_get_decimals_are_no_break(bench: Bench):
    means = {"person": {"record_id": "contact_id", "birth_date": "born", "attributes": {"score": "score"}}}
    described = {**CRM, "means": means}
    bench.write("contacts.csv", _contacts())
    bench.load(described)
    bench.write(
        "contacts.csv", _contacts(born="1980-01-{n:02}T10:00:00Z").replace("\n", ".5\n").replace("score.5", "score")
    )

    loaded = bench.load(described)

    assert loaded.refused is None


def test_in_files_that_add_up_a_new_column_may_come_but_not_go(bench: Bench):
    daily = {
        **CRM,
        "key": [],
        "path": "contacts/*.csv",
        "means": {"person": {"record_id": "contact_id", "email": "email"}},
    }
    bench.write("contacts/1.csv", "contact_id\nc1\n")
    bench.write("contacts/2.csv", "contact_id,email\nc2,2@example.com\n")
    bench.load(daily)
    assert len(bench.rows("crm", "email")) == 2
    bench.write("contacts/3.csv", "contact_id\nc3\n")

    loaded = bench.load(daily)

    assert "crm.email is missing in contacts/3.csv" in str(loaded.refused)
    assert len(bench.rows("crm", "email")) == 2
    assert bench.load(daily, full=True).refused is not None


def test_parquet_types_that_change_are_refused_where_they_matter(bench: Bench):
    orders = {
        "name": "orders", "kind": "parquet", "path": "orders.parquet",
        "means": {"order": {"order_id": "id", "ordered_at": "at", "amount": "amount"}},
    }  # fmt: skip
    frame = pl.DataFrame({"id": range(30), "at": [f"2011-12-{n:02}" for n in range(1, 31)], "amount": [1.5] * 30})
    frame.write_parquet(bench.files / "orders.parquet")
    bench.load(orders)
    frame.with_columns(amount=pl.lit(True)).write_parquet(bench.files / "orders.parquet")

    loaded = bench.load(orders)

    assert "orders.amount was decimal and is boolean now: clean.orders.amount would break." in str(loaded.refused)


def test_the_last_good_load_stays_until_the_file_is_mended(bench: Bench):
    bench.write("contacts.csv", _contacts())
    good = bench.load(CRM)
    bench.write("contacts.csv", _contacts(header="contact_id,mail,born,score"))
    for _ in range(2):  # it is refused again, not forgotten
        loaded = bench.load(CRM)
        assert loaded.refused is not None
        assert [built.version for built in loaded.built] == [built.version for built in good.built]
    bench.write("contacts.csv", _contacts(rows=31))

    assert bench.load(CRM).built[0].rows == 31
