"""Write, audit, publish: what fails its audit changes nothing that anyone reads; bad input stops its source alone."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.end_to_end.command import Demo, built, cdp, run_demo, versions
from tests.end_to_end.leaks import found_in, personal_values, texts_of

REJECTED_SHARE = "check raw/crm: rejected_share"


class Turn(NamedTuple):
    """One run: how it ended, what readers and destinations had after it, and the alerts that it added."""

    run: Demo
    served: dict[str, bytes]
    versions: dict[str, str]
    alerts: list[tuple[str, str]]


def served(demo: Demo) -> dict[str, bytes]:
    """The snapshot and the files of the syncs, byte by byte."""
    files = [demo.home.published, *sorted((demo.home.folder / "out").iterdir())]
    return {file.name: file.read_bytes() for file in files}


def alerts(demo: Demo) -> list[dict[str, str]]:
    return [json.loads(line) for line in demo.home.alerts.read_text().splitlines()]


def turn(demo: Demo) -> Turn:
    known = len(alerts(demo))
    run = run_demo(demo.files, demo.home)
    return Turn(run, served(run), versions(run.home), [(a["severity"], a["finding"]) for a in alerts(run)[known:]])


def spoil(file: Path) -> None:
    """Give every third line three columns too many: more than the fifth at which a source is not to be trusted."""
    first, *lines = file.read_text().splitlines()
    spoilt = [line + ",x,y,z" if number % 3 == 0 else line for number, line in enumerate(lines)]
    file.write_text("\n".join([first, *spoilt]) + "\n")


def without_column(file: Path, column: str) -> None:
    """Take a column out of a CSV file."""
    with file.open(newline="") as lines:
        header, *records = csv.reader(lines)
    place = header.index(column)
    with file.open("w", newline="") as lines:
        csv.writer(lines).writerows(row[:place] + row[place + 1 :] for row in [header, *records])


@pytest.fixture(scope="module")
def turns(copy_of_demo: Callable[[], Demo]) -> list[Turn]:
    """Three runs of one home: spoilt contacts, the same again, the contacts repaired. First comes how it was before."""
    demo = copy_of_demo()
    contacts, kept = demo.files / "crm/contacts.csv", demo.files / "kept.csv"
    shutil.copy2(contacts, kept)
    before = Turn(demo, served(demo), versions(demo.home), [])
    spoil(contacts)
    spoilt, again = turn(demo), turn(demo)
    shutil.copy2(kept, contacts)
    return [before, spoilt, again, turn(demo)]


def test_a_failed_blocking_check_fails_the_run_and_says_why(turns: list[Turn]):
    spoilt = turns[1].run

    assert spoilt.exit_code == 1
    assert "raw/crm: rejected_share: 33." in spoilt.said
    assert "failed published/snapshot" not in spoilt.said, "it was not even tried"
    assert "Readers and syncs stay on it." in spoilt.said


def test_readers_and_destinations_keep_what_they_had(turns: list[Turn]):
    before, spoilt, again, _ = turns

    assert spoilt.served == before.served
    assert again.served == before.served


def test_the_other_sources_were_loaded_and_nothing_was_built_on_the_spoilt_one(turns: list[Turn]):
    said = turns[1].run.said

    assert "raw.loyalty: unchanged" in said
    assert "clean.products: unchanged" in said
    assert "clean.records" not in said
    assert "identity." not in said.split("Read\n")[0]


def test_an_alert_is_written_once_and_its_end_once(turns: list[Turn]):
    _, spoilt, again, repaired = turns

    assert sorted(spoilt.alerts) == [("ERROR", REJECTED_SHARE), ("ERROR", "run everything")]
    assert again.run.exit_code == 1
    assert again.alerts == []
    assert sorted(repaired.alerts) == [("OK", REJECTED_SHARE), ("OK", "run everything")]


def test_the_repaired_file_ends_where_it_began(turns: list[Turn]):
    """Only the contacts that were gone for a while have a new `_loaded_at`."""
    before, _, _, repaired = turns

    assert repaired.run.exit_code == 0, repaired.run.said
    was, now = before.versions, repaired.versions
    assert {table for table in was if was[table] != now[table]} == {"raw.crm", "raw.crm__rejected"}
    assert {n: c for n, c in repaired.served.items() if n.endswith(".csv")} == {
        n: c for n, c in before.served.items() if n.endswith(".csv")
    }


def test_nobodys_values_are_told_when_things_go_wrong(turns: list[Turn]):
    home = turns[0].run.home
    output = [("output", each.run.said) for each in turns[1:]]

    assert found_in([*output, *texts_of(home.dagster, home.alerts)], personal_values(home)) == set()


@pytest.fixture(scope="module")
def drifted(copy_of_demo: Callable[[], Demo]) -> Turn:
    """Contacts without their e-mail column, and one more consent."""
    demo = copy_of_demo()
    without_column(demo.files / "crm/contacts.csv", "email")
    with (demo.files / "consent/consents.csv").open("a") as file:
        last = (demo.files / "consent/consents.csv").read_text().splitlines()[-1]
        file.write(last.replace("analytics", "email_marketing").replace("ads_personalisation", "analytics") + "\n")
    return turn(demo)


def test_breaking_drift_keeps_the_last_good_load_and_the_run_goes_on(drifted: Turn, demo: Demo):
    contacts = "select count(*), count(email) from raw.crm"

    assert drifted.run.exit_code == 0, drifted.run.said
    assert built(drifted.run.home, contacts) == built(demo.home, contacts)
    consents = "select count(*) from raw.consent"
    assert built(drifted.run.home, consents)[0][0] == built(demo.home, consents)[0][0] + 1
    assert drifted.served["published.duckdb"] != demo.home.published.read_bytes()


def test_the_failed_check_names_what_would_break(drifted: Turn):
    [alert] = [a for a in alerts(drifted.run) if a["finding"] == "check raw/crm: schema_is_compatible"]

    assert drifted.alerts == [("ERROR", "check raw/crm: schema_is_compatible")]
    assert "crm.email is missing in crm/contacts.csv: " in alert["detail"]
    assert "clean.records.email" in alert["detail"]
    assert "would break" in alert["detail"]
    assert "The last good load was kept." in alert["detail"]
    assert "schema_is_compatible" in drifted.run.said


def test_status_shows_the_drift(drifted: Turn):
    done = cdp("status", "--home", str(drifted.run.home.folder))

    assert done.returncode == 1
    assert "schema_is_compatible" in done.stdout
    assert "ERROR" in done.stdout
