"""Which systems know a person, and under which numbers."""

from random import Random
from typing import NamedTuple

from people import DAYS, Person


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


def hand_out(people: list[Person], seed: int) -> list[Accounts]:
    """The accounts of every person, in their order. Everybody is known to at least one system."""
    random = Random(f"{seed}:accounts")
    shop, card, crm, subscriber, profile = 10_000, 70_000_000, 200_000, 0, 0
    tablets: dict[int, str] = {}
    result: list[Accounts] = []
    for person in people:
        shop_ids: list[int] = []
        if random.random() < SHOP_SHARE[person.channel]:
            # A forgotten password is a second account.
            for _ in range(2 if random.random() < 0.06 else 1):
                shop += random.randint(1, 3)
                shop_ids.append(shop)
        card_number = None
        if random.random() < CARD_SHARE[person.channel]:
            card += random.randint(1, 40)
            card_number = f"L{card}"
        number = None
        if random.random() < (0.36 if person.channel != "none" else 0.5):
            subscriber += 1
            number = f"N{subscriber:05d}"
        contacts: list[str] = []
        if random.random() < 0.7 or not (shop_ids or card_number or number):
            for _ in range(random.choices((1, 2, 3), (85, 13, 2))[0]):
                crm += random.randint(1, 4)
                contacts.append(f"C{crm}")
        app = None
        if random.random() < (0.32 if shop_ids else 0.06) and person.arrived < DAYS:
            profile += 1
            app = f"A{profile:05d}"
        devices = [f"a-{random.getrandbits(48):012x}" for _ in range(random.choice((1, 1, 2)))]
        # A tablet on the kitchen table: the same browser for the whole household.
        tablet = tablets.setdefault(person.household, f"a-{random.getrandbits(48):012x}")
        if random.random() < 0.08:
            devices.append(tablet)
        app_device = f"d-{random.getrandbits(48):012x}" if app else None
        result.append(
            Accounts(tuple(shop_ids), card_number, tuple(contacts), number, app, tuple(devices), app_device)
        )
    return result
