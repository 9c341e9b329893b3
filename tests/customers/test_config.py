"""Survivorship as users write it."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from cdp_platform.customers.config import CustomersConfig
from cdp_platform.customers.survivorship import rule_rows
from cdp_platform.shared.mistakes import ConfigMistakes
from tests.customers.conftest import write_company

HEAD = "type: cdp_platform.components.Customers\nattributes:\n  survivorship:\n"


def mistakes(folder: Path, rules: str) -> list[str]:
    """What is wrong with these rules, each with its line."""
    with pytest.raises(ConfigMistakes) as raised:
        write_company(folder, customers=HEAD + rules)
    return [f"{m.line}: {m.message}" for m in raised.value.mistakes]


def test_rules_decide_one_after_the_other():
    config = CustomersConfig.model_validate(
        {"survivorship": {"email": {"rule": "source_priority", "sources": ["shop", "crm"]}}}
    )
    rows = [tuple(row)[1:] for row in rule_rows(config) if row.field == "email"]
    assert rows == [(1, "source_priority", "shop", 1), (1, "source_priority", "crm", 2), (2, "most_recent", None, None)]


def test_what_nobody_says_has_a_sensible_rule():
    chains = {}
    for row in rule_rows(CustomersConfig()):
        chains.setdefault(row.field, []).append(row.rule)
    assert chains == {
        "title": ["most_frequent", "most_recent"],
        "first_name": ["most_frequent", "longest", "most_recent"],
        "last_name": ["most_frequent", "longest", "most_recent"],
        "email": ["most_recent"],
        "phone": ["most_recent"],
        "birth_date": ["most_frequent", "most_recent"],
        "gender": ["most_frequent", "most_recent"],
        "address": ["most_recent"],
    }


def test_unknown_fields_and_sources_are_named_with_their_line(tmp_path: Path):
    found = mistakes(
        tmp_path, "    shoe_size: {rule: longest}\n    email: {rule: source_priority, sources: [shop, cmr]}\n"
    )
    assert found == ["4: 'shoe_size' is not a field that is chosen.", "5: no source of people is called 'cmr'."]


def test_a_part_of_the_address_has_no_rule_of_its_own(tmp_path: Path):
    assert mistakes(tmp_path, "    city: {rule: longest}\n") == [
        "4: city is chosen together with the address: give the rule for `address`."
    ]


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "source_priority"},
        {"rule": "longest", "sources": ["crm"]},
        {"rule": "source_priority", "sources": ["crm", "crm"]},
        {"rule": "loudest"},
        {"then": "source_priority"},
    ],
)
def test_rules_that_make_no_sense_are_refused(rule: dict[str, object]):
    with pytest.raises(ValidationError):
        CustomersConfig.model_validate({"survivorship": {"email": rule}})
