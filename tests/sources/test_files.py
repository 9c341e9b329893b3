"""Which files are read, and what becomes of their rows."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdp_platform.sources.connectors.base import SourceError
from cdp_platform.sources.files import files_fingerprint
from tests.sources.conftest import Bench

LINES = {"name": "lines", "kind": "csv", "path": "lines/*.csv"}
DELTAS = {
    "name": "people", "kind": "csv", "path": "people/*.csv", "key": ["id"],
    "means": {"person": {"record_id": "id", "updated_at": "changed"}},
}  # fmt: skip


def test_only_new_files_are_read_and_the_rows_of_the_others_are_not_touched(bench: Bench):
    bench.write("lines/1.csv", "order,sku\n1,a\n1,a\n")
    bench.load(LINES)
    before = bench.everything("lines")[0]
    bench.write("lines/2.csv", "order,sku\n2,b\n")

    loaded = bench.load(LINES)

    assert bench.rows("lines", "order", "sku") == [("1", "a"), ("1", "a"), ("2", "b")]
    assert set(before) < set(bench.everything("lines")[0])
    assert (loaded.built[0].notes["files_read"], loaded.built[0].notes["files_unchanged"]) == (1, 1)
    assert bench.load(LINES).built[0].skipped


def test_a_changed_file_replaces_its_own_rows_only(bench: Bench):
    bench.write("lines/1.csv", "order,sku\n1,a\n1,b\n")
    bench.write("lines/2.csv", "order,sku\n1,a\nbroken\n")
    bench.load(LINES)
    bench.write("lines/2.csv", "order,sku\n1,c\n")

    loaded = bench.load(LINES)

    assert bench.rows("lines", "sku", "_source_file") == [
        ("a", "lines/1.csv"), ("b", "lines/1.csv"), ("c", "lines/2.csv"),
    ]  # fmt: skip
    assert bench.rejected("lines") == []
    assert loaded.built[0].notes["files_read"] == 1
    assert bench.outcomes(LINES, loaded)["rows_reconcile"].passed


def test_a_file_with_a_new_time_and_the_old_content_is_not_read_again(bench: Bench):
    path = bench.write("lines/1.csv", "order,sku\n1,a\n")
    bench.load(LINES)
    os.utime(path, ns=(1, 1))

    touched = bench.load(LINES)

    assert touched.built[0].notes["files_read"] == 0
    assert bench.load(LINES).built[0].skipped


def test_a_file_that_vanished_keeps_its_rows_also_when_everything_is_read(bench: Bench):
    gone = bench.write("lines/1.csv", "order,sku\n1,a\nbroken\n")
    bench.write("lines/2.csv", "order,sku\n2,b\n")
    bench.load(LINES)
    before = bench.everything("lines")
    gone.unlink()

    loaded = bench.load(LINES)
    assert loaded.built[0].notes["files_gone"] == 1
    assert bench.everything("lines") == before

    loaded = bench.load(LINES, full=True)
    assert bench.everything("lines") == before
    assert bench.outcomes(LINES, loaded)["rows_reconcile"].passed


def test_a_later_file_supersedes_rows_of_an_earlier_one_which_are_named_with_their_line(bench: Bench):
    bench.write("people/1.csv", "id,city,changed\np1,York,2011-01-01\np2,Hull,2011-01-01\np3,Bath,2011-01-01\n")
    bench.load(DELTAS)
    before = dict(bench.rows("people", "id", "_loaded_at"))
    bench.write("people/2.csv", "id,city,changed\np2,Leeds,2011-02-01\np2,Leeds,2011-02-01\n")

    loaded = bench.load(DELTAS)

    assert bench.rows("people", "id", "city", "_source_file") == [
        ("p1", "York", "people/1.csv"), ("p2", "Leeds", "people/2.csv"), ("p3", "Bath", "people/1.csv"),
    ]  # fmt: skip
    assert [(file, line, reason) for file, line, _, reason in bench.rejected("people")] == [
        ("people/1.csv", 3, "superseded by a later row with the same key"),
        ("people/2.csv", 3, "exact duplicate"),
    ]
    after = dict(bench.rows("people", "id", "_loaded_at"))
    assert [name for name, at in after.items() if at != before[name]] == ["p2"]
    assert all(outcome.passed for outcome in bench.outcomes(DELTAS, loaded).values())


def test_a_late_file_with_older_versions_changes_no_row(bench: Bench):
    bench.write("people/2.csv", "id,city,changed\np1,Leeds,2011-02-01\n")
    bench.load(DELTAS)
    bench.write("people/1.csv", "id,city,changed\np1,York,2011-01-01\n")

    bench.load(DELTAS)

    assert bench.rows("people", "city") == [("Leeds",)]
    assert [(file, reason) for file, *_, reason in bench.rejected("people")] == [
        ("people/1.csv", "superseded by a later row with the same key")
    ]


def test_a_changed_file_brings_back_the_version_that_it_had_superseded(bench: Bench):
    bench.write("people/1.csv", "id,city,changed\np1,York,2011-01-01\n")
    bench.write("people/2.csv", "id,city,changed\np1,Leeds,2011-02-01\n")
    bench.load(DELTAS)
    bench.write("people/2.csv", "id,city,changed\np9,Bath,2011-02-01\n")

    bench.load(DELTAS)

    assert bench.rows("people", "id", "city") == [("p1", "York"), ("p9", "Bath")]
    assert bench.rejected("people") == []


def test_of_whole_exports_the_last_by_name_counts(bench: Bench):
    whole = {**DELTAS, "path": "people/*.csv", "whole": True}
    bench.write("people/2011-01-01.csv", "id,city,changed\np1,York,2011-01-01\np2,Hull,2011-01-01\n")
    bench.load(whole)
    bench.write("people/2011-02-01.csv", "id,city,changed\np1,York,2011-01-01\n")

    loaded = bench.load(whole)

    assert bench.rows("people", "id", "_source_file") == [("p1", "people/2011-01-01.csv")]  # it has not changed since
    assert loaded.built[0].notes["rows_removed"] == 1
    assert bench.outcomes(whole, loaded)["rows_reconcile"].passed


def test_an_empty_export_does_not_delete_everybody(bench: Bench):
    whole = {**DELTAS, "path": "people.csv"}
    bench.write("people.csv", "id,city,changed\np1,York,2011-01-01\n")
    bench.load(whole)
    bench.write("people.csv", "")

    loaded = bench.load(whole)

    assert bench.rows("people", "id") == [("p1",)]
    assert not bench.outcomes(whole, loaded)["input_arrived"].passed


def test_a_broken_file_among_others_is_one_rejected_row_until_it_is_mended(bench: Bench):
    good = gzip.compress(b"order,sku\n" + b"".join(b"%d,a%d\n" % (n, n * 7919) for n in range(2000)))
    gz = {**LINES, "path": "lines/*.csv.gz"}
    bench.write("lines/1.csv.gz", good)
    bench.write("lines/2.csv.gz", good[: len(good) // 2])

    loaded = bench.load(gz)

    assert loaded.built[0].rows == 2000
    [(file, line, _, reason)] = bench.rejected("lines")
    assert (file, line) == ("lines/2.csv.gz", None)
    assert reason.startswith("the file is broken")
    assert bench.outcomes(gz, loaded)["rows_reconcile"].passed

    bench.write("lines/2.csv.gz", good)
    assert bench.load(gz).built[0].rows == 4000
    assert bench.rejected("lines") == []


def test_a_damaged_parquet_file_is_one_rejected_row(bench: Bench):
    typed = {"name": "lines", "kind": "parquet", "path": "lines/*.parquet"}
    (bench.files / "lines").mkdir()
    frame = pl.DataFrame({"order": range(5000), "sku": [f"sku {number * 7919}" for number in range(5000)]})
    for name in ("1", "2", "3"):
        frame.write_parquet(bench.files / f"lines/{name}.parquet")
    content = bytearray((bench.files / "lines/2.parquet").read_bytes())
    content[100:4000] = bytes(3900)
    bench.write("lines/2.parquet", bytes(content))
    bench.write("lines/3.parquet", b"not parquet at all")

    loaded = bench.load(typed)

    assert loaded.built[0].rows == 5000
    assert [(file, reason) for file, *_, reason in bench.rejected("lines")] == [
        ("lines/2.parquet", "the file is broken: not Parquet"),
        ("lines/3.parquet", "the file is broken: not Parquet"),
    ]
    assert bench.outcomes(typed, loaded)["rows_reconcile"].passed


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here that even root cannot read")
def test_a_file_that_cannot_be_opened_is_tried_again_the_next_time(bench: Bench):
    bench.write("lines/1.csv", "order,sku\n1,a\n")
    bench.load(LINES)
    (bench.files / "lines/2.csv").symlink_to("/proc/self/mem")  # a file that nobody can read from its start

    loaded = bench.load(LINES)

    assert not bench.outcomes(LINES, loaded)["input_arrived"].passed
    (bench.files / "lines/2.csv").unlink()
    bench.write("lines/2.csv", "order,sku\n2,b\n")
    assert bench.load(LINES).built[0].rows == 2


def test_uploads_under_way_are_left_out(bench: Bench):
    bench.write("lines/1.csv", "order,sku\n1,a\n")
    bench.write("lines/.2.csv", "order,sku\n2,b\n")

    assert bench.load(LINES).built[0].rows == 1


def test_no_file_at_all_names_the_pattern_and_the_folder(bench: Bench):
    with pytest.raises(SourceError, match=r"no file matches .*lines/\*\.csv \(`files` in company\.yaml is "):
        bench.load(LINES)


def test_no_file_any_more_is_a_warning(bench: Bench):
    path = bench.write("lines/1.csv", "order,sku\n1,a\n")
    bench.load(LINES)
    path.unlink()

    loaded = bench.load(LINES)

    arrived = bench.outcomes(LINES, loaded)["input_arrived"]
    assert not arrived.passed
    assert arrived.check.severity == "WARN"
    assert loaded.built[0].rows == 1


def test_another_path_is_another_source(bench: Bench):
    bench.write("old/1.csv", "a;b\n1;2\n")
    bench.write("new/1.csv", "order,sku\n1,a\n")
    bench.load({**LINES, "path": "old/*.csv"})

    bench.load({**LINES, "path": "new/*.csv"})

    assert [name for name, *_ in bench.ask("describe raw.lines")] == [
        "order", "sku", "_loaded_at", "_source_file", "_row_hash",
    ]  # fmt: skip


def test_a_column_of_text_joins_a_column_of_numbers(bench: Bench):
    typed = {"name": "lines", "kind": "parquet", "path": "lines/*.parquet"}
    (bench.files / "lines").mkdir()
    pl.DataFrame({"order": [1, 2], "sku": ["a", "b"]}).write_parquet(bench.files / "lines/1.parquet")
    bench.load(typed)
    pl.DataFrame({"order": ["3x"], "sku": ["c"]}).write_parquet(bench.files / "lines/2.parquet")

    bench.load(typed)

    assert bench.rows("lines", "order") == [("1",), ("2",), ("3x",)]


def test_the_fingerprint_for_the_sensor_changes_with_the_files_and_with_nothing_else(bench: Bench):
    company = bench.company(LINES, {"name": "db", "kind": "sql", "url": "sqlite:///x.sqlite", "table": "t"})
    bench.write("lines/1.csv", "order,sku\n1,a\n")
    first = files_fingerprint(company)

    assert first.keys() == {"lines"}
    assert files_fingerprint(company) == first
    bench.write("lines/2.csv", "order,sku\n")
    assert files_fingerprint(company) != first


version = st.tuples(st.sampled_from("abc"), st.sampled_from(["York", "Hull"]), st.sampled_from(["2011", "2012", ""]))
file = st.lists(version, max_size=4)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.dictionaries(st.sampled_from("123"), file, max_size=2), min_size=1, max_size=3))
def test_loads_day_by_day_come_out_as_one_load_of_everything(
    days: list[dict[str, list[tuple[str, str, str]]]], make_bench: Callable[[str], Bench], tmp_path: Path
):
    """Whatever files come, change or repeat, with a key and without."""
    number = len(list(tmp_path.iterdir()))
    for described in (DELTAS, {**DELTAS, "key": []}):
        daily = make_bench(f"daily_{number}_{bool(described['key'])}")
        daily.write("people/0.csv", "id,city,changed\nz,Bath,2010\n")
        for day in days:
            for name, rows in day.items():
                daily.write(f"people/{name}.csv", "id,city,changed\n" + "".join(",".join(row) + "\n" for row in rows))
            loaded = daily.load(described)
            assert daily.outcomes(described, loaded)["rows_reconcile"].passed
        before = daily.everything("people")

        daily.load(described, full=True)

        assert daily.everything("people") == before
