"""A made-up town: people with several records each, with the mess that real sources have. Seeded."""

import random
from datetime import date, timedelta
from typing import Any

FIRST = [
    *("william", "mary", "john", "anna", "thomas", "emma", "george", "sarah", "james", "alice", "robert", "lucy"),
    *("edward", "clara", "henry", "jane", "arthur", "ruth", "albert", "edith", "frederick", "grace", "walter"),
    *("martha", "harold", "ethel", "ernest", "daisy", "hugo", "ingrid", "oscar", "petra", "ravi", "sunita", "yusuf"),
]
SHORT = {"william": "bill", "robert": "bob", "edward": "ted", "thomas": "tom", "james": "jim"}
SYLLABLES = [
    "bar",
    "den",
    "ford",
    "ham",
    "hol",
    "ker",
    "lin",
    "mor",
    "nor",
    "pem",
    "quil",
    "ros",
    "shaw",
    "tan",
    "wick",
]


def town(people: int, seed: int = 1) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Records, and the person of each record key."""
    chance = random.Random(seed)
    records: list[dict[str, Any]] = []
    truth: dict[str, str] = {}
    for person in range(people):
        first, last = chance.choice(FIRST), "".join(chance.sample(SYLLABLES, 2))
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(22000))
        email = f"{first}.{last}{chance.randrange(10, 99)}@example.org"
        phone = f"+4477{chance.randrange(10**8):08d}"
        postcode, city = (
            f"{chance.choice('ABCDEFG')}{chance.randrange(1, 60)} {chance.randrange(1, 9)}XY",
            f"city{person % 40}",
        )
        for number in range(chance.randrange(1, 5)):
            key = f"{('shop', 'crm', 'news', 'desk')[number]}:{person}"
            records.append({
                "key": key,
                "first_name": _spelled(chance, SHORT.get(first, first) if chance.random() < 0.15 else first),
                "last_name": _spelled(chance, last) if chance.random() < 0.9 else None,
                "email_key": email if chance.random() < 0.7 else None,
                "phone_key": phone if chance.random() < 0.6 else None,
                "birth_date": born if chance.random() < 0.6 else None,
                "postcode": postcode if chance.random() < 0.6 else None,
                "city": city if chance.random() < 0.6 else None,
            })  # fmt: skip
            truth[key] = str(person)
    return records, truth


def _spelled(chance: random.Random, word: str) -> str:
    if chance.random() > 0.08:
        return word
    place = chance.randrange(len(word))
    return word[:place] + chance.choice("aeiouxkl") + word[place + 1 :]
