"""Customer ids that last: a cluster inherits the id that most of its records had, and every id ever issued resolves."""

from collections.abc import Mapping
from datetime import date

from duckdb import DuckDBPyConnection

from cdp_platform.identity.quality import make_quality
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes, exists

SHORTEST_ID = 12
"""Hexadecimal digits of a new id. Among 5,000,000 ids two collide with probability .04; one of them is lengthened."""


def make_customer_ids(step: Step) -> Mapping[str, Notes]:
    """Create identity.customer_ids, identity.crosswalk and identity.quality.

    The step reads its own last output, also when everything is built anew: ids are the one thing that is remembered.
    """
    con = step.con
    _remember(con)
    _inherit(con)
    _issue(con)
    con.execute("""
        create or replace table identity.customer_ids as
        select c.record_key, r.source, r.record_id, i.customer_id
        from identity.clusters c join assigned i using (cluster) join clean.records r using (record_key)
        order by c.record_key""")
    _resolve(con, step.as_of)
    notes = _notes(con)
    make_quality(con)
    for table in ("before", "issued", "overlap", "assigned", "fate"):
        con.execute(f"drop table {table}")
    return notes


def _remember(con: DuckDBPyConnection) -> None:
    """`before` (record_key, customer_id) and `issued` (the crosswalk as it was)."""
    con.execute("create or replace temp table before(record_key varchar, customer_id varchar)")
    con.execute("""
        create or replace temp table issued(
            issued_id varchar, customer_id varchar, state varchar, issued_at date, changed_at date, reason varchar)""")
    if exists(con, "identity.crosswalk") and exists(con, "identity.customer_ids"):
        con.execute("insert into before select record_key, customer_id from identity.customer_ids")
        con.execute("insert into issued by name from identity.crosswalk")


def _inherit(con: DuckDBPyConnection) -> None:
    """`assigned` (cluster, customer_id): a cluster and an old id that are each other's largest overlap belong together.

    Ties go to the older id. Repeated among those left over, so that a cluster whose favourite went elsewhere keeps
    the next one rather than getting a new id.
    """
    con.execute("create or replace temp table assigned(cluster varchar, customer_id varchar)")
    con.execute("""
        create or replace temp table overlap as
        select c.cluster, b.customer_id, i.issued_at, count(*) as records
        from identity.clusters c join before b using (record_key) join issued i on i.issued_id = b.customer_id
        group by all""")
    while True:
        [[added]] = con.execute("""
            insert into assigned
            with ranked as (
                select o.cluster, o.customer_id,
                       row_number() over (
                           partition by o.cluster order by o.records desc, o.issued_at, o.customer_id) as of_cluster,
                       row_number() over (partition by o.customer_id order by o.records desc, o.cluster) as of_id
                from overlap o
                where o.cluster not in (select cluster from assigned)
                  and o.customer_id not in (select customer_id from assigned))
            select cluster, customer_id from ranked where of_cluster = 1 and of_id = 1""").fetchall()
        if not added:
            return


def _issue(con: DuckDBPyConnection) -> None:
    """Give every cluster that inherited none a new id, made from its smallest record key.

    An id that was ever issued is never used again: the hash is lengthened, then salted, until it is new.
    """
    attempt = 0
    while True:
        digits = SHORTEST_ID + 4 * attempt
        text = "cluster" if digits <= 32 else f"cluster || ':{attempt}'"
        con.execute(f"""
            insert into assigned
            with candidates as (
                select distinct cluster, 'c' || left(md5({text}), {min(digits, 32)}) as customer_id
                from identity.clusters where cluster not in (select cluster from assigned))
            select cluster, customer_id from candidates
            where customer_id not in (select issued_id from issued)
              and customer_id not in (select customer_id from assigned)
            qualify row_number() over (partition by customer_id order by cluster) = 1""")
        [[left]] = con.execute("""
            select count(*) from identity.clusters where cluster not in (select cluster from assigned)""").fetchall()
        if not left:
            return
        attempt += 1


def _resolve(con: DuckDBPyConnection, today: date) -> None:
    """Create identity.crosswalk: where every id leads now. Chains are followed: no id leads to a retired one."""
    con.execute("""
        create or replace temp table fate as
        with moved as (
            select b.customer_id as issued_id, n.customer_id, count(*) as records
            from before b left join identity.customer_ids n using (record_key)
            where b.customer_id not in (select customer_id from assigned)
            group by all),
        ranked as (
            select m.*, count(m.customer_id) over (partition by m.issued_id) as customers,
                   row_number() over (
                       partition by m.issued_id
                       order by (m.customer_id is null), m.records desc, i.issued_at nulls last, m.customer_id) as place
            from moved m left join issued i on i.issued_id = m.customer_id)
        select issued_id, customer_id,
               case when customer_id is null then 'gone' when customers = 1 then 'merged' else 'split' end as state,
               case when customer_id is null then 'none of its records is left'
                    when customers = 1 then 'its records joined another customer'
                    else 'its records went to ' || customers || ' customers, most of them to this one' end as reason
        from ranked where place = 1""")
    con.execute("""
        create or replace table identity.crosswalk as
        with known as (
            from issued
            union all by name
            select distinct a.customer_id as issued_id, null as state, $today as issued_at
            from assigned a where a.customer_id not in (select issued_id from issued)),
        leads as (
            select k.*,
                   case when t.customer_id is not null then k.issued_id
                        when f.issued_id is not null then f.customer_id
                        when chain.issued_id is not null then chain.customer_id
                        else k.customer_id end as now_id,
                   case when t.customer_id is not null then 'current'
                        when f.issued_id is not null then f.state
                        when chain.state = 'gone' then 'gone'
                        else k.state end as now_state,
                   case when k.state is null then 'a new group of records'
                        when t.customer_id is not null then 'its records came back'
                        when f.issued_id is not null then f.reason
                        when chain.state = 'gone' then 'the customer that it led to is gone'
                        else 'the customer that it led to joined another one' end as now_reason
            from known k
            left join (select distinct customer_id from assigned) t on t.customer_id = k.issued_id
            left join fate f on f.issued_id = k.issued_id
            left join fate chain on chain.issued_id = k.customer_id and k.customer_id <> k.issued_id)
        select issued_id, now_id as customer_id, now_state as state, issued_at::date as issued_at,
               case when now_id is not distinct from customer_id and now_state = state then changed_at
                    else $today end::date as changed_at,
               case when now_id is not distinct from customer_id and now_state = state then reason
                    else now_reason end as reason
        from leads order by issued_id""", {"today": today})  # fmt: skip


def _notes(con: DuckDBPyConnection) -> Mapping[str, Notes]:
    [[customers, kept, new]] = con.execute("""
        select count(*), count(i.issued_id), count(*) - count(i.issued_id)
        from assigned a left join issued i on i.issued_id = a.customer_id""").fetchall()
    retired = dict(con.execute("select state, count(*) from fate group by 1 order by 1").fetchall())
    changes = {"ids kept": kept, "ids new": new} | {f"ids {state}": n for state, n in retired.items()}
    return {"identity.customer_ids": {"customers": customers}, "identity.crosswalk": changes}
