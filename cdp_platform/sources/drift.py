"""What is different about the columns of a load, and whether anything that is built on them would break."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from cdp_platform.company import Company
from cdp_platform.shared.mistakes import nearest
from cdp_platform.sources.config import HttpSource, NdjsonSource, Source
from cdp_platform.sources.connectors.base import IncompatibleError, Landed, Part
from cdp_platform.sources.names import column_of
from cdp_platform.sources.shapes import TEXT_TESTS, WIDER, Look, Shape
from cdp_platform.sources.uses import asked_for, uses, would_break

ALWAYS_FILLED = 0.95
"""A JSON key with values in this share of rows counts as missing when it is gone; rarer ones come and go."""
CHANCE = 0.001
"""Below this probability a gone JSON key is no coincidence of a small load."""
STILL_FITS = 0.5
"""Share of values that must still be of the known shape. One odd value in a hundred is for `clean` to reject."""


class Finding(NamedTuple):
    """One difference."""

    column: str
    change: Literal["new", "missing", "type"]
    message: str
    breaking: bool


def compare(
    company: Company,
    source: Source,
    known: Mapping[str, Shape],
    landed: Landed,
    looks: Mapping[str, Look],
    *,
    anew: bool,
) -> list[Finding]:
    """Differences between what is known of a source and what landed.

    `anew`: files that add up were all read again, so that their order tells which columns came and went.
    """
    first = not known
    found: list[Finding] = []
    if not first:
        tables = {name for name, shape in known.items() if shape.position is not None}
        lower = {name.casefold() for name in tables}
        for name, kind in landed.columns.items():
            if name.casefold() not in lower:
                look = looks[name]
                about = f"{source.name}.{name} is new ({look.shape if look.shape != 'empty' else kind.lower()})."
                found.append(Finding(name, "new", about, breaking=False))
    purposes = uses(source)
    for name, where in _missing(known, landed, looks, anew=anew).items():
        found.append(_missing_finding(company, source, name, where, list(landed.columns), purposes.get(name, [])))
    for name, shape in known.items():
        look = looks.get(name)
        if look and (change := _type_change(shape, look)):
            found.append(_type_finding(company, source, name, *change, purposes.get(name, [])))
    return found


def unknown_columns(company: Company, source: Source, columns: Iterable[str]) -> list[Finding]:
    """Columns that the configuration names and that the source does not have.

    JSON leaves out keys that have no value: there only a missing key or cursor breaks anything.
    """
    names = list(columns)
    loose = isinstance(source, NdjsonSource | HttpSource)
    found: list[Finding] = []
    for path, purposes in asked_for(source).items():
        if column_of(path, names) is None:
            finding = _missing_finding(company, source, path, None, names, purposes)
            found.append(finding._replace(breaking=not loose or bool({"key", "cursor"}.intersection(purposes))))
    return found


def refuse(source: Source, findings: Sequence[Finding]) -> None:
    """Raise IncompatibleError when a finding breaks anything."""
    breaking = list(dict.fromkeys(finding.message for finding in findings if finding.breaking))
    if breaking:
        raise IncompatibleError("\n".join([
            *breaking,
            f"If that is how it is from now on, change `means` of {source.name} or raise its `schema_version`.",
        ]))  # fmt: skip


def _missing(
    known: Mapping[str, Shape], landed: Landed, looks: Mapping[str, Look], *, anew: bool
) -> dict[str, str | None]:
    """Columns that are gone, with the part that lacks them (None: all)."""
    gone: dict[str, str | None] = {}
    tables = {name: shape for name, shape in known.items() if shape.position is not None}
    with_columns = [part for part in landed.parts if part.columns is not None and (part.records or part.columns)]
    if with_columns:
        expected = {} if anew else {name.casefold(): name for name in tables}
        for part in with_columns:
            here = {column.casefold(): column for column in part.columns or ()}
            for lower, name in expected.items():
                if lower not in here:
                    gone.setdefault(name, part.name)
            expected = here | expected
        for name in tables:
            if anew and name.casefold() not in expected:
                gone.setdefault(name, None)
        return gone
    rows = sum(part.records for part in landed.parts)
    for name, shape in known.items():
        look = looks.get(name)
        if (not look or not look.filled) and shape.share >= ALWAYS_FILLED and (1 - shape.share) ** rows < CHANCE:
            gone[name] = _only(landed.parts)
    return gone


def _only(parts: Sequence[Part]) -> str | None:
    return parts[0].name if len(parts) == 1 else None


def _type_change(shape: Shape, look: Look) -> tuple[str, str, bool] | None:
    """What was known, what came, and whether its values can still be read as before; None when nothing changed."""
    if "empty" in (shape.shape, look.shape) or shape.shape == look.shape:
        return None
    harmless = look.shape in WIDER.get(shape.shape, ())
    if look.type == "VARCHAR" and shape.shape in TEXT_TESTS:
        if not look.fits or look.fits[shape.shape] >= STILL_FITS:
            return (shape.shape, "text", True) if shape.type != look.type else None
        return shape.shape, look.shape, harmless
    if look.shape in (narrow for narrow, wide in WIDER.items() if shape.shape in wide):
        return None
    if shape.shape == "text":
        return (shape.shape, look.shape, look.shape not in ("json", "binary")) if shape.type != look.type else None
    return shape.shape, look.shape, harmless


def _missing_finding(
    company: Company, source: Source, name: str, where: str | None, there: Sequence[str], purposes: Sequence[str]
) -> Finding:
    place = f" in {where}" if where and where != source.name else ""
    message = f"{source.name}.{name} is missing{place}"
    if not purposes:
        return Finding(name, "missing", message + ": its rows have null there.", breaking=False)
    meant = nearest(name, [column for column in there if column.casefold() != name.casefold()])
    hint = f" Did you mean '{meant}'?" if meant else ""
    return Finding(name, "missing", f"{message}: {would_break(company, purposes)} would break.{hint}", breaking=True)


def _type_finding(
    company: Company, source: Source, name: str, expected: str, found: str, harmless: bool, purposes: Sequence[str]
) -> Finding:
    message = f"{source.name}.{name} was {expected} and is {found} now"
    if harmless or not purposes:
        return Finding(name, "type", message + ".", breaking=False)
    return Finding(name, "type", f"{message}: {would_break(company, purposes)} would break.", breaking=True)
