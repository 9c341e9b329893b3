from datetime import datetime
from typing import Any

from tests.clean.conftest import Room

LOG = {"consent": {"email": "mail", "purpose": "why", "status": "word", "changed_at": "time", "channel": "where"}}
LIST = {
    "key": ["id"],
    "person": {"record_id": "id", "email": "mail"},
    "consent": {"purpose": {"value": "email_marketing"}, "email": "mail", "granted_at": "yes", "withdrawn_at": "no"},
}


def word(
    said: str | None, time: str | None = "2020-01-02", mail: str | None = "ann@web.de", why: str = "ads", **more: Any
):
    return {"mail": mail, "why": why, "word": said, "time": time, "where": "Web_Banner"} | more


def test_only_a_known_yes_is_a_yes(room: Room):
    words = ("granted", " YES ", "1", "opt_in", "denied", "maybe", None)
    room.raw("log", [word(said, mail=f"{n}@web.de") for n, said in enumerate(words)])
    room.clean({"log": LOG})
    assert [status for (status,) in room.rows("select status from clean.consents order by email")] == [
        "granted", "granted", "granted", "granted", "denied", "denied", "denied",
    ]  # fmt: skip
    found = "select distinct purpose, channel, changed_at, source from clean.consents"
    assert room.one(found) == ("ads", "web_banner", datetime(2020, 1, 2), "log")


def test_the_users_own_words_for_yes(room: Room):
    room.raw("log", [word("ja"), word("granted", time="2021-01-01")])
    room.clean({"log": {"consent": LOG["consent"] | {"granted": ["Ja"]}}})
    assert room.rows("select status from clean.consents order by changed_at") == [("granted",), ("denied",)]


def test_the_same_word_said_twice_counts_once(room: Room):
    room.raw("log", [word("granted"), word("yes"), word("granted", mail="ANN@web.de"), word("denied")])
    room.clean({"log": LOG})
    assert room.one("select count(*) from clean.consents") == (2,)
    assert room.one("select read, used, repeated, rejected from clean.row_report") == (4, 2, 2, 0)


def test_what_cannot_be_used_is_kept_aside(room: Room):
    room.raw("log", [word("granted", mail="ann"), word("granted", time="soon"), word("granted", why="")])
    room.raw("timeless", [word("denied", time="soon")])
    room.clean({"log": LOG, "timeless": LOG})
    assert room.rows("from clean.consents") == []
    assert [reason for (reason,) in room.rows("select reason from clean.rejected_rows order by source, reason")] == [
        "neither granted nor withdrawn at a time that can be read",
        "no purpose",
        "of nobody: no address, phone or record",
        "time is missing or not understood",
    ]


def test_a_refusal_without_a_readable_time_is_the_last_word(room: Room):
    room.raw("log", [word("granted", time="2020-01-02"), word("denied", time="soon"),
                     word("granted", time="2021-05-05", mail="bob@web.de")])  # fmt: skip
    room.clean({"log": LOG})
    found = "select status, changed_at from clean.consents where email = 'ann@web.de' order by changed_at"
    assert room.rows(found) == [("granted", datetime(2020, 1, 2)), ("denied", datetime(2021, 5, 5))]
    assert room.one("select field, value from clean.rejected_values") == ("changed_at", "soon")


SAYINGS = {
    "granted": ("2020-01-01", None, ["granted"]),
    "withdrawn later": ("2020-01-01", "2021-01-01", ["granted", "denied"]),
    "granted again": ("2022-01-01", "2021-01-01", ["denied", "granted"]),
    "at one moment": ("2020-01-01", "2020-01-01", ["denied"]),
    "withdrawn, nobody knows when": ("2020-01-01", "sometime", ["granted", "denied"]),
    "only withdrawn": (None, "2021-01-01", ["denied"]),
    "MySQL's empty date": ("2020-01-01", "0000-00-00 00:00:00", ["granted"]),
    "neither": (None, None, []),
}
"""Granted at, withdrawn at, and what was said in order of time."""


def test_granted_and_withdrawn_are_two_words(room: Room):
    room.raw("list", [{"id": name, "mail": "ann@web.de", "yes": yes, "no": no}
                      for name, (yes, no, _) in SAYINGS.items()])  # fmt: skip
    room.clean({"list": LIST})
    found: dict[str, list[str]] = {name: [] for name in SAYINGS}
    for record, status in room.rows("select record_key, status from clean.consents order by changed_at, status"):
        found[record.removeprefix("list:")].append(status)
    assert found == {name: said for name, (_, _, said) in SAYINGS.items()}
    assert room.rows("select distinct purpose from clean.consents") == [("email_marketing",)]


def test_a_consent_makes_its_record_known(room: Room):
    room.raw("crm", [{"id": "1"}])
    room.raw("log", [word("granted", mail=None, who="7")])
    meaning = {"purpose": "why", "status": "word", "changed_at": "time", "customer": {"source": "crm", "column": "who"}}
    room.clean({"crm": {"person": {"record_id": "id"}}, "log": {"consent": meaning}})
    assert room.one("select record_key from clean.consents") == ("crm:7",)
    assert room.one("select origin from clean.records where record_key = 'crm:7'") == ("reference",)


def test_the_mailbox_is_that_of_the_records_and_junk_has_none(room: Room):
    room.raw("log", [word("granted", mail="a.b+x@gmail.com"), word("granted", mail="test@test.com"),
                     word("granted", mail="info@bakery.co.uk")])  # fmt: skip
    room.clean({"log": LOG})
    assert dict(room.rows("select email, email_key from clean.consents")) == {
        "a.b+x@gmail.com": "ab@gmail.com",
        "test@test.com": None,
        "info@bakery.co.uk": None,
    }


def test_a_phone_can_consent(room: Room):
    room.raw("log", [word("granted", mail=None, tel="07150 697101"), word("granted", mail=None, tel="12")])
    room.clean({"log": {"consent": LOG["consent"] | {"phone": "tel"}}})
    assert room.rows("select phone from clean.consents") == [("+447150697101",)]
    assert room.one("select reason from clean.rejected_rows")[0].startswith("of nobody")
