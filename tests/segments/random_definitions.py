"""Random definitions, up to four levels deep, made of every kind of condition."""

from datetime import date
from random import Random
from typing import Any

TEXTS = ["GB", "fr", "100%", "_", "A_B", "it's", "\\", "!", "o"]


def definition(chance: Random, depth: int = 0) -> dict[str, Any]:
    """One condition as it would stand in YAML."""
    if depth < 3 and chance.random() < (0.75 if depth == 0 else 0.3):
        parts = [definition(chance, depth + 1) for _ in range(chance.randint(1, 3))]
        return {chance.choice(["all", "any", "any", "none"]): parts}
    kinds = [_comparison, _comparison, _did, _did, _measured, _edge, _sequence, _sequence, _selection, _rank]
    return chance.choice(kinds)(chance)


def _comparison(chance: Random) -> dict[str, Any]:
    pick = chance.choice
    match pick(["text", "text", "number", "time", "time", "date", "list", "score"]):
        case "text":
            field, op = pick(["country", "city", "email"]), pick(["eq", "ne", "contains", "starts_with", "ends_with"])
            return pick([
                {"field": field, "op": op, "value": pick(TEXTS)},
                {"field": field, "op": pick(["in", "not_in"]), "value": chance.sample(TEXTS, 2)},
                {"field": field, "op": pick(["present", "missing"])},
            ])  # fmt: skip
        case "number":
            op = pick(["eq", "ne", "gt", "gte", "lt", "lte"])
            return pick([
                {"field": pick(["orders", "net_value"]), "op": op, "value": pick([-5, 0, 2, 10, 99.5])},
                {"field": "net_value", "op": "between", "value": [0, 10]},
                {"field": "orders", "op": pick(["in", "not_in"]), "value": [0, 2]},
            ])  # fmt: skip
        case "time":
            field = pick(["first_order_at", "last_order_at"])
            return pick([
                {"field": field, "op": pick(["before", "after"]), "days_ago": pick([0, 7, 30])},
                {"field": field, "op": "within", "days_ago": pick([7, 30, 60])},
                {"field": field, "op": "between", "days_ago": pick([[30, 7], [60, 0]])},
                {"field": field, "op": pick(["before", "after"]), "value": date(2026, 5, 31)},
            ])  # fmt: skip
        case "date":
            return pick([
                {"field": "birth_date", "op": pick(["before", "after"]), "value": date(1999, 12, 31)},
                {"field": "birth_date", "op": "between", "value": [date(1980, 1, 1), date(1999, 12, 31)]},
                {"field": "birth_date", "op": "before", "days_ago": 9000},
            ])  # fmt: skip
        case "list":
            return {"field": "sources", "op": pick(["has", "has_not"]), "value": pick(["crm", "shop", "pos"])}
        case _:
            return pick([
                {"field": "rfm.label", "op": pick(["eq", "ne"]), "value": "at risk"},
                {"field": "purchase.churn_risk", "op": pick(["gte", "lt", "ne"]), "value": 0.5},
                {"field": "value.expected_value_365d", "op": "gt", "value": 1.5},
                {"field": "value.expected_value_365d", "op": "missing"},
            ])  # fmt: skip


def _window(chance: Random) -> dict[str, Any]:
    return chance.choice(
        [{}, {"within_days": chance.choice([1, 7, 30])}, {"days_ago": chance.choice([[30, 7], [7, 0]])}]
    )


def _filters(chance: Random) -> dict[str, Any]:
    pick = chance.choice
    if chance.random() < 0.6:
        return {}
    return {
        "where": chance.sample(
            [
                {"field": "amount", "op": pick(["gt", "ne", "lte"]), "value": 20},
                {"field": "amount", "op": "missing"},
                {"field": "category", "op": pick(["eq", "ne", "contains"]), "value": "garden"},
                {"field": "channel", "op": "in", "value": ["web"]},
            ],
            chance.randint(1, 2),
        )
    }


def _kind(chance: Random) -> str:
    return chance.choice(["order", "order", "Product Added", "Product Viewed", "it's \\ odd", "never"])


def _did(chance: Random) -> dict[str, Any]:
    pick = chance.choice
    if chance.random() < 0.3:
        return {"did_not": _kind(chance), **_window(chance), **_filters(chance)}
    times: dict[str, Any] = {pick(["eq", "ne", "gt", "gte", "lt", "lte"]): pick([0, 1, 2, 3])}
    if chance.random() < 0.3:
        times = {"gte": pick([0, 1]), "lte": pick([2, 4])}
    return {"did": _kind(chance), "times": times, **_window(chance), **_filters(chance)}


def _measured(chance: Random) -> dict[str, Any]:
    pick = chance.choice
    measure = pick(["sum", "average", "smallest", "largest", "distinct"])
    of = pick(["sku", "category"]) if measure == "distinct" else pick(["amount", "quantity"])
    bound = {pick(["eq", "ne", "gt", "gte", "lt", "lte"]): pick([0, 1, 2, 20, 35])}
    return {f"{measure}_of": of, "did": _kind(chance), **bound, **_window(chance), **_filters(chance)}


def _edge(chance: Random) -> dict[str, Any]:
    return {chance.choice(["first_did", "last_did"]): _kind(chance), **_window(chance), **_filters(chance)}


def _sequence(chance: Random) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"did": _kind(chance), **_filters(chance)}]
    for _ in range(chance.randint(1, 2)):
        limit = chance.choice([{}, {"within_hours": chance.choice([6, 48])}, {"within_days": chance.choice([1, 10])}])
        steps.append({chance.choice(["did", "did_not"]): _kind(chance), **limit, **_filters(chance)})
    return {"sequence": steps, **_window(chance)}


def _selection(chance: Random) -> dict[str, Any]:
    return chance.choice([
        {"in_segment": chance.choice(["vip", "asleep"])},
        {"consented": chance.choice(["email_marketing", "analytics"])},
        {"sample": chance.choice([0.3, 1, [0.25, 0.75]]), "salt": chance.choice(["a", "it's"])},
    ])  # fmt: skip


def _rank(chance: Random) -> dict[str, Any]:
    pick = chance.choice
    size = pick([{"top": 5}, {"bottom": 7}, {"top_percent": 25}, {"bottom_percent": 12.5}, {"top": 500}])
    return {**size, "by": pick(["net_value", "orders", "last_order_at", "purchase.churn_risk"])}
