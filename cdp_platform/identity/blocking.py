"""Which pairs are compared at all: those that share a key which few others hold."""

from collections.abc import Iterable

from duckdb import DuckDBPyConnection

# Hashed to 64 bits: a collision adds a pair, which scoring then refuses.
KEYS: dict[str, tuple[tuple[str, ...], str]] = {
    "email": (("email",), "[unnest(coalesce(email_personal, []) || coalesce(email_shared, []))]"),
    "phone": (("phone",), "[unnest(coalesce(phone_personal, []) || coalesce(phone_shared, []))]"),
    "device": (("device",), "[unnest(coalesce(device_personal, []) || coalesce(device_shared, []))]"),
    "e-mail user": (("email",), "[unnest(email_users)]"),
    "phone tail": (("phone",), "[right(phone, 7)]"),
    "last name and birth date": (("last", "birth"), "[unnest(lasts), birth]"),
    "first name and birth date": (("first", "birth"), "[unnest(forms), birth]"),
    "last name and postcode": (("last", "postcode"), "[last, unnest(postcodes)]"),
    "first name and postcode": (("first", "postcode"), "[first, unnest(postcodes)]"),
    "birth date and postcode": (("birth", "postcode"), "[birth, unnest(postcodes)]"),
    "birth date and city": (("birth", "city"), "[birth, unnest(cities)]"),
    "first and last name": (("first", "last"), "[unnest(forms), last]"),
    "name and city": (("first", "last", "city"), "[unnest(forms), last, city]"),
    "name and year of birth": (("first", "last", "birth"), "[unnest(forms), left(last, 3), left(birth, 4)]"),
    "name and area": (("first", "last", "postcode"), "[unnest(forms), left(last, 3), left(postcode, -2)]"),
    "first name and city": (("first", "city"), "[unnest(forms), city]"),
    "last name and city": (("last", "city"), "[last, city]"),
    "swapped names": (("first", "last"), "[least(first, last), greatest(first, last)]"),
    "last name as first": (("first", "birth"), "[coalesce(last, first), birth]"),
    "last name as first, city": (("first", "city"), "[coalesce(last, first), city]"),
    "last name as first, postcode": (("first", "postcode"), "[coalesce(last, first), postcode]"),
}
"""Blocking keys by name: the columns that must hold values, and the parts of the key."""


def block(bench: DuckDBPyConnection, table: str, filled: Iterable[str], size: int, output: str = "pairs") -> None:
    """Create table `output` (match_key, join_key_l, join_key_r): pairs that share a key held by 2 to `size`."""
    have = set(filled)
    usable = [(name, parts) for name, (needs, parts) in KEYS.items() if have.issuperset(needs)]
    held = " union all ".join(
        f"select key, hash('{name}', parts) as block from (select key, {parts} as parts from {table}) "
        "where len(list_filter(parts, lambda x: x is null)) = 0"
        for name, parts in usable
    )
    bench.execute(f"""
        create or replace temp table blocks as
        select distinct key, block from ({held or "select null::varchar as key, 0::ubigint as block where false"})
        qualify count(*) over (partition by block) between 2 and {size}""")
    bench.execute(f"""
        create or replace table {output} as
        select distinct '0' as match_key, l.key as join_key_l, r.key as join_key_r
        from blocks l join blocks r on l.block = r.block and l.key < r.key
        order by all""")
