"""Visits to the web shop and the app in the last sixty days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import polars as pl

from accounts import Accounts
from catalogue import Product, popularity
from contacts import START, moment
from orders import Sales
from people import DAYS, Person

WEB_DAYS = 60
FIRST_DAY = DAYS - WEB_DAYS
STRANGERS = 0.45
"""Devices of which nobody ever learns whose they are, per person known."""

Happening = tuple[str, str, dict[str, Any]]
"""type, name of the page, screen or track event, properties (traits of an identify)."""


class Visit(NamedTuple):
    """One visit of one device."""

    at: datetime
    device: str
    platform: str
    user_id: str | None
    """Shop account; known from the start, or, where the happenings hold an identify, from there on."""
    happenings: list[Happening]


def visits(
    people: list[Person], accounts: list[Accounts], range_: list[Product], sales: Sales, seed: int
) -> list[Visit]:
    """All visits: with an order, with an abandoned basket, looking around, and strangers who never say who they are."""
    random = Random(f"{seed}:visits")
    shelf = Shelf(range_, random)
    found = [
        *_ordering(people, accounts, shelf, sales, random),
        *_looking_around(people, accounts, shelf, random),
        *_strangers(int(len(people) * STRANGERS), shelf, random),
    ]
    return sorted(found, key=lambda visit: (visit.at, visit.device))


class Shelf:
    """What is on show: draws products by popularity."""

    def __init__(self, range_: list[Product], random: Random) -> None:
        self.range = range_
        self.weights = popularity(range_)
        self.by_sku = {product.sku: product for product in range_}
        self.random = random

    def looked_at(self, count: int) -> list[Happening]:
        """Page and Product Viewed of so many products."""
        return [h for product in self.random.choices(self.range, self.weights, k=count) for h in _look(product)]

    def taken(self, count: int) -> list[Product]:
        """So many products to put into a basket."""
        return self.random.choices(self.range, self.weights, k=count)


def _ordering(
    people: list[Person], accounts: list[Accounts], shelf: Shelf, sales: Sales, random: Random
) -> Iterator[Visit]:
    """One visit for each web order of the last days; its Order Completed carries the order's number and total."""
    since = START.replace(tzinfo=None) + timedelta(days=FIRST_DAY)
    recent = sales.orders.filter(pl.col("web") & (pl.col("at") >= since) & ~pl.col("order_id").str.starts_with("R"))
    lines = sales.lines.join(recent.select("order"), on="order").partition_by("order", as_dict=True)
    for order in recent.sort("order").iter_rows(named=True):
        person, known = people[order["person"]], accounts[order["person"]]
        bought = lines[(order["order"],)]
        total = round(sum(q * p for q, p in bought.select("quantity", "unit_price").iter_rows()), 2)
        happenings = [_page("Home", "/"), *shelf.looked_at(random.randint(0, 2))]
        for sku, quantity in bought.select("sku", "quantity").iter_rows():
            happenings += [*_look(shelf.by_sku[sku]), _track("Product Added", sku=sku, quantity=quantity)]
        guest = order["customer_id"] is None
        if not guest:
            happenings.append(("identify", "", {"email": person.emails[0]}))
        happenings += [
            _page("Basket", "/basket"),
            _track("Checkout Started", value=total, currency="GBP"),
            _track("Order Completed", order_id=order["order_id"], total=total, currency="GBP"),
        ]
        device, platform = _device(known, random)
        # The order is booked when the last event is sent: the visit began earlier.
        at = order["at"].replace(tzinfo=UTC) - timedelta(seconds=40 * len(happenings))
        yield Visit(at, device, platform, None if guest else str(order["customer_id"]), happenings)


def _looking_around(people: list[Person], accounts: list[Accounts], shelf: Shelf, random: Random) -> Iterator[Visit]:
    """Visits without an order: one account in ten comes two or three times, the others hardly ever."""
    for person, known in zip(people, accounts, strict=True):
        often = 3.0 if random.random() < 0.1 else 0.28
        for _ in range(int(random.expovariate(1 / often)) if known.shop else 0):
            day = random.randint(max(FIRST_DAY, person.arrived), DAYS - 1)
            yield _visit(person, known, moment(day, random), shelf, random)


def _strangers(count: int, shelf: Shelf, random: Random) -> Iterator[Visit]:
    """Devices that never sign in; one in five comes back."""
    for number in range(count):
        day = random.randint(FIRST_DAY, DAYS - 1)
        device = f"a-{random.getrandbits(48):012x}"
        for _ in range(2 if number % 5 == 0 else 1):
            happenings = [_page("Home", "/"), *shelf.looked_at(random.randint(0, 3))]
            yield Visit(moment(day, random), device, "web", None, happenings)
            day = min(day + random.randint(1, 9), DAYS - 1)


def _visit(person: Person, known: Accounts, at: datetime, shelf: Shelf, random: Random) -> Visit:
    """A visit without an order: some sign in, some still are, the rest are known by their device at best."""
    device, platform = _device(known, random)
    happenings = [_page("Home", "/"), *shelf.looked_at(random.randint(1, 4))]
    user = str(random.choice(known.shop))
    signs_in = random.random() < 0.3
    if signs_in:
        happenings.insert(1, ("identify", "", {"email": person.emails[0]}))
    if random.random() < 0.35:
        for product in shelf.taken(random.choice((1, 1, 2, 3))):
            happenings += [*_look(product), _track("Product Added", sku=product.sku, quantity=1)]
        if random.random() < 0.4:
            happenings.append(_page("Basket", "/basket"))
    signed_in = signs_in or random.random() < 0.4
    return Visit(at, device, platform, user if signed_in else None, happenings)


def _device(known: Accounts, random: Random) -> tuple[str, str]:
    if known.app_device and random.random() < 0.4:
        return known.app_device, "ios" if int(known.app_device[-1], 16) % 3 else "android"
    return random.choice(known.devices), "web"


def _look(product: Product) -> list[Happening]:
    return [_page("Product", f"/p/{product.sku}"), _track("Product Viewed", sku=product.sku)]


def _page(name: str, path: str) -> Happening:
    return ("page", name, {"path": path})


def _track(event: str, **properties: Any) -> Happening:
    return ("track", event, properties)
