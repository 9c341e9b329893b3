"""When people buy: each at an own rate, in season, until they stop."""

import numpy as np
from numpy.typing import NDArray

from people import DAYS, Person

Numbers = NDArray[np.float64]
BEFORE = 540
"""Days before the order history in which the earliest customers arrived."""
MOST_ORDERS = 150


def season(days: NDArray[np.int64]) -> Numbers:
    """Demand by day, 1 on average: gardens in May, presents in December, weekends above weekdays.

    Day 0 is 1 July 2024, a Monday.
    """
    day_of_year = (days + 182) % 365.25
    spring = np.exp(-(((day_of_year - 130) / 42) ** 2))
    presents = np.exp(-(((day_of_year - 341) / 16) ** 2))
    weekend = np.where(days % 7 >= 5, 1.3, 0.88)
    return (0.68 + 0.9 * spring + 0.75 * presents) * weekend


def purchases(people: list[Person], generator: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Index of the person and day of every order, sorted by person and day.

    Rates are gamma distributed and after each order a share leaves for good (beta distributed), which is the
    world of the MBG/NBD model (Batislam, Denizel, Filiztekin 2007); seasons bend time.
    """
    buyers = np.array([i for i, person in enumerate(people) if person.channel != "none"])
    trade = np.array([people[i].trade for i in buyers])
    arrived = np.array([people[i].arrived for i in buyers])
    count = len(buyers)
    rate = generator.gamma(0.9, 1 / 34, count) * np.where(trade, 3.0, 1.0) + 1e-4
    leaves = generator.beta(1.1, 6.0, count) * np.where(trade, 0.4, 1.0)
    gaps = generator.exponential(1, (count, MOST_ORDERS)) / rate[:, None]
    gaps[:, 0] = 0
    stays = generator.random((count, MOST_ORDERS)) >= leaves[:, None]
    alive = np.ones_like(stays)
    alive[:, 1:] = np.cumprod(stays, axis=1)[:, :-1]
    calendar = np.arange(-BEFORE, DAYS + 1)
    demand = np.concatenate([[0.0], np.cumsum(season(calendar))])[:-1]
    started = np.interp(arrived, calendar, demand)
    day = np.interp(started[:, None] + np.cumsum(gaps, axis=1), demand, calendar, right=DAYS + 1).astype(np.int64)
    happened = alive.astype(bool) & (day >= 0) & (day < DAYS)
    who = np.repeat(buyers, happened.sum(axis=1))
    return who, day[happened]
