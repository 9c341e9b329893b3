"""One row per representative: what the records behind it say, for Splink to compare."""

from duckdb import DuckDBPyConnection

VALUES_KEPT = 30
"""Most values of one kind that are compared per representative; a shop's own account would hold thousands."""
HOLDERS_COMPARED = 200
"""Most representatives of one value that are compared to see whether two people hold it, and that are scored by it."""


def make_representatives(bench: DuckDBPyConnection, grouping: str, output: str) -> None:
    """Create table `output` (key, first, …) from `features` and `identifiers`, for a query (record_key, key).

    Scalars are the commonest value (ties: the longer, then the first in the alphabet). Identifiers are split into
    personal ones and shared ones, which more than one person holds.
    """
    bench.execute(f"create or replace temp table grouping as {grouping}")
    bench.execute("""
        create or replace temp table members as
        select g.key, f.* from features f join grouping g using (record_key)""")
    for column in ("first", "last", "gender", "postcode", "city"):
        _keep_commonest(bench, column)
    _keep_commonest(bench, "birth", "birth_exact")
    _keep_lists(bench)
    _split_identifiers(bench)
    fields = {"email": "email", "phone": "phone", "device": "device_id"}
    bench.execute(f"""
        create or replace table {output} as
        with last_names as (
            select last, count(distinct left(forms[1], 3)) as spread
            from features where last is not null group by last),
        {", ".join(_identifier_lists(name, field) for name, field in fields.items())}
        select l.* exclude (accounts, mailboxes), first, last, gender, postcode, city, birth, birth_exact,
               last_names.spread as last_spread, email.* exclude (key, users), phone.* exclude (key, users),
               device.* exclude (key, users),
               list_filter(email.users, lambda user: says_more(user, l.firsts, l.lasts)) as email_users,
               email_users[1] as email_user, regexp_replace(email_user, '[^0-9]', '', 'g') as email_digits,
               letters(split_part(email.email, '@', 1)) as email_name,
               nullif(list_concat(list_concat(email_shared, phone_shared), device_shared), []) as contacts
        from lists l
        left join the_first using (key) left join the_last using (key) left join the_gender using (key)
        left join the_postcode using (key) left join the_city using (key) left join the_birth using (key)
        left join email using (key) left join phone using (key) left join device using (key)
        left join last_names using (last)
        order by l.key""")


def _keep_commonest(bench: DuckDBPyConnection, column: str, prefer: str = "") -> None:
    """`the_<column>` (key, column): the value most records have."""
    extra = f", {prefer}" if prefer else ""
    first = f"{prefer} desc, " if prefer else ""
    bench.execute(f"""
        create or replace temp table the_{column} as
        select key, {column}{extra} from members where {column} is not null group by key, {column}{extra}
        qualify row_number() over (
            partition by key order by {first}count(*) desc, length({column}) desc, {column}) = 1""")


def _keep_lists(bench: DuckDBPyConnection) -> None:
    """`lists`: every value of a representative, sorted."""

    def every(expression: str, name: str, present: str = "") -> str:
        return f"list_sort(list(distinct {expression}) filter ({present or f'{expression} is not null'})) as {name}"

    bench.execute(f"""
        create or replace temp table lists as
        select key, count(*) as records,
               list_sort(list_distinct(flatten(list(forms) filter (forms is not null)))) as forms,
               {every("first", "firsts")}, {every("last", "lasts")}, {every("postcode", "postcodes")},
               {every("left(postcode, -2)", "areas", "length(postcode) > 3")}, {every("city", "cities")},
               {every("address || '|' || coalesce(postcode, city)", "addresses")},
               {every("account", "accounts")}, {every("email", "mailboxes")}
        from members group by key""")


def _split_identifiers(bench: DuckDBPyConnection) -> None:
    """`held_by` (field, value, key, n, shared): who holds a value, and whether two people do.

    Two holders are two people when their first names or dates of birth clash; where one says no first name, when
    last names, mailboxes or accounts do.
    """
    bench.execute(f"""
        create or replace temp table holders as
        from (
            select i.field, i.value, g.key, count(*) as n
            from identifiers i join grouping g using (record_key)
            where i.field in ('email', 'phone', 'device_id') group by all)
        qualify row_number() over (partition by field, value order by n desc, key) <= {HOLDERS_COMPARED}""")
    bench.execute("""
        create or replace temp table described_holders as
        select h.field, h.value, h.key, f.first, t.forms, l.last, b.birth, b.birth_exact, t.accounts, t.mailboxes
        from holders h join lists t using (key)
        left join the_first f on f.key = h.key and length(f.first) > 1
        left join the_last l on l.key = h.key left join the_birth b on b.key = h.key""")
    bench.execute("""
        create or replace temp table held_by as
        with shared as (
            select distinct l.field, l.value
            from described_holders l join described_holders r
              on r.field = l.field and r.value = l.value and l.key < r.key
            where births_clash(l.birth, l.birth_exact, r.birth, r.birth_exact)
               or case when l.first is not null and r.first is not null
                       then not first_agrees(l.first, l.forms, r.first, r.forms)
                            and not names_swapped(l.first, l.last, r.first, r.last)
                       else last_clashes(l.last, r.last) or not list_has_any(l.accounts, r.accounts)
                            or not list_has_any(l.mailboxes, r.mailboxes) end)
        select h.field, h.value, h.key, h.n, s.value is not null as shared
        from holders h left join shared s using (field, value)""")


def _identifier_lists(name: str, field: str) -> str:
    user = "split_part(value, '@', 1)"
    return f"""{name} as (
            select key, list(value order by value) filter (not shared) as {name}_personal,
                   list(value order by value) filter (shared) as {name}_shared,
                   arg_min(value, (shared, -n, value)) as {name},
                   list_sort(list(distinct letters({user})) filter (length({user}) >= 5)) as users
            from (select * from held_by where field = '{field}'
                  qualify row_number() over (partition by key order by n desc, value) <= {VALUES_KEPT})
            group by key)"""


def filled_columns(bench: DuckDBPyConnection, table: str) -> list[str]:
    """Columns of which at least two rows hold a value."""
    columns = bench.sql(f"from {table} limit 0").columns
    [found] = bench.execute(f"select {', '.join(f'count({c})' for c in columns)} from {table}").fetchall()
    return [c for c, n in zip(columns, found, strict=True) if n > 1]
