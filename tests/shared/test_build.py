"""Builds are skipped when nothing changed, stop a change that makes no difference, and leave nothing half done."""

from datetime import datetime, timedelta

import pytest

from cdp_platform.shared.warehouse.build import build, measure, record
from tests.conftest import NOW

LATER = NOW + timedelta(days=1)


def customers(con, values="('a'), ('b')", code="1", now: datetime = NOW, full=False):
    def make():
        con.execute(f"create or replace table customers.t as select * from (values {values}) v(name)")
        return {"customers.t": {"made": True}}

    return build(con, ["customers.t"], inputs=["raw.s"], code=code, make=make, now=now, full=full)[0]


def raw(con, rows):
    con.execute(f"create or replace table raw.s as select range as id from range({rows})")
    record(con, "raw.s", "hand", NOW, {})


def test_the_first_build_runs_and_reports_rows(con):
    raw(con, 3)

    built = customers(con)

    assert (built.rows, built.skipped, built.changed, built.notes) == (2, False, True, {"made": True})


def test_a_build_with_the_same_inputs_and_code_is_skipped_and_keeps_its_notes(con):
    raw(con, 3)
    first = customers(con)

    again = customers(con, now=LATER)

    assert again.skipped
    assert (again.version, again.notes) == (first.version, {"made": True})


@pytest.mark.parametrize("what", ["input", "code", "full", "dropped"])
def test_a_build_runs_again_when_something_it_depends_on_changed(con, what):
    raw(con, 3)
    customers(con)
    if what == "input":
        raw(con, 4)
    if what == "dropped":
        con.execute("drop table customers.t")

    again = customers(con, code="2" if what == "code" else "1", full=what == "full", now=LATER)

    assert not again.skipped
    assert not again.changed, "the content is the same, so nothing downstream has to be built"


def test_another_content_is_a_change(con):
    raw(con, 3)
    customers(con)

    again = customers(con, values="('a'), ('c')", code="2", now=LATER)

    assert again.changed
    assert con.execute("select changed_at from platform.tables where table_name = 'customers.t'").fetchall() == [
        (LATER,)
    ]


def test_a_build_that_fails_leaves_everything_as_it_was(con):
    raw(con, 3)
    before = customers(con)

    def make():
        con.execute("create or replace table customers.t as select 'half' as name")
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        build(con, ["customers.t"], inputs=["raw.s"], code="2", make=make, now=LATER)

    assert measure(con, "customers.t") == (2, before.version)


def test_the_version_does_not_depend_on_row_order_but_on_columns_and_rows(con):
    versions = []
    for query in (
        "select * from (values (1, 'a'), (2, 'b')) v(id, name)",
        "select * from (values (2, 'b'), (1, 'a')) v(id, name)",
        "select * from (values (1, 'a'), (2, 'b'), (2, 'b')) v(id, name)",
        "select * from (values (1, 'a'), (2, 'b')) v(id, label)",
    ):
        con.execute(f"create or replace table clean.t as {query}")
        versions.append(measure(con, "clean.t")[1])

    assert versions[0] == versions[1]
    assert len(set(versions)) == 3
