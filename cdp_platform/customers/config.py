"""What a user may write about customers: which record's value wins."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from cdp_platform.customers.fields import GOLDEN
from cdp_platform.shared.config import Config, Name, Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company

Rule = Literal["most_recent", "source_priority", "most_frequent", "longest", "oldest"]
SecondRule = Literal["most_recent", "most_frequent", "longest", "oldest"]


class Survivorship(Config):
    """How the value of one field is chosen among the records of a customer."""

    rule: Rule = Field(
        default="most_recent",
        description="most_recent: of the record changed last; oldest: of the record changed longest ago; "
        "most_frequent: of most records; longest: of most characters; source_priority: of the first of `sources`.",
    )
    sources: list[Name] = Field(
        default=[], description="For source_priority: sources in falling order of trust; others come after them."
    )
    then: SecondRule = Field(
        default="most_recent", description="What decides among values that the rule finds equally good."
    )

    @model_validator(mode="after")
    def _sources_belong_to_their_rule(self) -> Self:
        if self.rule == "source_priority" and not self.sources:
            raise ValueError("source_priority needs sources: name them in falling order of trust")
        if self.rule != "source_priority" and self.sources:
            raise ValueError(f"sources are for the rule source_priority, not for {self.rule}")
        if twice := sorted({s for s in self.sources if self.sources.count(s) > 1}):
            raise ValueError(f"sources named twice: {', '.join(twice)}")
        return self


ADDRESS = ("address", "city", "postcode", "country")
"""Chosen together, by the rule of `address`: an address mixed from two homes is no address."""

FIELDS = tuple(field for field in GOLDEN if field not in ADDRESS[1:])
"""Fields that a rule can be given for."""

_FREQUENT = Survivorship(rule="most_frequent")

DEFAULTS: dict[str, Survivorship] = {
    "title": _FREQUENT,
    "first_name": Survivorship(rule="most_frequent", then="longest"),
    "last_name": Survivorship(rule="most_frequent", then="longest"),
    "birth_date": _FREQUENT,
    "gender": _FREQUENT,
}
"""What most records agree on is seldom a typo; addresses and numbers change, so there the newest counts."""


class CustomersConfig(Config):
    """Which record's value wins."""

    survivorship: dict[str, Survivorship] = Field(
        default={},
        description=f"Rule per field ({', '.join(FIELDS)}). `address` stands for street, city, postcode and country, "
        "which are chosen together. Junk e-mail addresses and phones never win over real ones.",
    )

    def rule_of(self, field: str) -> Survivorship:
        """The rule of a field: the user's, the field's default, or most_recent."""
        return self.survivorship.get(field) or DEFAULTS.get(field) or Survivorship()


def problems(config: CustomersConfig, company: "Company") -> Iterator[Problem]:
    """Fields and sources that rules name must be there."""
    people = sorted({s.name for entity in ("person", "event") for s in company.sources.with_meaning(entity)})
    for field, rule in config.survivorship.items():
        if field not in FIELDS:
            message = (
                f"{field} is chosen together with the address: give the rule for `address`."
                if field in ADDRESS
                else f"'{field}' is not a field that is chosen."
            )
            yield Problem(("survivorship", field), message, field, FIELDS)
        for index, source in enumerate(rule.sources):
            if source not in people:
                yield Problem(
                    ("survivorship", field, "sources", index),
                    f"no source of people is called '{source}'.",
                    source,
                    tuple(people),
                )
