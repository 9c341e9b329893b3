"""What is compared and how finely, as data: Splink reads these levels from the top and takes the first that holds.

`m` is how often two records of one person reach a level, `u` how often two random persons do. The values here are
used where there is too little data to learn from, and as a weak prior where there is more; they were read off
several trained models and rounded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison. `rarity` names the column whose rarer values weigh more."""

    label: str
    holds: str
    m: float
    u: float
    rarity: str | None = None
    repeats: bool = False
    """Says again what the names said, so its weight is the default's, whatever the counts are."""
    blocked: bool = False
    """Every pair at this level shares a blocking key, so that the level can be counted among blocked pairs."""
    personal: bool = False
    """Singles out a person rather than a household or a name."""
    needs: tuple[str, ...] = ()
    """Columns without which the level cannot occur."""


@dataclass(frozen=True)
class Comparison:
    """One field or group of fields. `absent`: nothing to compare. The last level is always "differs"."""

    name: str
    needs: tuple[str, ...]
    """Columns of which at least one must hold values."""
    absent: str
    levels: tuple[Level, ...]

    @property
    def complete(self) -> tuple[Level, ...]:
        """The levels with the one that takes the rest, in the order in which they are tried."""
        rest = Level(
            DIFFERS,
            "ELSE",
            max(0.01, 1 - sum(level.m for level in self.levels)),
            max(0.01, 1 - sum(level.u for level in self.levels)),
        )
        return (*self.levels, rest)


DIFFERS = "differs"

FIRST_NAME = Comparison(
    "first_name",
    ("first",),
    "first_l is null or first_r is null",
    (
        Level("same", "first_l = first_r", 0.62, 0.015, rarity="first"),
        Level("one of several is the same", "list_has_any(firsts_l, firsts_r)", 0.03, 0.002),
        Level("short form", "list_has_any(forms_l, forms_r)", 0.1, 0.006),
        Level("spelled alike", "jaro_winkler_similarity(first_l, first_r) >= 0.88", 0.07, 0.006),
        Level(
            "swapped with last name",
            "list_has_any(firsts_l, lasts_r) or list_has_any(lasts_l, firsts_r) "
            "or jaro_winkler_similarity(first_l, last_r) >= 0.9 or jaro_winkler_similarity(last_l, first_r) >= 0.9",
            0.03,
            0.004,
        ),
        Level(
            "initial",
            "(length(first_l) = 1 or length(first_r) = 1) and left(first_l, 1) = left(first_r, 1)",
            0.03,
            0.004,
        ),
        Level(
            "somewhat alike",
            "jaro_winkler_similarity(first_l, first_r) >= 0.75 or contains(first_l, first_r) "
            "or contains(first_r, first_l)",
            0.03,
            0.03,
        ),
    ),
)

_SAME_LAST = "list_has_any(lasts_l, lasts_r)"
_RAREST = "least(last_spread_l, last_spread_r)"


class _Part(NamedTuple):
    """Half of a level of the household comparison."""

    label: str
    holds: str
    m: float
    u: float
    needs: str | None = None
    blocked: bool = False
    at_home: float = 0
    """For a last name: u within a household."""
    home: float = 0
    """For a place: share of the different people there who are of one household."""


_NO_LAST = _Part("no last name", "(last_l is null or last_r is null)", 0.1, 0.1, at_home=0.1)
_OTHER_LAST = _Part("last name differs", "true", 0.05, 0.892, needs="last", at_home=0.3)
_LAST_NAMES = (
    _Part("rare last name", f"{_SAME_LAST} and {_RAREST} <= 2", 0.4, 0.0003, needs="last", blocked=True, at_home=0.25),
    _Part(
        "uncommon last name", f"{_SAME_LAST} and {_RAREST} <= 8", 0.2, 0.0008, needs="last", blocked=True, at_home=0.18
    ),
    _Part("common last name", _SAME_LAST, 0.15, 0.003, needs="last", blocked=True, at_home=0.15),
    _Part("last name alike", "jaro_winkler_similarity(last_l, last_r) >= 0.88", 0.1, 0.003, needs="last", at_home=0.02),
    _NO_LAST,
    _OTHER_LAST,
)
_NO_PLACE = _Part(
    "no place", "(postcode_l is null and city_l is null or postcode_r is null and city_r is null)", 0.15, 0.15
)
_ELSEWHERE = _Part("elsewhere", "true", 0.2, 0.845)
_SHARED_CONTACT = _Part(
    "shared mailbox, phone or device", "list_has_any(contacts_l, contacts_r)", 0.1, 0.00003, needs="contacts", home=1
)
_PLACES = (
    _SHARED_CONTACT,
    _Part(
        "same address",
        "list_has_any(addresses_l, addresses_r)",
        0.2,
        0.00001,
        needs="addresses",
        blocked=True,
        home=0.8,
    ),
    _Part(
        "same postcode",
        "list_has_any(postcodes_l, postcodes_r)",
        0.25,
        0.0001,
        needs="postcode",
        blocked=True,
        home=0.1,
    ),
    _Part("near", "(list_has_any(areas_l, areas_r) or list_has_any(cities_l, cities_r))", 0.2, 0.005, blocked=True),
    _NO_PLACE,
    _ELSEWHERE,
)


