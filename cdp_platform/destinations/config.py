"""What a user may write about destinations."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from cdp_platform.destinations.fields import FIELDS
from cdp_platform.shared.config import Config, EnvironmentVariable, Name, Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company

Transform = Literal["trim", "lower", "upper", "capitalise", "digits", "sha256"]
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Mapped(Config):
    """Where a destination field's value comes from. A plain word is short for `{field: word}`."""

    field: str | None = Field(
        default=None, description="A field of the customer (`email`), a score (`rfm.label`) or the segment."
    )
    value: str | int | float | bool | None = Field(default=None, description="The same value for every row.")
    template: str | None = Field(
        default=None,
        description="Text with fields in braces: `{first_name} {last_name}`. Empty when all of them are empty.",
    )
    transform: list[Transform] = Field(
        default=[],
        description="Applied in order: trim, lower, upper, capitalise (Ann-Marie van Dyke), digits (keep only digits), "
        "sha256 (hexadecimal, last). "
        "What is empty afterwards is sent as null.",
    )

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if sum(given is not None for given in (self.field, self.value, self.template)) != 1:
            raise ValueError("give exactly one of field, value and template")
        if "sha256" in self.transform[:-1]:
            raise ValueError(
                "sha256 must be the last transform: nothing is to be done with a hash, least of all a hash"
            )
        return self

    def fields(self) -> tuple[str, ...]:
        """The fields that it reads."""
        if self.field is not None:
            return (self.field,)
        return tuple(PLACEHOLDER.findall(self.template or ""))


def _spelled_out(written: Any) -> Any:
    return {"field": written} if isinstance(written, str) else written


Mapping = dict[
    Annotated[str, Field(pattern=r"^[^\x00-\x1f\"]+$", max_length=63)],
    Annotated[Mapped, BeforeValidator(_spelled_out, json_schema_input_type=str | Mapped)],
]


class CsvDestination(Config):
    """A file on disk. Mirror: one complete file. Upsert and insert: a folder of files with the changes of each run."""

    kind: Literal["csv"]
    path: str = Field(
        pattern=r"\.csv$",
        description="File, relative to the home folder or absolute. For upsert and insert, changes go to a folder of "
        "the same name without `.csv`.",
    )
    delimiter: Literal[",", ";", "\t", "|"] = ","
    spreadsheet_guard: bool = Field(
        default=True,
        description="Put ' before a value that a spreadsheet would run as a formula (it begins with = + - @). "
        "Numbers and phones in E.164 stay as they are.",
    )


class WebhookDestination(Config):
    """A signed POST of JSON to an address of your own."""

    kind: Literal["webhook"]
    url_env: EnvironmentVariable = Field(description="Environment variable with the address.")
    secret_env: EnvironmentVariable | None = Field(
        default=None, description="Environment variable with the secret that signs each request (X-CDP-Signature)."
    )
    batch_size: int = Field(default=500, gt=0, le=10_000, description="Rows per request.")
    retries: int = Field(default=7, ge=0, le=20, description="Further tries on 429, 5xx and broken connections.")
    timeout_seconds: float = Field(default=30, gt=0, le=600)


class PostgresDestination(Config):
    """A table of a PostgreSQL database, of its own: rows with the sync's keys are overwritten and removed."""

    kind: Literal["postgres"]
    url_env: EnvironmentVariable = Field(description="Environment variable with the address, `postgresql://…`.")
    table: str = Field(pattern=r"^\w+\.\w+$", description="Schema and table, such as `marketing.customers`.")
    create: bool = Field(default=False, description="Create the table when it is not there.")
    batch_size: int = Field(default=10_000, gt=0, le=100_000, description="Rows per transaction.")
    retries: int = Field(default=5, ge=0, le=20, description="Further tries on broken connections and deadlocks.")


Destination = Annotated[CsvDestination | WebhookDestination | PostgresDestination, Field(discriminator="kind")]


class Guards(Config):
    """When a run must not be sent before a person has approved it."""

    most_removals: float = Field(default=0.3, ge=0, le=1, description="Share of the rows held that a run may remove.")
    most_additions: float = Field(
        default=3.0, gt=0, description="Rows a run may add, as a multiple of the rows held. Not for the first run."
    )
    over_rows: int = Field(default=50, ge=0, description="Smaller removals and additions are never held back.")
    most_without_key: float = Field(default=0.5, ge=0, le=1, description="Share of customers that may lack the key.")
    most_duplicate_keys: float = Field(
        default=0.1, ge=0, le=1, description="Share of customers that may share their key with another."
    )


