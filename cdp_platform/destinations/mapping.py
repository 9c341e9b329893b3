"""A mapping as SQL: each destination field an expression over the customer, the scores and the membership.

Expressions are trees of sqlglot, never text put together, so a value of the configuration cannot become SQL.
"""

from functools import reduce

from sqlglot import exp

from cdp_platform.destinations.config import PLACEHOLDER, Mapped, Transform
from cdp_platform.destinations.fields import FIELDS

PREFIX = "field:"
"""Before the name of a destination field, which may be any word, `customer_id` included."""


CAPITALISE = """
create or replace temp macro capitalise(words) as array_to_string(list_transform(
    regexp_extract_all(lower(words), '[^ ''-]+[ ''-]*'),
    lambda word: case when trim(word) in ('van', 'von', 'der', 'den', 'de', 'la', 'du', 'di', 'da', 'zu') then word
                      else upper(word[1]) || word[2:] end), '')"""
"""Golden names are lower case, for comparing; a letter greets Ann, not ann. The model's connection needs this macro."""


def columns(mapping: dict[str, Mapped]) -> str:
    """The select list of a mapping, in its order, in DuckDB's dialect; each column is called `field:<name>`."""
    return ", ".join(
        exp.alias_(expression(mapped), PREFIX + name, quoted=True).sql("duckdb") for name, mapped in mapping.items()
    )


def expression(mapped: Mapped) -> exp.Expr:
    """The value of one destination field."""
    if mapped.field is not None:
        value: exp.Expr = _column(mapped.field)
    elif mapped.template is not None:
        value = _template(mapped.template)
    else:
        value = exp.convert(mapped.value)
    return reduce(_transformed, mapped.transform, value)


def _column(name: str) -> exp.Expr:
    place = FIELDS[name]
    return exp.column(place.column, table=place.table, quoted=True)


def _template(template: str) -> exp.Expr:
    """Text around fields; null when every field is null."""
    parts: list[exp.Expr] = []
    for index, part in enumerate(PLACEHOLDER.split(template)):
        if index % 2:
            parts.append(exp.Coalesce(this=_text(_column(part)), expressions=[exp.Literal.string("")]))
        elif part:
            parts.append(exp.Literal.string(part))
    whole = exp.func("concat", *parts)
    names = PLACEHOLDER.findall(template)
    if not names:
        return whole
    some = exp.or_(*(exp.not_(exp.Is(this=_column(name), expression=exp.Null())) for name in names))
    return exp.Case(ifs=[exp.If(this=some, true=whole)])


def _transformed(value: exp.Expr, transform: Transform) -> exp.Expr:
    text = _text(value)
    match transform:
        case "trim":
            changed: exp.Expr = exp.Trim(this=text)
        case "lower":
            changed = exp.Lower(this=text)
        case "upper":
            changed = exp.Upper(this=text)
        case "capitalise":
            changed = exp.Anonymous(this="capitalise", expressions=[text])
        case "digits":
            pattern, none, every = (exp.Literal.string(word) for word in ("[^0-9]", "", "g"))
            changed = exp.Anonymous(this="regexp_replace", expressions=[text, pattern, none, every])
        case "sha256":
            filled = exp.Nullif(this=text, expression=exp.Literal.string(""))  # everybody empty shares that hash
            return exp.Anonymous(this="sha256", expressions=[filled])
    return exp.Nullif(this=changed, expression=exp.Literal.string(""))


def _text(value: exp.Expr) -> exp.Expr:
    return exp.cast(value, "varchar")
