"""Files: whole and atomic for mirror, changes for the other modes, harmless in a spreadsheet."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

from cdp_platform.destinations.connectors.base import OK, Batch, Row
from cdp_platform.destinations.connectors.csv import CsvChanges, CsvFile, manifest_path
from cdp_platform.destinations.run import run_sync
from cdp_platform.shared.home import Home
from tests.destinations.shop import NOON, company_of, publish, sync

BATCH = Batch("vips", 3, 2, "upsert", "key", NOON)


def row(key: str, **fields: object) -> Row:
    return Row(key, "create", json.dumps(fields))


def lines(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("+442079460958", "+442079460958"),  # a phone in E.164
        ("-12.5000", "-12.5000"),
        ("Smith-Jones", "Smith-Jones"),
        ('a "b", c\nd', 'a "b", c\nd'),
        (None, ""),
        (True, "true"),
        (["a", "b"], '["a", "b"]'),
    ],
)
def test_a_value_reads_back_as_itself_unless_a_spreadsheet_would_run_it(
    tmp_path: Path, value: object, written: str
) -> None:
    to = CsvFile(tmp_path / "a.csv", ["v"], target="csv a.csv")
    assert to.replace(BATCH, [row("k", v=value)]) == {}
    assert lines(tmp_path / "a.csv") == [["v"], [written]]


def test_the_guard_can_be_turned_off(tmp_path: Path) -> None:
    CsvFile(tmp_path / "a.csv", ["v"], target="", guard=False).replace(BATCH, [row("k", v="=1")])
    assert lines(tmp_path / "a.csv")[1] == ["=1"]


def test_the_manifest_says_what_the_file_holds(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    CsvFile(file, ["v"], target="").replace(BATCH, [row("k", v="x")])
    manifest = json.loads(manifest_path(file).read_text())
    assert (manifest["rows"], manifest["columns"], manifest["run"]) == (1, ["v"], 3)
    assert manifest["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert sorted(f.name for f in tmp_path.iterdir()) == ["a.csv", "a.csv.manifest.json"]


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    to = CsvFile(file, ["v"], target="")
    to.replace(BATCH, [row("k", v="old")])

    def half():
        yield row("k", v="new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        to.replace(BATCH, half())
    assert lines(file) == [["v"], ["old"]]


def test_changes_sent_again_are_the_same_file(tmp_path: Path) -> None:
    to = CsvChanges(tmp_path / "a.csv", ["v"], target="")
    batch = BATCH._replace(rows=[row("k", v="x"), row("l", v="\0")])

    first = to.send(batch)
    [file] = (tmp_path / "a").glob("*.csv")
    content = file.read_bytes()
    again = to.send(batch)

    assert [o.outcome for o in first] == [o.outcome for o in again] == ["ok", "rejected"]
    assert first[0] == OK
    assert (file.name, file.read_bytes()) == ("000003-upsert-0002.csv", content)
    assert lines(file) == [["v"], ["x"]]


def test_upsert_writes_only_changes(place: Home) -> None:
    company = company_of(sync(mode="upsert"))
    publish(place, "s1", {"a": {}, "b": {"city": "Oslo"}})
    run_sync(company, place, "vips", now=NOON)
    publish(place, "s2", {"a": {}, "b": {"city": "Rome"}})
    run_sync(company, place, "vips", now=NOON)

    files = sorted((place.folder / "out/vips").glob("*.csv"))
    assert [f.name for f in files] == ["000001-upsert-0001.csv", "000002-upsert-0001.csv"]
    assert lines(files[1]) == [["id", "email", "city"], ["b", "b@shop.example", "Rome"]]


def test_a_file_that_somebody_deleted_is_written_again(place: Home) -> None:
    company = company_of(sync())
    publish(place, "s1", ["a"])
    run_sync(company, place, "vips", now=NOON)
    (place.folder / "out/vips.csv").unlink()
    ran = run_sync(company, place, "vips", now=NOON)
    assert (ran.planned, lines(place.folder / "out/vips.csv")[1:]) == (0, [["a", "a@shop.example", ""]])


def test_columns_in_another_order_are_another_file(place: Home) -> None:
    publish(place, "s1", ["a"])
    run_sync(company_of(sync()), place, "vips", now=NOON)
    run_sync(company_of(sync(mapping={"email": "email", "id": "customer_id", "city": "city"})), place, "vips", now=NOON)
    assert lines(place.folder / "out/vips.csv")[0] == ["email", "id", "city"]


def test_the_same_rows_give_the_same_bytes(place: Home, tmp_path: Path) -> None:
    from cdp_platform.shared.home import home

    people = {f"c{n}": {"city": f"city {n % 7}"} for n in range(200)}
    publish(place, "s1", people)
    run_sync(company_of(sync()), place, "vips", now=NOON)
    other = home(tmp_path / "other")
    publish(other, "s1", dict(reversed(people.items())))
    run_sync(company_of(sync()), other, "vips", now=NOON)
    assert (place.folder / "out/vips.csv").read_bytes() == (other.folder / "out/vips.csv").read_bytes()