def _household() -> tuple[Level, ...]:
    """Last name, place and shared contacts together: a family shares them all, so they are one piece of evidence."""
    return tuple(
        Level(
            f"{last.label}, {place.label}",
            f"{last.holds} and {place.holds}",
            last.m * place.m,
            place.u * (place.home * last.at_home + (1 - place.home) * last.u),
            blocked=place is _SHARED_CONTACT or (last.blocked and place.blocked),
            needs=tuple(column for column in (last.needs, place.needs) if column),
        )
        for last in _LAST_NAMES
        for place in _PLACES
        if (last, place) not in ((_NO_LAST, _NO_PLACE), (_OTHER_LAST, _ELSEWHERE))
    )


HOUSEHOLD = Comparison(
    "household",
    ("last", "postcode", "city", "addresses"),
    f"{_NO_LAST.holds} and {_NO_PLACE.holds} and not coalesce({_SHARED_CONTACT.holds}, false)",
    _household(),
)

BIRTH_DATE = Comparison(
    "birth_date",
    ("birth",),
    "birth_l is null or birth_r is null",
    (
        Level("same day", "birth_l = birth_r and birth_exact_l and birth_exact_r", 0.55, 0.00005, personal=True),
        Level("same year, day unknown", "birth_l = birth_r", 0.15, 0.003, personal=True),
        Level(
            "same year, one day unknown",
            "left(birth_l, 4) = left(birth_r, 4) and birth_exact_l <> birth_exact_r",
            0.08,
            0.005,
        ),
        Level(
            "one digit differs",
            "hamming(birth_l, birth_r) = 1 and birth_exact_l and birth_exact_r",
            0.1,
            0.0005,
            personal=True,
        ),
        Level(
            "day and month swapped",
            "left(birth_l, 4) = left(birth_r, 4) and substr(birth_l, 6, 2) = substr(birth_r, 9, 2) "
            "and substr(birth_l, 9, 2) = substr(birth_r, 6, 2)",
            0.01,
            0.0001,
            personal=True,
        ),
        Level(
            "year or day and month",
            "left(birth_l, 4) = left(birth_r, 4) "
            "or substr(birth_l, 6) = substr(birth_r, 6) and birth_exact_l and birth_exact_r",
            0.04,
            0.015,
        ),
        Level("year one digit off", "hamming(left(birth_l, 4), left(birth_r, 4)) = 1", 0.03, 0.2),
    ),
)

EMAIL = Comparison(
    "email",
    ("email",),
    "email_l is null or email_r is null or (list_has_any(email_shared_l, email_shared_r) "
    "and not coalesce(list_has_any(email_personal_l, email_personal_r), false))",
    (
        Level("same", "list_has_any(email_personal_l, email_personal_r)", 0.5, 0.000001, blocked=True, personal=True),
        Level("same user name", "list_has_any(email_users_l, email_users_r)", 0.05, 0.00001, blocked=True),
        Level(
            "spelled alike",
            "email_digits_l = email_digits_r and levenshtein(email_user_l, email_user_r) <= 2",
            0.05,
            0.00001,
        ),
        Level(
            "made of the same name",
            "jaro_winkler_similarity(email_name_l, email_name_r) >= 0.9",
            0.1,
            0.05,
            repeats=True,
        ),
    ),
)

PHONE = Comparison(
    "phone",
    ("phone",),
    "phone_l is null or phone_r is null or (list_has_any(phone_shared_l, phone_shared_r) "
    "and not coalesce(list_has_any(phone_personal_l, phone_personal_r), false))",
    (
        Level("same", "list_has_any(phone_personal_l, phone_personal_r)", 0.6, 0.000001, blocked=True, personal=True),
        Level("one digit differs", "levenshtein(phone_l, phone_r) <= 1", 0.03, 0.000001, personal=True),
    ),
)

DEVICE = Comparison(
    "device",
    ("device",),
    "device_l is null or device_r is null or (list_has_any(device_shared_l, device_shared_r) "
    "and not coalesce(list_has_any(device_personal_l, device_personal_r), false))",
    (Level("same", "list_has_any(device_personal_l, device_personal_r)", 0.4, 0.000001, blocked=True, personal=True),),
)

GENDER = Comparison(
    "gender",
    ("gender",),
    "gender_l is null or gender_r is null",
    (Level("same", "gender_l = gender_r", 0.95, 0.5),),
)

COMPARISONS = (FIRST_NAME, HOUSEHOLD, BIRTH_DATE, EMAIL, PHONE, DEVICE, GENDER)


def chosen(filled: Iterable[str]) -> tuple[Comparison, ...]:
    """The comparisons for which a company has values, given the columns that hold any."""
    have = set(filled)
    return tuple(
        replace(comparison, levels=tuple(level for level in comparison.levels if have.issuperset(level.needs)))
        for comparison in COMPARISONS
        if have & set(comparison.needs)
    )
