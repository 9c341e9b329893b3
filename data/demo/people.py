"""The truth: people in households, before any system has written about them."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple, TypeVar

import words

AS_OF = date(2026, 6, 30)
"""Today for the demo company: fixed, so that the demo never ages. The last data are of the day before."""
DAYS = 729
"""Length of the order history in days: from 1 July 2024 to the day before AS_OF."""

HOUSEHOLD_SIZES = ((1, 62), (2, 25), (3, 8), (4, 5))
CHANNELS = (("web", 40), ("both", 22), ("store", 20), ("none", 18))
"""Where people buy, in percent; `none` are contacts who never bought."""

T = TypeVar("T")


class Address(NamedTuple):
    """Where somebody lives."""

    street: str
    city: str
    postcode: str
    landline: str


class Person(NamedTuple):
    """One person as they really are. Days count from the start of the order history; negative is before it."""

    number: int
    household: int
    sex: str
    first: str
    last: str
    former_last: str | None
    birth: date
    emails: tuple[str, ...]
    family_email: str | None
    mobile: str
    home: Address
    former_home: Address | None
    moved_on: int
    arrived: int
    channel: str
    trade: bool

    @property
    def person_id(self) -> str:
        """Key of the truth."""
        return f"P{self.number:05d}"

    @property
    def household_id(self) -> str:
        """Key of the household in the truth."""
        return f"H{self.household:05d}"


def invent(count: int, seed: int) -> list[Person]:
    """So many people, living alone or together; the same seed gives the same people."""
    random = Random(f"{seed}:people")
    surnames, weights = _surnames(random)
    mailboxes: set[str] = set()
    people: list[Person] = []
    household = 0
    while len(people) < count:
        household += 1
        size = min(_one_of(HOUSEHOLD_SIZES, random), count - len(people))
        family = random.choices(surnames, weights)[0]
        home, former = _address(random), _address(random)
        moved_on = random.randint(60, DAYS) if random.random() < 0.09 else -1
        shared = _family_mailbox(family, mailboxes, random) if size > 1 and random.random() < 0.15 else None
        members: list[Person] = []
        for place in range(size):
            last = family if place == 0 or random.random() < 0.8 else random.choices(surnames, weights)[0]
            person = _person(len(people) + 1, household, last, mailboxes, surnames, random)
            if members and random.random() < 0.06:
                person = _as_relative_who_is_easily_confused(person, members[0], random)
            person = person._replace(
                home=home, former_home=former if moved_on >= 0 else None, moved_on=moved_on, family_email=shared
            )
            members.append(person)
            people.append(person)
    return people


def _person(number: int, household: int, last: str, mailboxes: set[str], surnames: list[str], random: Random) -> Person:
    sex = random.choice(("female", "male"))
    first = _skewed(words.WOMEN if sex == "female" else words.MEN, random)
    former = random.choice(surnames) if sex == "female" and random.random() < 0.06 else None
    birth = AS_OF - timedelta(days=int(365.25 * min(92, 19 + random.gammavariate(4.5, 7))))
    emails = [_mailbox(first, last, birth.year, mailboxes, random)]
    if former or random.random() < 0.2:
        emails.append(_mailbox(first, former or last, birth.year, mailboxes, random))
    early = random.random() < 0.3
    return Person(
        number, household, sex, first, last, former, birth, tuple(emails), None,
        mobile=f"7{random.choice('3458')}{random.randrange(10**8):08d}",
        home=_address(random), former_home=None, moved_on=-1,
        arrived=random.randint(-500, 40) if early else int(DAYS * random.random() ** 0.85),
        channel=_one_of(CHANNELS, random),
        trade=random.random() < 0.02,
    )  # fmt: skip


def _as_relative_who_is_easily_confused(person: Person, elder: Person, random: Random) -> Person:
    """A twin (same birth date) or a child with the parent's name."""
    if random.random() < 0.5:
        return person._replace(last=elder.last, birth=elder.birth, former_last=None)
    younger = elder.birth + timedelta(days=random.randint(9000, 11500))
    birth = younger if younger < AS_OF - timedelta(days=16 * 365) else elder.birth - timedelta(days=9500)
    return person._replace(first=elder.first, last=elder.last, sex=elder.sex, birth=birth, former_last=None)


def _surnames(random: Random) -> tuple[list[str], list[float]]:
    """Common names by Zipf's law, and a long tail of composed ones."""
    composed = [start + end for start in words.SURNAME_STARTS for end in words.SURNAME_ENDS]
    random.shuffle(composed)
    names = [*words.COMMON_SURNAMES, *words.RARE_SURNAMES, *composed]
    return names, [1 / (rank + 12) ** 0.9 for rank in range(len(names))]


def _address(random: Random) -> Address:
    town, area, code = random.choice(words.TOWNS)
    street = f"{random.randint(1, 180)} {random.choice(words.STREET_NAMES)} {random.choice(words.STREET_KINDS)}"
    letters = random.choice("ABDEFGHJLN") + random.choice("PQRSTUWXYZ")
    postcode = f"{area}{random.randint(1, 28)} {random.randint(1, 9)}{letters}"
    landline = code + f"{random.randrange(10 ** (10 - len(code))):0{10 - len(code)}d}"
    return Address(street, town, postcode, landline)


def _mailbox(first: str, last: str, year: int, taken: set[str], random: Random) -> str:
    """An address nobody else has, in one of the ways people choose them."""
    given, family = ascii_letters(first), ascii_letters(last)
    local = random.choice(
        (f"{given}.{family}", f"{given[0]}{family}", f"{given}{family}{year % 100:02d}", f"{family}.{given}",
         f"{given}_{family}", f"{given}{random.randint(1, 999)}")
    )  # fmt: skip
    return _unused(local, taken, random)


def _family_mailbox(family: str, taken: set[str], random: Random) -> str:
    return _unused(f"the.{ascii_letters(family)}s", taken, random)


def _unused(local: str, taken: set[str], random: Random) -> str:
    domain = random.choices(list(words.MAIL_DOMAINS), list(words.MAIL_DOMAINS.values()))[0]
    number = 0
    # Gmail reads a.b and ab as one mailbox, so two people must not differ by a dot alone.
    while (key := f"{local.replace('.', '')}{number or ''}@{domain}") in taken:
        number += random.randint(1, 9)
    taken.add(key)
    return f"{local}{number or ''}@{domain}"


def ascii_letters(name: str) -> str:
    """A name as it stands in an e-mail address."""
    plain = name.lower().translate(str.maketrans("âãäáçèéëêïíñóõöøúüł", "aaaaceeeeiinoooouul"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _skewed(values: Sequence[str], random: Random) -> str:
    """The front of the list more often than its end."""
    return values[int(len(values) * random.random() ** 1.5)]


def _one_of(weighted: Sequence[tuple[T, int]], random: Random) -> T:
    return random.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]
