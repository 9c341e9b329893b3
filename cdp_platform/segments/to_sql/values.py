"""Values as literals, and comparisons closed against null."""

from datetime import date, datetime, time, timedelta

from sqlglot import exp
from sqlglot.expressions import Literal, convert

from cdp_platform.customers.fields import Kind
from cdp_platform.segments.conditions.comparison import Comparison
from cdp_platform.segments.conditions.values import Scalar, Window

COMPARE: dict[str, type[exp.Binary]] = {
    "eq": exp.EQ, "ne": exp.NEQ, "gt": exp.GT, "gte": exp.GTE, "lt": exp.LT, "lte": exp.LTE,
}  # fmt: skip


def literal(value: Scalar) -> exp.Expr:
    """A value as a literal; sqlglot escapes it for each dialect."""
    if isinstance(value, datetime):
        return exp.cast(Literal.string(value.isoformat(sep=" ")), "timestamp")
    if isinstance(value, date):
        return exp.cast(Literal.string(value.isoformat()), "date")
    return convert(int(value) if isinstance(value, float) and value.is_integer() else value)


def moment(value: date, kind: Kind) -> exp.Expr:
    """A date or time as a literal of the kind that the field holds."""
    day = value.date() if isinstance(value, datetime) else value
    if kind == "date":
        return literal(day)
    return literal(value if isinstance(value, datetime) else datetime.combine(value, time()))


def closed(condition: exp.Expr) -> exp.Expr:
    """False where the condition is null: three-valued logic ends here."""
    return exp.Coalesce(this=condition, expressions=[exp.false()])


def is_null(of: exp.Expr) -> exp.Expr:
    """`of is null`."""
    return exp.Is(this=of.copy(), expression=exp.null())


def inside(of: exp.Expr, window: Window) -> list[exp.Expr]:
    """The conditions of a half open window."""
    return between(of, None if window.start is None else literal(window.start), literal(window.end))


def between(of: exp.Expr, start: exp.Expr | None, end: exp.Expr | None) -> list[exp.Expr]:
    """From start up to, but without, end."""
    found: list[exp.Expr] = []
    if start is not None:
        found.append(exp.GTE(this=of.copy(), expression=start))
    if end is not None:
        found.append(exp.LT(this=of.copy(), expression=end))
    return found


def compare(of: exp.Expr, condition: Comparison, kind: Kind, as_of: datetime) -> exp.Expr:
    """One comparison; never null."""
    match condition.op:
        case "present":
            return exp.not_(is_null(of))
        case "missing":
            return is_null(of)
        case "has" | "has_not":
            has = closed(exp.ArrayContains(this=of.copy(), expression=literal(_one(condition))))
            return has if condition.op == "has" else exp.not_(has)
        case "in" | "not_in":
            return _either(of, exp.In(this=of.copy(), expressions=[literal(v) for v in _many(condition)]), condition.op)
        case "contains" | "starts_with" | "ends_with":
            return closed(_text(of, condition.op, str(condition.value)))
        case "before" | "after" | "within":
            return closed(exp.and_(*_time(of, condition, kind, as_of)))
        case "between":
            if kind == "number":
                low, high = _many(condition)
                return closed(exp.Between(this=of.copy(), low=literal(low), high=literal(high)))
            return closed(exp.and_(*_time(of, condition, kind, as_of)))
        case "ne":
            return _either(of, exp.EQ(this=of.copy(), expression=literal(_one(condition))), "not_in")
        case _:
            return closed(COMPARE[condition.op](this=of.copy(), expression=literal(_one(condition))))


def _either(of: exp.Expr, found: exp.Expr, op: str) -> exp.Expr:
    """`not_in` is the exact complement of `in`: it includes null, as a person means it."""
    return closed(found) if op == "in" else exp.paren(exp.or_(exp.not_(found), is_null(of)))


def _text(of: exp.Expr, op: str, value: str) -> exp.Expr:
    """Search without regard to case. No `like`: BigQuery knows no escape clause, and here nothing needs escaping."""
    text, wanted = exp.Lower(this=of.copy()), Literal.string(value.lower())
    if op == "ends_with":
        return exp.EQ(this=exp.Right(this=text, expression=Literal.number(len(value.lower()))), expression=wanted)
    place = exp.StrPosition(this=text, substr=wanted)
    if op == "starts_with":
        return exp.EQ(this=place, expression=Literal.number(1))
    return exp.GT(this=place, expression=Literal.number(0))


def _time(of: exp.Expr, condition: Comparison, kind: Kind, as_of: datetime) -> list[exp.Expr]:
    def ago(days: int) -> exp.Expr:
        return moment(as_of - timedelta(days=days), kind)

    said = condition.days_ago
    if isinstance(said, tuple):
        return between(of, ago(said[0]), ago(said[1]))
    if isinstance(condition.value, tuple):
        start, end = (moment(v, kind) for v in condition.value if isinstance(v, date))
        return between(of, start, end)
    at = ago(said) if said is not None else moment(_day(condition), kind)
    if condition.op == "within":
        return between(of, at, ago(0))
    return between(of, None, at) if condition.op == "before" else between(of, at, None)


def _day(condition: Comparison) -> date:
    if not isinstance(condition.value, date):
        raise TypeError(f"{condition.field}: op {condition.op} needs a date")
    return condition.value


def _one(condition: Comparison) -> Scalar:
    if condition.value is None or isinstance(condition.value, tuple):
        raise TypeError(f"{condition.field}: op {condition.op} needs one value")
    return condition.value


def _many(condition: Comparison) -> tuple[Scalar, ...]:
    return condition.value if isinstance(condition.value, tuple) else ()
