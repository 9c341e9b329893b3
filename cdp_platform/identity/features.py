"""What linkage looks at in one record: names with their formal forms, dates with their precision, identifiers."""

from duckdb import DuckDBPyConnection

from cdp_platform.identity.config import IdentityConfig

IDENTIFIERS = {
    "email": "email_key",
    "phone": "phone_key",
    "device_id": "device_id",
    "loyalty_card": "loyalty_card",
    "customer_number": "customer_number",
}
"""Kind of identifier to its column of clean.records."""

SHORTEST_MISSPELLED = 4
"""Shorter names have too many neighbours: tim and tom are two names."""

NO_VALUE = r"[0\W_]*|-1|null|none|n/?a|nan|unknown|anonymous|guest|test"
"""Words that systems write where they have no number: they would join everybody."""

MACROS = """
create or replace macro letters(text) as
    nullif(regexp_replace(strip_accents(lower(text)), '[^\\p{L}\\p{N}]', '', 'g'), '');
create or replace macro first_agrees(a, a_forms, b, b_forms) as
    list_has_any(a_forms, b_forms) or jaro_winkler_similarity(a, b) >= 0.88
    or (length(a) >= 3 and length(b) >= 3 and (starts_with(a, b) or starts_with(b, a)));
create or replace macro names_swapped(a_first, a_last, b_first, b_last) as
    coalesce(jaro_winkler_similarity(a_first, b_last) >= 0.9, false)
    or coalesce(jaro_winkler_similarity(a_last, b_first) >= 0.9, false);
create or replace macro first_is_open(a, b) as
    a is null or b is null or ((length(a) = 1 or length(b) = 1) and left(a, 1) = left(b, 1));
create or replace macro last_clashes(a, b) as
    a is not null and b is not null and jaro_winkler_similarity(a, b) < 0.85
    and not contains(a, b) and not contains(b, a);
create or replace macro nameless(first, company_knows_names) as
    company_knows_names and (first is null or length(first) = 1);
create or replace macro differs(a, b) as
    a is not null and b is not null and a <> b;
create or replace macro says_more(user_name, firsts, lasts) as
    regexp_matches(user_name, '[0-9].*[0-9]')
    or not list_bool_or(list_transform(coalesce(firsts, []) || coalesce(lasts, []),
        lambda name: length(name) > 1 and contains(user_name, name)));
create or replace macro births_clash(a, a_exact, b, b_exact) as
    a is not null and b is not null and a <> b
    and not (left(a, 4) = left(b, 4) and not (a_exact and b_exact))
    and hamming(a, b) > 1
    and not (left(a, 4) = left(b, 4) and substr(a, 6, 2) = substr(b, 9, 2) and substr(a, 9, 2) = substr(b, 6, 2));
"""
"""Words for the comparisons that several steps share. Dates are ISO texts of ten characters."""


def make_features(bench: DuckDBPyConnection) -> None:
    """Create `features`: one row per record.

    first, last: letters and digits alone, without accents; forms: every formal name that the first name may stand
    for; birth: ISO text; birth_exact: false for a date that is likely to say the year alone; postcode without blanks.
    """
    bench.execute(MACROS)
    bench.execute("""
        create or replace temp table words as
        select record_key, letters(first_name) as first, letters(last_name) as last,
               letters(split_part(trim(first_name), ' ', 1)) as first_word,
               strftime(birth_date::date, '%Y-%m-%d') as birth, gender,
               letters(address) as address, letters(city) as city, upper(letters(postcode)) as postcode,
               email_key as email, customer_number as account
        from records""")
    _make_forms(bench)
    bench.execute("""
        create or replace table features as
        with days as (
            select birth, count(*) as n from words where birth is not null group by all),
        usual as (
            select median(n) as n, sum(n) as total from days)
        select w.*, f.forms,
               w.birth is not null and not (w.birth like '%-01-01'
                   or d.n > greatest(10, 20 * u.n, 0.002 * u.total)) as birth_exact
        from words w
        left join forms f on f.first = w.first and f.first_word is not distinct from w.first_word
        left join days d on d.birth = w.birth
        cross join usual u
        order by w.record_key""")


def _make_forms(bench: DuckDBPyConnection) -> None:
    """`forms` (first, first_word, forms): formal names behind a name, a rare misspelling of a common name included.

    A name is a misspelling when another one that differs by one letter is 20 times as common. Neighbours are found
    by leaving out one letter at a time, so the work grows with the number of names and not with its square.
    """
    bench.execute(f"""
        create or replace temp table misspelled as
        with names as (
            select first, count(*) as n from words where length(first) >= {SHORTEST_MISSPELLED} group by first),
        shortened as (
            select first, n, first as short from names
            union
            select first, n, left(first, i) || substr(first, i + 2)
            from (select first, n, unnest(range(length(first))) as i from names))
        select distinct r.first, c.first as meant
        from shortened r join shortened c on c.short = r.short and c.n >= 20 * r.n
        where damerau_levenshtein(r.first, c.first) = 1""")
    bench.execute("""
        create or replace temp table forms as
        with names as (select distinct first, first_word from words where first is not null),
        meant as (
            select first, first_word, first as name from names
            union select first, first_word, first_word from names where first_word is not null
            union select n.first, n.first_word, m.meant from names n join misspelled m on m.first = n.first)
        select m.first, m.first_word,
               list_sort(list_distinct(list(coalesce(s.formal, m.name)) || list(m.name))) as forms
        from meant m left join short_forms s on s.form = m.name
        group by m.first, m.first_word""")


def make_identifiers(bench: DuckDBPyConnection, config: IdentityConfig) -> None:
    """Create `identifiers` (record_key, field, value) without the values that too many people hold.

    People behind a value are counted by their first names (three letters of the formal name) and, twice as
    generously because typing errors make dates differ, by their dates of birth.
    """
    long = " union all ".join(
        f"select record_key, '{field}' as field, {column}::varchar as value from records "
        f"where not regexp_full_match(lower(trim({column}::varchar)), '{NO_VALUE}')"
        for field, column in IDENTIFIERS.items()
    )
    caps = ", ".join(f"('{name}', {spec.cap})" for name, spec in config.identifiers if not spec.authoritative)
    bench.execute(f"""
        create or replace table identifiers as
        with held as ({long}),
        caps(field, cap) as (values {caps or "('', 0)"}),
        spread as (
            select h.field, h.value,
                   count(distinct left(f.forms[1], 3)) filter (length(f.first) > 1) as names,
                   count(distinct f.birth) filter (f.birth_exact) as births
            from held h join features f using (record_key) group by all)
        select h.* from held h join spread s using (field, value) left join caps c on c.field = h.field
        where c.cap is null or (s.names <= c.cap and s.births <= 2 * c.cap)
        order by h.field, h.value, h.record_key""")
