"""No person's value reaches logs, metadata, run tags or alerts."""

import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end.command import Demo, rows
from tests.end_to_end.leaks import found_in, personal_values, texts_of


@pytest.fixture(scope="module")
def values(demo: Demo) -> set[str]:
    return personal_values(demo.home)


def test_the_search_knows_addresses_phones_and_names_of_the_people(demo: Demo, values: set[str]):
    [(email, phone, phone_raw, first, last)] = rows(
        demo.home,
        """select email, phone, phone_raw, first_name, last_name from clean.records
           where phone_key is not null and email is not null and length(first_name) >= 4 and length(last_name) >= 4
             and regexp_full_match(first_name || last_name, '[a-z]+') order by record_key limit 1""",
    )

    assert {email, phone, phone_raw.casefold(), f"{first} {last}"} <= values
    assert len(values) > 1_000


def test_no_person_is_in_what_the_run_left_behind(demo: Demo, values: set[str]):
    traces = [demo.home.dagster, demo.home.folder / ".dbt", demo.home.alerts]
    texts = [("output", demo.said), *(each for place in traces for each in texts_of(place))]

    assert len(texts) > 20
    assert sum(len(text) for _, text in texts) > 5_000_000
    assert found_in(texts, values) == set()


def test_the_search_finds_a_planted_person(demo: Demo, values: set[str], tmp_path: Path):
    person = next(value for value in sorted(values) if "@" in value)
    (tmp_path / "some.log").write_text(f'{{"error": "could not convert \\"{person.upper()}\\" to a date"}}')
    with sqlite3.connect(tmp_path / "events.db") as con:
        con.execute("create table events(body text)")
        con.execute("insert into events values (?)", ["-" * 10_000 + " " + person])

    assert found_in(texts_of(tmp_path), values) == {("some.log", person), ("events.db", person)}
