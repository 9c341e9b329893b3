"""Joins what evidence left apart but an authoritative identifier says is one account."""

from duckdb import DuckDBPyConnection

from cdp_platform.identity.config import IdentityConfig

METHOD = "splink"
"""Method of an edge that evidence made; others are called after their identifier."""


def authoritative_edges(bench: DuckDBPyConnection, config: IdentityConfig) -> None:
    """Create `edges` out of `scored` (with `used` and `cluster` known) and the authoritative identifiers.

    Clusters that hold the same value are joined by a star around the one with the smallest key, unless more than
    `cap` hold it: such a number is a default or a misprint.
    """
    caps = [(name, spec.cap) for name, spec in config.identifiers if spec.authoritative]
    values = ", ".join(f"('{name}', {cap}, {rank})" for rank, (name, cap) in enumerate(caps))
    bench.execute(f"""
        create or replace table edges as
        with caps(field, cap, rank) as (from (values {values or "('', 0, 0)"})),
        held as (
            select i.field, i.value, l.component, min(c.key) as key
            from identifiers i join collapsed c using (record_key) join clusters l on l.key = c.key
            where i.field in (select field from caps) group by all),
        capped as (
            select h.*, k.rank, min(h.key) over (partition by field, value) as center
            from held h join caps k using (field)
            qualify count(*) over (partition by field, value) between 2 and max(k.cap) over (partition by field)),
        stars as (
            select center as left_key, key as right_key, arg_min(field, rank) as field
            from capped where key <> center group by all)
        select s.left_key, s.right_key, s.match_weight, s.probability, '{METHOD}' as method, s.evidence, s.used
        from scored s anti join stars t on t.left_key = s.left_key and t.right_key = s.right_key
        union all
        select t.left_key, t.right_key, null, 1.0, t.field, s.evidence, true
        from stars t left join scored s on s.left_key = t.left_key and s.right_key = t.right_key
        order by 1, 2""")
