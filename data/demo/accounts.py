"""Which systems know a person, and under which numbers."""

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import NamedTuple

from people import Person


class Accounts(NamedTuple):
    """One person's numbers in the systems that know them."""

    shop: tuple[int, ...]
    card: str | None
    crm: tuple[str, ...]
    subscriber: str | None
    app_profile: str | None
    devices: tuple[str, ...]
    """Anonymous ids of browsers."""
    app_device: str | None


SHOP_SHARE = {"web": 1.0, "both": 1.0, "store": 0.04, "none": 0.3}
CARD_SHARE = {"web": 0.1, "both": 0.65, "store": 0.85, "none": 0.04}
NEWSLETTER_SHARE = {"web": 0.36, "both": 0.36, "store": 0.36, "none": 0.5}


def hand_out(people: list[Person], seed: int) -> list[Accounts]:
    """The accounts of every person, in their order. Everybody is known to at least one system."""
    random = Random(f"{seed}:accounts")
    shop, card = _growing(10_000, 3, random), _growing(70_000_000, 40, random)
    crm, subscriber, profile = _growing(200_000, 4, random), count(1), count(1)
    tablets: dict[int, str | None] = {}
    result: list[Accounts] = []
    for person in people:
        # A forgotten password is a second account.
        opened = random.choices((1, 2), (94, 6))[0] if random.random() < SHOP_SHARE[person.channel] else 0
        shop_ids = tuple(next(shop) for _ in range(opened))
        card_number = f"L{next(card)}" if random.random() < CARD_SHARE[person.channel] else None
        subscribed = random.random() < NEWSLETTER_SHARE[person.channel]
        typed_in = random.random() < 0.7 or not (shop_ids or card_number or subscribed)
        contacts = random.choices((1, 2, 3), (85, 13, 2))[0] if typed_in else 0
        has_app = random.random() < (0.32 if shop_ids else 0.06)
        devices = [_device_id("a", random) for _ in range(random.choice((1, 1, 2)))]
        # A tablet on the kitchen table: one browser for the whole household.
        if person.household not in tablets:
            tablets[person.household] = _device_id("a", random) if random.random() < 0.1 else None
        if (tablet := tablets[person.household]) and random.random() < 0.7:
            devices.append(tablet)
        result.append(
            Accounts(
                shop=shop_ids,
                card=card_number,
                crm=tuple(f"C{next(crm)}" for _ in range(contacts)),
                subscriber=f"N{next(subscriber):05d}" if subscribed else None,
                app_profile=f"A{next(profile):05d}" if has_app else None,
                devices=tuple(devices),
                app_device=_device_id("d", random) if has_app else None,
            )
        )
    return result


def _growing(number: int, step: int, random: Random) -> Iterator[int]:
    """Numbers with gaps, as ids have where others were deleted."""
    while True:
        number += random.randint(1, step)
        yield number


def _device_id(kind: str, random: Random) -> str:
    return f"{kind}-{random.getrandbits(48):012x}"
