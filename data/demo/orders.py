"""Orders and their lines: who bought what, where, for how much."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

import words
from accounts import Accounts
from catalogue import Product, popularity
from contacts import START
from habits import purchases
from people import DAYS, Person

Indexes = NDArray[np.int64]
BULK = ("plants", "seeds", "pots", "wildlife")
"""Categories of which people take several pieces."""


class Sales(NamedTuple):
    """Both frames share `order`, the running number of the order in time."""

    orders: pl.DataFrame
    """order, person, web, order_id, at, customer_id, card, store; returns have a number of their own."""
    lines: pl.DataFrame
    """order, sku, quantity, unit_price."""


def sell(people: list[Person], accounts: list[Accounts], range_: list[Product], seed: int) -> Sales:
    """All orders of the order history, returns included."""
    generator = np.random.default_rng([seed, 1])
    who, day = purchases(people, generator)
    by_time = np.lexsort((who, day))
    who, day = who[by_time], day[by_time]
    orders = _orders(people, accounts, who, day, generator)
    lines = _lines(people, range_, who, day, generator)
    return _with_returns(Sales(orders, lines), generator)


def _orders(
    people: list[Person], accounts: list[Accounts], who: Indexes, day: Indexes, generator: np.random.Generator
) -> pl.DataFrame:
    count = len(who)
    online_share = np.array([{"web": 1.0, "both": 0.55}.get(p.channel, 0.0) for p in people])
    web = generator.random(count) < online_share[who]
    # The web buys in the evening, stores are open from 9 to 18.
    seconds = np.where(web, generator.normal(18.5, 3.2, count).clip(6, 23.9), generator.uniform(9, 18, count)) * 3600
    first = np.array([a.shop[0] if a.shop else 0 for a in accounts])
    last = np.array([a.shop[-1] if a.shop else 0 for a in accounts])
    account = np.where(generator.random(count) < 0.3, last[who], first[who])
    guest = generator.random(count) < 0.03
    cards = np.array([a.card or "" for a in accounts], dtype=object)[who]
    forgotten = generator.random(count) < 0.12
    number = np.arange(count)
    return pl.DataFrame({
        "order": number, "person": who, "web": web, "day": day,
        "at": pl.Series(day * 86400 + seconds.astype(np.int64)),
        "customer_id": pl.Series(account), "guest": guest,
        "card": pl.Series(np.where(forgotten, "", cards).tolist(), dtype=pl.String),
        "store": pl.Series(np.array(words.STORES)[generator.integers(0, len(words.STORES), len(people))][who].tolist()),
    }).select(
        "order", "person", "web",
        order_id=pl.when("web").then(pl.format("W{}", pl.col("order") + 100_000))
        .otherwise(pl.format("T{}", pl.col("order") + 500_000)),
        at=pl.lit(START.replace(tzinfo=None)) + pl.duration(seconds=pl.col("at")),
        customer_id=pl.when(pl.col("web") & ~pl.col("guest")).then("customer_id"),
        card=pl.when(~pl.col("web") & (pl.col("card") != "")).then("card"),
        store=pl.when(~pl.col("web")).then("store"),
    )  # fmt: skip


def _lines(
    people: list[Person], range_: list[Product], who: Indexes, day: Indexes, generator: np.random.Generator
) -> pl.DataFrame:
    many = 1 + generator.poisson(2.15, len(who))
    order = np.repeat(np.arange(len(who)), many)
    person = who[order]
    categories = list(words.PRODUCTS)
    category = _categories(categories, person, len(people), day[order], generator)
    taste = np.exp(generator.normal(0, 0.45, len(people)))[person]
    weights = np.array(popularity(range_))
    prices = np.array([p.price for p in range_])
    chosen = np.zeros(len(order), dtype=np.int64)
    draw = generator.random(len(order)) ** (1 / taste)
    for index, name in enumerate(categories):
        inside = np.array([i for i, p in enumerate(range_) if p.category == name])
        inside = inside[np.argsort(prices[inside], kind="stable")]
        cumulative = np.cumsum(weights[inside]) / weights[inside].sum()
        here = category == index
        chosen[here] = inside[np.searchsorted(cumulative, draw[here]).clip(0, len(inside) - 1)]
    bulk = np.isin(category, [categories.index(c) for c in BULK])
    trade = np.array([p.trade for p in people])[person]
    quantity = np.where(bulk, generator.geometric(0.5, len(order)), 1 + (generator.random(len(order)) < 0.08))
    quantity = quantity * np.where(trade, generator.integers(2, 7, len(order)), 1)
    offer = generator.choice([1.0, 0.9, 0.8], len(order), p=[0.86, 0.08, 0.06])
    earlier = np.where(day[order] < DAYS // 2, 0.96, 1.0)
    return pl.DataFrame({
        "order": order,
        "sku": pl.Series(np.array([p.sku for p in range_])[chosen].tolist()),
        "quantity": quantity,
        "unit_price": (prices[chosen] * offer * earlier).round(2),
    })  # fmt: skip


def _categories(
    categories: list[str], person: Indexes, people: int, day: Indexes, generator: np.random.Generator
) -> Indexes:
    """Half of all lines are of the person's favourite category, the rest follow the season."""
    favourite = generator.integers(0, len(categories), people)[person]
    growing = (day + 182) % 365.25 < 240
    summer = np.array([3.0 if c in ("plants", "seeds", "barbecue", "pots", "tools") else 1.0 for c in categories])
    winter = np.array([3.0 if c in ("lighting", "kitchen", "textiles", "wildlife") else 1.0 for c in categories])
    draw = generator.random(len(person))
    seasonal = np.where(
        growing,
        np.searchsorted(np.cumsum(summer) / summer.sum(), draw),
        np.searchsorted(np.cumsum(winter) / winter.sum(), draw),
    ).clip(0, len(categories) - 1)
    return np.where(generator.random(len(person)) < 0.5, favourite, seasonal)


def _with_returns(sales: Sales, generator: np.random.Generator) -> Sales:
    """Three orders in a hundred come back in part, one to three weeks later, under a number of their own."""
    count = sales.orders.height
    back = np.sort(generator.choice(count, max(2, count * 3 // 100), replace=False))
    later = generator.integers(7, 22, len(back))
    number = pl.DataFrame({"order": back, "number": np.arange(len(back)) + count, "later": later})
    end = START.replace(tzinfo=None) + timedelta(days=DAYS)
    returned = (
        sales.orders.join(number, on="order")
        .with_columns(at=pl.col("at") + pl.duration(days=pl.col("later")), order_id=pl.format("R{}", "order_id"))
        .filter(pl.col("at") < end)
        .sort("order")
    )
    lines = (
        sales.lines.unique("order", keep="first", maintain_order=True)
        .join(returned.select("order", "number"), on="order")
        .sort("order")
        .select(pl.col("number").alias("order"), "sku", -pl.col("quantity"), "unit_price")
    )
    orders = returned.select(*(pl.col(c) for c in sales.orders.columns[1:]), pl.col("number").alias("order"))
    return Sales(
        pl.concat([sales.orders, orders.select(sales.orders.columns)]),
        pl.concat([sales.lines, lines]),
    )
