"""Scores clusters against a truth that people know: pairwise and B-cubed precision and recall."""

from typing import NamedTuple

from duckdb import DuckDBPyConnection


class Scores(NamedTuple):
    """How well predicted groups match the true ones."""

    precision: float
    """Of the pairs of records put together, the share that belong together."""
    recall: float
    """Of the pairs that belong together, the share put together."""
    f1: float
    bcubed_precision: float
    """Mean over records of the share of its group that is its own person (Bagga and Baldwin 1998)."""
    bcubed_recall: float
    """Mean over records of the share of its person that is in its group."""
    bcubed_f1: float
    records: int
    groups: int
    people: int
    mixed: int
    """Groups that hold records of more than one person."""
    largest: int


def evaluate(con: DuckDBPyConnection, predicted: str, truth: str) -> Scores:
    """Compare the queries predicted(id, grouped) and truth(id, person); an id that was not predicted stands alone.

    Works on the table of overlaps, so that no pair is ever listed. Ids that the truth does not know are left out.
    """
    [row] = con.execute(f"""
        with predicted as ({predicted}), truth as ({truth}),
        joined as (
            select coalesce('in ' || p.grouped, 'alone ' || t.id) as grouped, t.person
            from truth t left join predicted p on p.id = t.id),
        shares as (select grouped, person, count(*)::double as n from joined group by all),
        groups as (select grouped, sum(n) as n, count(*) as people from shares group by grouped),
        people as (select person, sum(n) as n from shares group by person)
        select coalesce((select sum(n * (n - 1) / 2) from shares), 0),
               coalesce((select sum(n * (n - 1) / 2) from groups), 0),
               coalesce((select sum(n * (n - 1) / 2) from people), 0),
               (select sum(o.n * o.n / g.n) from shares o join groups g using (grouped)),
               (select sum(o.n * o.n / p.n) from shares o join people p using (person)),
               (select count(*) from joined), (select count(*) from groups), (select count(*) from people),
               (select count(*) from groups where people > 1), (select coalesce(max(n), 0) from groups)
        """).fetchall()
    hits, together, belonging, bcubed_precision, bcubed_recall, records, groups, people, mixed, largest = row
    precision = hits / together if together else 1.0
    recall = hits / belonging if belonging else 1.0
    bcubed = (bcubed_precision / records, bcubed_recall / records) if records else (1.0, 1.0)
    return Scores(
        precision, recall, _f1(precision, recall), *bcubed, _f1(*bcubed), records, groups, people, mixed, int(largest)
    )


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
