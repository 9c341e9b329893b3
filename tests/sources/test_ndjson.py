"""Newline-delimited JSON as APIs and collectors write it."""

import gzip
import json

from tests.sources.conftest import Bench

EVENTS = {"name": "events", "kind": "ndjson", "path": "events/*.ndjson.gz"}
TICKETS = {"name": "tickets", "kind": "ndjson", "path": "tickets.ndjson"}


def test_scalars_are_text_and_nested_values_stay_json(bench: Bench):
    rows = [
        {"id": 1, "ok": True, "rate": 1.5, "who": {"name": "Zoë"}, "tags": [1, 2], "mixed": "text", "none": None},
        {"id": "2", "mixed": {"a": 1}},
    ]
    bench.write("tickets.ndjson", "".join(json.dumps(row) + "\n" for row in rows))

    bench.load(TICKETS)

    types = {name: kind for name, kind, *_ in bench.ask("describe raw.tickets")}
    assert (types["id"], types["who"], types["tags"], types["mixed"]) == ("VARCHAR", "JSON", "JSON", "JSON")
    assert bench.rows("tickets", "id", "ok", "rate", "who", "tags", "mixed", "none") == [
        ("1", "true", "1.5", '{"name":"Zoë"}', "[1,2]", '"text"', None),
        ("2", None, None, None, None, '{"a":1}', None),
    ]


def test_every_line_ends_in_a_row_or_is_rejected(bench: Bench):
    content = b'{"a":1}\n\n{"a":\n{"a":"\xff"}\n[1]\n"x"\n   \n{"a":"\\ud800"}\n{"a":2}\r\n{"b":3}'
    bench.write("events/1.ndjson.gz", gzip.compress(content))
    bench.write("events/2.ndjson.gz", gzip.compress(b'{"a":4}\n'))

    loaded = bench.load(EVENTS)

    assert bench.rows("events", "a", "b") == [("1", None), ("2", None), ("4", None), (None, "3")]
    assert [(line, reason) for _, line, _, reason in bench.rejected("events")] == [
        (3, "broken JSON"), (4, "is not utf-8"), (5, "is not a JSON object"), (6, "is not a JSON object"),
        (7, "broken JSON"), (8, "broken JSON"),
    ]  # fmt: skip
    assert bench.outcomes(EVENTS, loaded)["rows_reconcile"].passed


def test_keys_that_differ_by_case_are_one_column_and_odd_names_are_kept(bench: Bench):
    bench.write("tickets.ndjson", '{"Id":1,"a.b":"x","c d/e~\\"":"y"}\n{"id":2,"_row_hash":"mine"}\n')

    bench.load(TICKETS)

    assert bench.rows("tickets", "Id", "a.b", 'c d/e~"', "_row_hash_2") == [
        ("1", "x", "y", None),
        ("2", None, None, "mine"),
    ]


def test_a_key_that_is_rarely_there_may_be_missing_in_a_load(bench: Bench):
    described = {**EVENTS, "means": {"event": {}}}
    rows = [
        json.dumps({"messageId": f"m{n}", "type": "page"} | ({"traits": {"a": 1}} if n % 10 == 0 else {}))
        for n in range(50)
    ]
    bench.write("events/1.ndjson.gz", gzip.compress("\n".join(rows).encode()))
    bench.load(described)
    bench.write("events/2.ndjson.gz", gzip.compress(rows[1].encode()))

    loaded = bench.load(described)

    assert loaded.refused is None
    assert bench.outcomes(described, loaded)["schema_is_stable"].passed


def test_a_column_that_becomes_nested_is_json_from_then_on_in_all_rows(bench: Bench):
    bench.write("events/1.ndjson.gz", gzip.compress(b'{"id":1,"place":"York"}\n'))
    bench.load(EVENTS)
    bench.write("events/2.ndjson.gz", gzip.compress(b'{"id":2,"place":{"city":"Hull"}}\n'))

    bench.load(EVENTS)

    assert bench.rows("events", "id", "place") == [("1", '"York"'), ("2", '{"city":"Hull"}')]


def test_a_path_into_a_nested_column_is_watched_too(bench: Bench):
    described = {**TICKETS, "key": ["id"], "means": {"person": {"record_id": "id", "email": "who.email"}}}
    people = [{"id": n, "who": {"email": f"{n}@example.com"}} for n in range(30)]
    bench.write("tickets.ndjson", "\n".join(map(json.dumps, people)))
    bench.load(described)
    bench.write("tickets.ndjson", "\n".join(json.dumps({"id": p["id"], "who": {"mail": "x"}}) for p in people))

    loaded = bench.load(described)

    assert "tickets.who.email is missing in tickets.ndjson: clean.records.email" in str(loaded.refused)
    assert len(bench.rows("tickets", "id")) == 30


def test_a_file_without_a_row_among_keyed_ones_changes_nothing(bench: Bench):
    keyed = {**EVENTS, "key": ["id"]}
    bench.write("events/1.ndjson.gz", gzip.compress(b'{"id":1,"a":"x"}\n'))
    bench.load(keyed)
    bench.write("events/2.ndjson.gz", gzip.compress(b"\n"))

    loaded = bench.load(keyed)

    assert not loaded.built[0].changed
    assert bench.rows("events", "id", "a") == [("1", "x")]
