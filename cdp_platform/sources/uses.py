"""What the columns of a source are used for, and so what breaks without them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from cdp_platform.clean import contract as clean
from cdp_platform.company import Company
from cdp_platform.customers.fields import GOLDEN
from cdp_platform.shared.config import Config
from cdp_platform.sources.config import HttpSource, Source, SqlSource
from cdp_platform.sources.meanings import ENTITIES, columns_named
from cdp_platform.sources.names import column_of

CLEAN = {
    "person": clean.RECORDS, "order": clean.ORDERS, "order_line": clean.ORDER_LINES, "product": clean.PRODUCTS,
    "event": clean.EVENTS, "ticket": clean.TICKETS, "consent": clean.CONSENTS,
}  # fmt: skip
"""The table that each meaning leads to."""
LINKING = ("full_name", "first_name", "last_name", "email", "phone", "birth_date", "postcode", "customer_number",
           "loyalty_card", "device_id", "record_id")  # fmt: skip
"""What identity compares."""
NOT_PERSONAL = ("record_id", "country", "created_at", "updated_at")
PERSONAL = {
    "event": ("user_id", "anonymous_id", "properties", "traits", "context"),
    "ticket": ("subject",),
    "consent": ("email", "phone"),
}


def uses(source: Source) -> dict[str, list[str]]:
    """Column or path → what it is for: `key`, `cursor`, or a meaning such as `person.email`."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for column in source.key:
        found[column].append("key")
    if isinstance(source, SqlSource | HttpSource) and source.cursor:
        found[source.cursor].append("cursor")
    for entity in ENTITIES:
        meaning = getattr(source.means, entity)
        if meaning is not None:
            for field, path in columns_named(meaning).items():
                found[path].append(f"{entity}.{field}")
    return dict(found)


def asked_for(source: Source) -> dict[str, list[str]]:
    """Like `uses`, without what the user did not write: events may lack columns that are only defaults."""
    found: dict[str, list[str]] = {}
    for path, purposes in uses(source).items():
        written = [purpose for purpose in purposes if _written(source, purpose)]
        if written:
            found[path] = written
    return found


def personal(source: Source, columns: Iterable[str]) -> tuple[str, ...]:
    """Columns that hold a person's data: by their meaning, or because the user said so."""
    names = list(columns)
    paths = [*source.personal, *(path for path, purposes in uses(source).items() if any(map(_is_personal, purposes)))]
    found = {place[0] for path in paths if (place := column_of(path, names))}
    return tuple(name for name in names if name in found)


def updated_at(source: Source) -> str | None:
    """The column that tells the later of two versions of a row: the cursor, else what means `updated_at`."""
    if isinstance(source, SqlSource | HttpSource) and source.cursor:
        return source.cursor
    said = source.means.person.updated_at if source.means.person else None
    return said if isinstance(said, str) else None


def would_break(company: Company, purposes: Sequence[str]) -> str:
    """What downstream would break, as a list in words."""
    broken: list[str] = []
    for purpose in purposes:
        if purpose in ("key", "cursor"):
            broken.append(f"the {purpose} of the source")
            continue
        entity, field, *_ = purpose.split(".")
        table = CLEAN[entity]
        broken.append(f"{table.name}.{field}" if field in table.columns else table.name)
        if entity == "person":
            broken += ["identity"] if field in LINKING else []
            broken += [f"customers.customers.{field}"] if field in GOLDEN else []
            broken += [f"segment {name}" for name in _naming(company.segments, field)]
            broken += [f"sync {name}" for name in _naming(company.destinations, field)]
    unique = list(dict.fromkeys(broken))
    return unique[0] if len(unique) == 1 else ", ".join(unique[:-1]) + " and " + unique[-1]


def _written(source: Source, purpose: str) -> bool:
    if purpose in ("key", "cursor"):
        return True
    entity, field, *_ = purpose.split(".")
    return field in getattr(source.means, entity).model_fields_set


def _is_personal(purpose: str) -> bool:
    entity, _, field = purpose.partition(".")
    if entity == "person":
        return field not in NOT_PERSONAL
    return field in PERSONAL.get(entity, ())


def _naming(config: Config, field: str) -> list[str]:
    """Names of the things of a room (segments, syncs) that name a customer field anywhere."""

    def says(value: Any) -> bool:
        if isinstance(value, dict):
            return any(says(inner) for inner in value.values())
        if isinstance(value, list | tuple):
            return any(says(inner) for inner in value)
        return value == field

    content = config.model_dump()
    things = [thing for value in content.values() if isinstance(value, list) for thing in value]
    return [thing["name"] for thing in things if isinstance(thing, dict) and "name" in thing and says(thing)]
