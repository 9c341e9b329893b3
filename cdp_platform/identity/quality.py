"""How the linkage came out, in figures."""

from duckdb import DuckDBPyConnection

FIGURES = (
    ("records", "select count(*) from identity.records", "records of clean.records"),
    (
        "representatives",
        "select count(distinct representative) from identity.records",
        "records left after those that share an identifier and agree became one",
    ),
    ("pairs compared", "select count(*) from identity.edges where match_weight is not null", "pairs that were scored"),
    ("edges used", "select count(*) from identity.edges where used", "pairs that hold customers together"),
    (
        "authoritative edges",
        "select count(*) from identity.edges where method <> 'splink'",
        "pairs joined by an account or card number, whatever else they say",
    ),
    ("customers", "select count(distinct customer_id) from identity.customer_ids", "customers found"),
    (
        "largest customer",
        "select max(n) from (select count(*) as n from identity.customer_ids group by customer_id)",
        "records of the largest customer",
    ),
    (
        "largest customer, representatives",
        """select max(n) from (
            select count(distinct r.representative) as n
            from identity.records r join identity.customer_ids c using (record_key) group by c.customer_id)""",
        "representatives of the largest customer",
    ),
    (
        "share of single records",
        "select avg((n = 1)::int) from (select count(*) as n from identity.customer_ids group by customer_id)",
        "share of customers with one record",
    ),
    (
        "share of records merged",
        """select 1 - count(distinct customer_id) / nullif(count(*), 0) from identity.customer_ids""",
        "share of records that brought no customer of their own",
    ),
    (
        "share of records moved",
        """select coalesce(avg((b.customer_id <> c.customer_id)::int), 0)
           from before b join identity.customer_ids c using (record_key)""",
        "share of the records of the last run that have another customer id now; 0 on the first run",
    ),
    (
        "expected precision",
        "select avg(probability) from identity.edges where used and method = 'splink'",
        "mean probability of the scored pairs in use: the model's own claim, not a measurement",
    ),
    (
        "expected recall",
        """select sum(e.probability) filter (l.cluster = r.cluster) / nullif(sum(e.probability), 0)
           from identity.edges e join identity.clusters l on l.record_key = e.left_key
           join identity.clusters r on r.record_key = e.right_key where e.method = 'splink'""",
        "share of the expected matches among compared pairs that ended in one customer; pairs that no blocking key "
        "brought together are not seen",
    ),
    (
        "prior",
        "select max(prior) from identity.models",
        "probability that two random representatives are one person",
    ),
    (
        "model trained on",
        "select max(trained_on) from identity.models",
        "representatives that the weights were learned from; 0 when default weights stand",
    ),
)
"""Name, query, meaning. `before` holds record_key and customer_id of the last run."""


def make_quality(con: DuckDBPyConnection) -> None:
    """Create identity.quality from the other tables of the room."""
    rows = " union all ".join(
        f"select '{name}' as figure, ({query})::double as value, {_quoted(about)} as about"
        for name, query, about in FIGURES
    )
    con.execute(f"""
        create or replace table identity.quality as
        select figure, round(value, 6) as value, about from (
            {rows}
            union all
            select 'match rate of ' || source, avg((sources > 1)::int),
                   'share of this source''s records whose customer another source knows too'
            from (select c.source, m.sources
                  from identity.customer_ids c
                  join (select customer_id, count(distinct source) as sources
                        from identity.customer_ids group by customer_id) m using (customer_id))
            group by source)
        order by figure""")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
