"""May we? The last word of each subject, and the most restrictive of a customer's subjects."""

import pytest

from tests.customers.conftest import ANN, BOB, CAL, Ask, day


@pytest.mark.parametrize(
    ("customer", "purpose", "status", "said", "subjects"),
    [
        (ANN, "news", "denied", "01-01", 2),  # her other address granted later
        (ANN, "ads", "granted", "02-01", 1),  # the same address changed its mind
        (ANN, "stats", "denied", "03-01", 1),  # both at the same instant
        (ANN, "profiling", "denied", "01-01", 1),  # said for a junk address
        (BOB, "news", "granted", "01-01", 1),  # the mailbox of the family
        (CAL, "news", "granted", "01-01", 1),
        (CAL, "calls", "denied", "01-02", 2),  # the phone granted, the record denied
    ],
)
def test_the_most_restrictive_last_word_counts(
    ask: Ask, customer: str, purpose: str, status: str, said: str, subjects: int
):
    found = ask(
        "select status, changed_at, subjects from customers.consents where customer_id = ? and purpose = ?",
        customer,
        purpose,
    )
    assert found == [(status, day(said), subjects)]


def test_nobody_else_has_a_consent(ask: Ask):
    assert ask("select count(*) from customers.consents") == [(7,)]


def test_the_reason_names_nobody(ask: Ask):
    [[reason]] = ask("select reason from customers.consents where customer_id = ? and purpose = 'calls'", CAL)
    assert reason == "denied by 1 of 2, last for the record in log"


def test_granted_purposes_are_on_the_customer(ask: Ask):
    found = ask("select customer_id, consents_granted from customers.customers order by 1")
    assert found == [(ANN, ["ads"]), (BOB, ["news"]), (CAL, ["news"]), ("c-dee", [])]
