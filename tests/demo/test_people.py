"""Who is in the demo, and what is wrong with them on purpose."""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.demo import readers
from tests.demo.readers import KEYS, Row

TYPO_DOMAINS = ("@gmial.com", "@gmai.com", "@gmail.con", "@hotmial.com", "@hotmai.com", "@outlok.com")


def birth(text: str) -> datetime | None:
    """A date of birth in one of the notations of the CRM."""
    for notation in ("%Y-%m-%d", "%d/%m/%Y", "%d %b %Y", "%d.%m.%Y", "%d-%b-%Y"):
        try:
            return datetime.strptime(text, notation).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


@pytest.fixture(scope="module")
def records(demo: Path) -> dict[str, list[Row]]:
    return readers.people(demo)


@pytest.fixture(scope="module")
def truth(demo: Path) -> dict[tuple[str, str], Row]:
    return {(row["source"], row["record_id"]): row for row in readers.csv_rows(demo / "truth/records.csv")}


@pytest.fixture(scope="module")
def crm(records: dict[str, list[Row]]) -> list[Row]:
    return records["crm"]


def test_truth_covers_every_readable_record_and_nothing_else(
    records: dict[str, list[Row]], truth: dict[tuple[str, str], Row]
):
    readable = {(source, str(row[KEYS[source]])) for source, rows in records.items() for row in rows}

    assert readable == set(truth)


def test_about_twenty_thousand_records_over_eight_thousand_people_in_households(truth: dict[tuple[str, str], Row]):
    assert 20_000 <= len(truth) <= 24_000
    assert 7_900 <= len({row["person_id"] for row in truth.values()}) <= 8_000
    assert 4_500 <= len({row["household_id"] for row in truth.values()}) <= 6_500


def test_junk_that_identifies_nobody(crm: list[Row]):
    emails = Counter(row["email"] for row in crm)
    phones = Counter(row["phone"] for row in crm)

    assert emails["test@test.com"] >= 15
    assert phones["0000000000"] >= 15
    assert sum(emails[word] + phones[word] for word in ("n/a", "unknown", "-")) >= 15
    assert sum(1 for row in crm if re.match(r"(info|office|sales|admin)@", row["email"])) >= 20


def test_mailboxes_in_several_spellings(records: dict[str, list[Row]]):
    emails = [row["email"] for source in ("crm", "shop", "loyalty", "newsletter") for row in records[source]]
    tagged = [email for email in emails if re.search(r"\+\w+@(gmail|outlook|icloud)", email)]
    undotted = {email.replace(".", "") for email in emails if email.endswith("@gmail.com")}

    assert len(tagged) >= 50
    assert len({e for e in emails if e.endswith("@gmail.com")}) - len(undotted) >= 50
    assert sum(1 for email in emails if email.endswith(TYPO_DOMAINS)) >= 30
    assert sum(1 for email in emails if email != email.strip().lower()) >= 200


def test_phones_in_many_notations(crm: list[Row]):
    shapes = Counter(re.sub(r"\d", "9", row["phone"]) for row in crm)

    assert len([shape for shape, count in shapes.items() if count >= 50]) >= 8


def test_dates_of_birth_in_several_formats_and_some_that_cannot_be(crm: list[Row]):
    dates = [row["birth_date"] for row in crm if row["birth_date"]]
    shapes = {re.sub(r"[A-Za-z]", "x", re.sub(r"\d", "9", date)) for date in dates}

    assert {"9999-99-99", "99/99/9999", "99.99.9999", "99 xxx 9999", "99-xxx-9999"} <= shapes
    assert sum(date in ("31/02/1985", "1987-13-04", "00/00/0000", "30/02/1990") for date in dates) >= 5
    assert sum(date == "1900-01-01" for date in dates) >= 5


def test_values_are_missing(crm: list[Row]):
    for field in ("email", "phone", "birth_date", "address", "title"):
        assert 0.1 < sum(not row[field] for row in crm) / len(crm) < 0.7


def test_one_person_under_several_names(records: dict[str, list[Row]], truth: dict[tuple[str, str], Row]):
    first, last = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for row in records["crm"] + records["shop"]:
        source = "crm" if "contact_id" in row else "shop"
        person = truth[source, str(row[KEYS[source]])]["person_id"]
        first[person].add(row["first_name"].strip().lower())
        last[person].add(row["last_name"].strip().lower()[:3])

    assert sum(len(names) > 1 for names in first.values()) >= 300  # nicknames, initials, typos
    assert sum(len(names) > 1 for names in last.values()) >= 60  # former names: not even the start agrees
    assert sum(row["first_name"].strip().endswith(".") for row in records["crm"]) >= 50


def test_people_who_are_easily_taken_for_one_another(crm: list[Row], truth: dict[tuple[str, str], Row]):
    names, births = defaultdict[str, set[str]](set), defaultdict[tuple[str, str, datetime], set[str]](set)
    mailboxes, phones = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for row in crm:
        whose = truth["crm", row["contact_id"]]
        person, household = whose["person_id"], whose["household_id"]
        names[f"{row['first_name']} {row['last_name']}".strip().lower()].add(person)
        if (born := birth(row["birth_date"])) and born.year > 1900:
            births[household, row["last_name"].strip().lower(), born].add(person)
        if row["email"].startswith("the."):
            mailboxes[row["email"].strip().lower()].add(person)
        if digits := re.sub(r"\D", "", row["phone"])[-9:]:
            phones[f"{household} {digits}"].add(person)

    assert sum(len(people) > 1 for people in names.values()) >= 100  # namesakes
    assert sum(len(people) > 1 for people in births.values()) >= 5  # twins
    assert sum(len(people) > 1 for people in mailboxes.values()) >= 10
    assert sum(len(people) > 1 for people in phones.values()) >= 30


def test_movers_and_second_accounts(records: dict[str, list[Row]], truth: dict[tuple[str, str], Row]):
    towns, accounts = defaultdict[str, set[str]](set), Counter[str]()
    for row in records["crm"]:
        if row["city"]:
            towns[truth["crm", row["contact_id"]]["person_id"]].add(row["city"].strip().lower())
    for row in records["shop"]:
        person = truth["shop", str(row["customer_id"])]["person_id"]
        accounts[person] += 1
        if row["city"]:
            towns[person].add(row["city"].strip().lower())

    assert sum(len(places) > 1 for places in towns.values()) >= 100
    assert sum(count > 1 for count in accounts.values()) >= 200
