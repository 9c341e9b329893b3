"""Addresses, postcodes and countries."""

import polars as pl
from duckdb import DuckDBPyConnection

from cdp_platform.clean.countries import NOT_A_COUNTRY, countries

MACROS = r"""
create or replace temp macro place_text(x) as lower(folded(said(x)));

create or replace temp macro postcode_letters(x) as upper(folded(said(x)));
create or replace temp macro british_postcode(x) as
    case when regexp_full_match(replace(x, ' ', ''), '[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}')
         then regexp_replace(replace(x, ' ', ''), '(...)$', ' \1') end;
create or replace temp macro postcode_of(x, country) as
    coalesce(case when country = 'GB' then british_postcode(postcode_letters(x)) end,
             case when regexp_full_match(postcode_letters(x), '[A-Z0-9][A-Z0-9 -]{1,8}[A-Z0-9]')
                   and regexp_matches(x, '[0-9]')
                  then postcode_letters(x) end);

create or replace temp macro country_name(x) as lower(regexp_replace(folded(said(x)), '\.$', ''));
create or replace temp macro country_of(x) as
    (select code from country_names where country_names.name = country_name(x));
create or replace temp macro is_no_country(x) as coalesce(one_of(country_name(x), '|NOT_A_COUNTRY|'), true);
""".replace("NOT_A_COUNTRY", "|".join(NOT_A_COUNTRY))


def load_countries(con: DuckDBPyConnection) -> None:
    """Make the temporary table country_names(name, code) that `country_of` looks into."""
    known = countries()
    names = pl.DataFrame({"name": list(known), "code": list(known.values())})
    con.register("country_frame", names)
    con.execute("create or replace temp table country_names as from country_frame")
    con.unregister("country_frame")