class Sync(Config):
    """One sync: who is sent where, as what, and for which purpose."""

    name: Name = Field(description="Becomes the asset destinations/<name>.")
    about: str = Field(default="", description="One sentence for people, shown in Dagster.")
    owner: str | None = Field(
        default=None,
        pattern=r"^(team:[\w-]+|[^@\s]+@[^@\s]+)$",
        description="Who answers for it: `team:marketing` or an e-mail address. Left out: the company's owner.",
    )
    destination: Destination
    segment: Name | None = Field(default=None, description="The segment to send.")
    everyone: Literal[True] | None = Field(default=None, description="In place of a segment: all customers.")
    purpose: Name = Field(
        description="The purpose of use, one of those in privacy. Only customers who have granted it are sent."
    )
    mode: Literal["mirror", "upsert", "insert"] = Field(
        default="mirror",
        description="mirror: create, update, and remove who has left (only rows that this sync wrote). upsert: create "
        "and update, never remove, so somebody who withdraws consent stays there. insert: create only.",
    )
    key: str = Field(
        default="customer_id", description="What identifies a row there: customer_id, or a field of the mapping."
    )
    mapping: Mapping = Field(min_length=1, description="Destination field to its source.")
    guards: Guards = Guards()

    @model_validator(mode="after")
    def _segment_or_everyone(self) -> Self:
        if (self.segment is None) == (self.everyone is None):
            raise ValueError("give either a segment, or `everyone: true`")
        return self


class DestinationsConfig(Config):
    """All syncs of one company."""

    syncs: list[Sync] = []
    keep_results_days: int = Field(default=90, gt=0, le=3650, description="How long the outcome of each row is kept.")

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [s.name for s in self.syncs]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"sync names used twice: {', '.join(twice)}")
        files = [s.destination.path for s in self.syncs if isinstance(s.destination, CsvDestination)]
        if twice := sorted({f for f in files if files.count(f) > 1}):
            raise ValueError(f"files written by two syncs: {', '.join(twice)}")
        return self

    def sync(self, name: str) -> Sync:
        """The sync of this name. Raises KeyError."""
        return next((s for s in self.syncs if s.name == name), None) or _unknown(name)


def _unknown(name: str) -> Sync:
    raise KeyError(f"no sync is called '{name}'")


def problems(config: DestinationsConfig, company: "Company") -> Iterator[Problem]:
    """Segments, purposes, fields and keys must be known."""
    segments = tuple(s.name for s in company.segments.segments)
    purposes = company.privacy.names()
    for index, sync in enumerate(config.syncs):
        here = ("syncs", index)
        if sync.segment is not None and sync.segment not in segments:
            yield Problem((*here, "segment"), f"no segment is called '{sync.segment}'.", sync.segment, segments)
        if sync.purpose not in purposes:
            yield Problem(
                (*here, "purpose"), f"no purpose is called '{sync.purpose}': nobody has consented to it.",
                sync.purpose, purposes,
            )  # fmt: skip
        yield from _key_problems(sync, here)
        for target, mapped in sync.mapping.items():
            for name in mapped.fields():
                if name not in FIELDS:
                    yield Problem((*here, "mapping", target), f"no field is called '{name}'.", name, tuple(FIELDS))
                elif name.startswith("segment.") and sync.everyone:
                    yield Problem((*here, "mapping", target), f"'{name}' needs a segment: this sync sends everyone.")


def _key_problems(sync: Sync, here: tuple[str | int, ...]) -> Iterator[Problem]:
    usable = tuple(name for name, mapped in sync.mapping.items() if mapped.value is None)
    needed = isinstance(sync.destination, PostgresDestination)
    if sync.key not in usable and (needed or sync.key != "customer_id"):
        allowed = usable if needed else tuple(dict.fromkeys(("customer_id", *usable)))
        yield Problem(
            (*here, "key"), f"the key '{sync.key}' is not a field of the mapping that differs by customer.",
            sync.key, allowed,
        )  # fmt: skip
