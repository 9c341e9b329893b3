"""CSV files as people really send them."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp_platform.sources.config import CsvSource
from cdp_platform.sources.connectors import lines
from tests.sources.conftest import Bench

NOTES = {"name": "notes", "kind": "csv", "path": "notes.csv"}


def test_every_broken_line_is_named_and_none_takes_a_neighbour_with_it(bench: Bench):
    bench.write(
        "notes.csv", b'id,text,n\n1,a,1\n2,too,many,values\n3,few\n\n4,\xff\xfe,1\n5,"open,1\n6,"b\nb",1\n7,c,1'
    )

    loaded = bench.load(NOTES)

    assert bench.rows("notes", "id", "text", "n") == [("1", "a", "1"), ("6", "b\nb", "1"), ("7", "c", "1")]
    assert bench.rejected("notes") == [
        ("notes.csv", 3, "2,too,many,values", "4 columns, expected 3"),
        ("notes.csv", 4, "3,few", "2 columns, expected 3"),
        ("notes.csv", 6, "4,��,1", "is not utf-8"),
        ("notes.csv", 7, '5,"open,1', "a quote is not closed"),
    ]
    assert bench.outcomes(NOTES, loaded)["rows_reconcile"].passed
    stopped = bench.outcomes(NOTES, loaded)["rejected_share"]
    assert not stopped.passed
    assert (stopped.check.blocking, stopped.check.severity) == (True, "ERROR")  # 4 of 7 is above 20 %


def test_line_numbers_count_the_lines_of_values_that_span_several(bench: Bench):
    keyed = {**NOTES, "key": ["id"]}
    bench.write("notes.csv", 'id,text\n1,"three\nlines\nlong"\n,"no\nkey"\n2,short\n1,again\n')

    bench.load(keyed)

    assert [(line, reason) for _, line, _, reason in bench.rejected("notes")] == [
        (2, "superseded by a later row with the same key"),
        (5, "key is empty"),
    ]


def test_empty_values_are_null_quoted_or_not(bench: Bench):
    bench.write("notes.csv", 'id,text\n1,\n2,""\n3," "\n')

    bench.load(NOTES)

    assert bench.rows("notes", "id", "text") == [("1", None), ("2", None), ("3", " ")]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8"])
def test_encodings(bench: Bench, encoding: str):
    bench.write("notes.csv", 'id,text\n1,Zoë\n2,"Ü\nĂ"\n'.replace("Ă", "A").encode(encoding))

    bench.load({**NOTES, "encoding": encoding})

    assert bench.rows("notes", "text") == [("Zoë",), ("Ü\nA",)]


def test_a_byte_order_mark_is_no_part_of_the_first_column(bench: Bench):
    bench.write("notes.csv", "id,text\n1,a\n".encode("utf-8-sig"))

    bench.load({**NOTES, "key": ["id"]})

    assert bench.rows("notes", "id") == [("1",)]


def test_windows_line_ends_and_unix_ones_together(bench: Bench):
    bench.write("notes/1.csv", "id,text\r\n1,a\r\n2,b\r\n")
    bench.write("notes/2.csv", "id,text\n3,c\n")
    bench.write("notes/3.csv", 'id,text\r\n4,d\r\nbroken\r\n5,"e\r\ne"\r\n')

    bench.load({**NOTES, "path": "notes/*.csv"})

    assert bench.rows("notes", "id", "text") == [("1", "a"), ("2", "b"), ("3", "c"), ("4", "d"), ("5", "e\r\ne")]
    assert bench.rejected("notes") == [("notes/3.csv", 3, "broken", "1 columns, expected 2")]


def test_other_delimiters_and_no_header(bench: Bench):
    bench.write("notes.csv", "1||a|b\n2||c\n3||d||e\n")

    bench.load({**NOTES, "delimiter": "||", "header": False, "columns": ["id", "text"]})

    assert bench.rows("notes", "id", "text") == [("1", "a|b"), ("2", "c")]
    assert bench.rejected("notes") == [("notes.csv", 3, "3||d||e", "3 columns, expected 2")]


def test_a_header_with_empty_repeated_and_reserved_names(bench: Bench):
    bench.write("notes.csv", "id,,id,ID, _loaded_at,filename,order\n1,2,3,4,5,6,7\n")

    bench.load(NOTES)

    assert [name for name, *_ in bench.ask("describe raw.notes")][:7] == [
        "id", "column_2", "id_2", "ID_3", "_loaded_at_2", "filename", "order",
    ]  # fmt: skip
    assert bench.rows("notes", "id", "column_2", "id_2", "ID_3", "_loaded_at_2", "filename", "order") == [
        tuple("1234567")
    ]


def test_files_whose_columns_stand_in_another_order_or_are_more(bench: Bench):
    bench.write("notes/1.csv", "id,text\n1,a\n")
    bench.write("notes/2.csv", "Text,ID,extra\nb,2,x\n")

    bench.load({**NOTES, "path": "notes/*.csv"})

    assert bench.rows("notes", "id", "text", "extra") == [("1", "a", None), ("2", "b", "x")]


def test_a_large_gzipped_file_keeps_its_line_numbers(bench: Bench):
    rows = [f"{number},{number * 7919}" for number in range(60_000)]
    rows[40_000] = "no key"
    rows[50_000] = ",1"
    keyed = {**NOTES, "path": "notes.csv.gz", "key": ["id"]}
    bench.write("notes.csv.gz", gzip.compress(("id,text\n" + "\n".join(rows)).encode()))

    bench.load(keyed)

    assert [(line, reason) for _, line, _, reason in bench.rejected("notes")] == [
        (40_002, "1 columns, expected 2"),
        (50_002, "key is empty"),
    ]


value = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=6)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(value, value), min_size=1, max_size=5))
def test_the_careful_reader_reads_what_was_written(
    rows: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
):
    import csv

    path: Path = tmp_path_factory.mktemp("csv") / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    source = CsvSource(name="x", kind="csv", path="x.csv")

    assert [tuple(record.fields or ()) for record in lines.records(path, source, 2)] == rows
