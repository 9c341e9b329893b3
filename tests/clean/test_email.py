from collections.abc import Callable
from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp_platform.clean.email import domain_hints

Say = Callable[..., Any]


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (" James.Dougherty@GMAIL.com ", "james.dougherty@gmail.com"),
        ("mailto:ann@web.de", "ann@web.de"),
        ("Ann Lee <ann.lee@web.de>", "ann.lee@web.de"),
        ("ann @ web.de", "ann@web.de"),
        ("ann@web.de.", "ann@web.de"),
        ("\u200bann@web.de\u00a0", "ann@web.de"),
        ("o'brien@x.co.uk", "o'brien@x.co.uk"),
        ("ju\u0308rgen@web.de", "jürgen@web.de"),
        ("ann.lee@@mail", None),
        ("ann lee@web.de", None),
        ("ann..lee@web.de", None),
        (".ann@web.de", None),
        ("ann@web", None),
        ("ann@-web.de", None),
        ("a" * 65 + "@web.de", None),
        ("n/a", None),
        ("", None),
    ],
)
def test_an_address_has_one_spelling(say: Say, raw: str, address: str | None):
    assert say("email_address(x)", raw) == address


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("ann.lee+shop@gmail.com", "annlee@gmail.com"),
        ("ann.lee@googlemail.com", "annlee@gmail.com"),
        ("ann.lee+shop@outlook.com", "ann.lee@outlook.com"),
        ("ann+lee@yahoo.com", "ann+lee@yahoo.com"),
        ("ann-lee@yahoo.com", "ann-lee@yahoo.com"),
        ("ann.lee+x@corp.example", "ann.lee+x@corp.example"),
    ],
)
def test_a_mailbox_leaves_out_what_its_provider_ignores(say: Say, address: str, mailbox: str):
    assert say("email_mailbox(x)", address) == mailbox


@settings(max_examples=15, deadline=None)
@given(st.from_regex(r"[a-z][a-z.+_-]{0,12}[a-z]@(gmail\.com|web\.de|outlook\.com)", fullmatch=True))
def test_cleaning_twice_changes_nothing(say: Say, address: str):
    once = say("email_address(x)", f"  {address.upper()} ")
    if once is not None:
        assert say("email_address(x)", once) == once
        assert say("email_mailbox(email_mailbox(x))", once) == say("email_mailbox(x)", once)


def test_a_rare_domain_one_slip_from_a_known_one_is_a_typo(vocabulary: DuckDBPyConnection):
    domains = {"gmail.com": 200, "gmial.com": 2, "gmail.co": 1, "yaho.com": 1, "hotmial.com": 1, "ymail.com": 3}
    vocabulary.execute("create or replace temp table held(email varchar)")
    for domain, times in domains.items():
        vocabulary.execute(f"insert into held select 'x@{domain}' from range({times})")
    hints = dict(vocabulary.execute(domain_hints("held")).fetchall())
    assert hints == {
        "gmial.com": "gmail.com", "gmail.co": "gmail.com", "yaho.com": "yahoo.com", "hotmial.com": "hotmail.com",
    }  # fmt: skip


def test_a_domain_in_wide_use_is_no_typo(vocabulary: DuckDBPyConnection):
    vocabulary.execute("create or replace temp table held(email varchar)")
    vocabulary.execute("insert into held select 'x@gmail.com' from range(100)")
    vocabulary.execute("insert into held select 'x@gmaix.com' from range(30)")
    assert vocabulary.execute(domain_hints("held")).fetchall() == []


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("test@test.com", "placeholder domain"),
        ("test@gmail.com", "placeholder"),
        ("test12@gmail.com", "placeholder"),
        ("a@a.com", "placeholder"),
        ("xxx@gmail.com", "placeholder"),
        ("ann@example.com", "placeholder domain"),
        ("ann@host.local", "placeholder domain"),
        ("no-reply@shop.com", "nobody reads it"),
        ("info@bakery.co.uk", "role mailbox"),
        ("sales+uk@bakery.co.uk", "role mailbox"),
        ("testa.rossa@gmail.com", None),
        ("infanta@gmail.com", None),
        ("jo@smith.com", None),
    ],
)
def test_a_made_up_or_shared_address_is_recognised(say: Say, address: str, reason: str | None):
    assert say("email_placeholder(x)", address) == reason
