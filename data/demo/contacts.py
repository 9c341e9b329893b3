"""How a person looks in a system's record: as they were on that day, as they said it, as somebody typed it."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import NamedTuple

import mess
from people import AS_OF, DAYS, Address, Person

START = datetime.combine(AS_OF - timedelta(days=DAYS), time(), UTC)
TITLES = {"female": ("Mrs", "Ms", "Miss", "Dr"), "male": ("Mr", "Mr", "Mr", "Dr")}


class Care(NamedTuple):
    """How carefully a system's records are filled: shares of values given, and of mistakes."""

    email: float
    phone: float
    birth: float
    address: float
    typos: float
    nickname: float = 0.1


class Contact(NamedTuple):
    """Values of one record; empty when not given."""

    title: str
    first: str
    last: str
    email: str
    phone: str
    birth: str
    gender: str
    street: str
    city: str
    postcode: str


def moment(day: int, random: Random) -> datetime:
    """A waking hour of the day (counted from the start of the order history)."""
    return START + timedelta(days=min(day, DAYS - 1), seconds=random.randint(7 * 3600, 22 * 3600))


def stamp(when: datetime) -> str:
    """ISO 8601 in UTC, as most systems export it."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def write_down(
    person: Person, day: int, care: Care, random: Random, *, birth_formats: tuple[str, ...] = ("%Y-%m-%d",)
) -> Contact:
    """One record of a person, made on a day."""
    last = person.former_last if person.former_last and random.random() < 0.35 else person.last
    home = address_on(person, day, random)
    given = random.random() < care.address
    postcode = home.postcode if given or random.random() < 0.4 else ""
    if random.random() < 0.15:
        postcode = postcode.lower() if random.random() < 0.5 else postcode.replace(" ", "")
    return Contact(
        title=random.choice(TITLES[person.sex]) if random.random() < 0.5 else "",
        first=mess.letter_case(mess.first_name(person.first, random, nickname=care.nickname, typos=care.typos), random),
        last=mess.letter_case(mess.last_name(last, random, care.typos), random),
        email=_email(person, care, random),
        phone=_phone(person, care, random),
        birth=mess.day(person.birth, random, birth_formats) if random.random() < care.birth else "",
        gender=_gender(person.sex, random),
        street=mess.letter_case(home.street, random) if given else "",
        city=mess.letter_case(home.city, random) if given else "",
        postcode=postcode,
    )


def address_on(person: Person, day: int, random: Random) -> Address:
    """Where a system thinks that somebody lives: two in three records made before a move never hear of it."""
    if person.former_home and day < person.moved_on and random.random() < 0.65:
        return person.former_home
    return person.home


def _email(person: Person, care: Care, random: Random) -> str:
    if random.random() >= care.email:
        return ""
    if person.family_email and random.random() < 0.3:
        return mess.email(person.family_email, random, typos=care.typos)
    second = len(person.emails) > 1 and random.random() < 0.25
    return mess.email(person.emails[1 if second else 0], random, typos=care.typos)


def _phone(person: Person, care: Care, random: Random) -> str:
    if random.random() >= care.phone:
        return ""
    # Older people give the landline, which is the whole household's.
    landline = random.random() < (0.4 if person.birth.year < 1970 else 0.1)
    number = person.home.landline if landline else person.mobile
    return mess.phone(number, random, care.typos)


def _gender(sex: str, random: Random) -> str:
    if random.random() < 0.35:
        return ""
    return random.choice((sex, sex, sex[0], sex[0].upper(), sex.title()))
