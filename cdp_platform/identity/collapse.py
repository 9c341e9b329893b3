"""Deterministic collapse: records that share an identifier and agree become one representative before any scoring."""

from duckdb import DuckDBPyConnection

from cdp_platform.identity.components import label_components

MAX_DESCRIPTIONS = 60
"""A value with more different descriptions (name and date of birth) than this is left to scoring."""

RULES = ("customer_number", "loyalty_card", "email", "phone", "device_id", "name and birth date")
"""Ways to collapse, strongest first: the strongest that holds names a record's `rule`."""


def collapse(bench: DuckDBPyConnection) -> None:
    """Create `collapsed` (record_key, representative, rule) from `features` and `identifiers`.

    Two records are joined when they share a value and their names agree without contradiction. A record that says
    no first name, or an initial, is joined only where everybody who holds the value may be one person, and never
    against another mailbox or account: a device on a shop's counter has many customers.
    """
    _describe(bench)
    _compare_holders(bench)
    label_components(
        bench, "select record_key as key from features", "select a, b from collapse_edges", "collapse_groups"
    )
    _dissolve_contradictions(bench)
    bench.execute("""
        create or replace table collapsed as
        with strength as (select unnest($rules) as field, generate_subscripts($rules, 1) as rank),
        best as (
            select key, arg_min(field, rank) as rule
            from (select a as key, field from collapse_edges union all select b, field from collapse_edges)
            join strength using (field) group by key)
        select g.key as record_key, g.component as representative,
               case when count(*) over (partition by g.component) > 1 then b.rule end as rule
        from collapse_groups g left join best b on b.key = g.key
        order by g.key""", {"rules": list(RULES)})  # fmt: skip


def _describe(bench: DuckDBPyConnection) -> None:
    """`held`: who holds which value, under which description; `described`: the different descriptions per value."""
    bench.execute("""
        create or replace temp table held as
        select i.field, i.value, f.record_key, f.first, f.forms, f.last, f.birth, f.birth_exact,
               f.email, f.account,
               min(f.record_key) over (
                   partition by i.field, i.value, f.first, f.last, f.birth,
                       case when f.first is null or length(f.first) = 1 then (f.email, f.account) end) as description
        from (
            select field, value, record_key from identifiers
            union all
            select 'name and birth date', concat_ws('|', first, last, birth), record_key
            from features where length(first) > 1 and length(last) > 1 and birth_exact) i
        join features f using (record_key)""")
    bench.execute(f"""
        create or replace temp table described as
        select * from held where record_key = description
        qualify count(*) over (partition by field, value) <= {MAX_DESCRIPTIONS}""")


def _compare_holders(bench: DuckDBPyConnection) -> None:
    """`collapse_edges` (a, b, field)."""
    bench.execute("""
        create or replace temp table holder_pairs as
        select l.field, l.value, l.record_key as a, r.record_key as b,
               first_is_open(l.first, r.first) and not differs(l.email, r.email)
                   and not differs(l.account, r.account) as open,
               coalesce(first_agrees(l.first, l.forms, r.first, r.forms), false) as first_same,
               coalesce(last_clashes(l.last, r.last), false) as last_differs,
               coalesce(births_clash(l.birth, l.birth_exact, r.birth, r.birth_exact), false) as birth_differs
        from described l join described r
          on r.field = l.field and r.value = l.value and l.record_key < r.record_key""")
    bench.execute("""
        create or replace temp table shared_values as
        select field, value from holder_pairs group by all
        having bool_or(birth_differs or last_differs or not (open or first_same))""")
    bench.execute("""
        create or replace table collapse_edges as
        select p.a, p.b, p.field
        from holder_pairs p left join shared_values s using (field, value)
        where not p.birth_differs and not p.last_differs and (p.first_same or (p.open and s.value is null))
        union all
        select description, record_key, field from held
        where description <> record_key and first is not null and length(first) > 1
        union all
        select h.description, h.record_key, h.field from held h
        join described d on d.field = h.field and d.value = h.value and d.record_key = h.description
        left join shared_values s on s.field = h.field and s.value = h.value
        where h.description <> h.record_key and (h.first is null or length(h.first) = 1) and s.value is null""")


def _dissolve_contradictions(bench: DuckDBPyConnection) -> None:
    """Take groups apart that chained two dates of birth or two first names together: scoring decides about them."""
    bench.execute("""
        create or replace temp table descriptions as
        select g.component, f.first, f.forms, f.birth, f.birth_exact
        from collapse_groups g join features f on f.record_key = g.key
        group by all""")
    bench.execute(f"""
        create or replace temp table contradictions as
        select component from descriptions group by component having count(*) > {MAX_DESCRIPTIONS}
        union
        select l.component
        from descriptions l join descriptions r on r.component = l.component
        where births_clash(l.birth, l.birth_exact, r.birth, r.birth_exact)
           or not (first_is_open(l.first, r.first) or first_agrees(l.first, l.forms, r.first, r.forms))""")
    bench.execute("""
        update collapse_groups set component = key
        where component in (select component from contradictions)""")
