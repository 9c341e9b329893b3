"""Promises about the identity tables."""

from cdp_platform.identity.config import IdentityConfig
from cdp_platform.shared.warehouse.check import Check, references, unique, volume

MOVED_LIMIT = 0.05
"""Share of records that may change customer in one run before somebody should look."""
RECORDS_PER_REPRESENTATIVE = 20
"""A customer with more records than this many times max_cluster_size is a collapse gone wrong."""


def record_checks() -> list[Check]:
    """identity.records: every clean record is there once."""
    return [
        unique("identity.records", "record_key"),
        Check(
            "identity.records", "every_record_is_there", "every record of clean.records has a representative",
            blocking=True,
            violations="""
                select count(*) from clean.records c full join identity.records r using (record_key)
                where c.record_key is null or r.record_key is null""",
        ),
        references("identity.records", "representative", "identity.records", "record_key"),
    ]  # fmt: skip


def edge_checks() -> list[Check]:
    """identity.edges and identity.models."""
    return [
        unique("identity.edges", "left_key", "right_key"),
        references("identity.edges", "left_key", "identity.records", "representative"),
        references("identity.edges", "right_key", "identity.records", "representative"),
        unique("identity.models", "comparison", "level"),
    ]


def cluster_checks(config: IdentityConfig) -> list[Check]:
    """identity.clusters: sizes stay within bounds."""
    limit = config.max_cluster_size
    return [
        unique("identity.clusters", "record_key"),
        Check(
            "identity.clusters", "largest_is_bounded",
            f"no cluster has more than {limit} representatives or {limit * RECORDS_PER_REPRESENTATIVE} records",
            blocking=True,
            violations=f"""
                with sizes as (
                    select c.cluster, count(*) as records, count(distinct r.representative) as representatives
                    from identity.clusters c join identity.records r using (record_key) group by c.cluster)
                select count(*) filter (
                           representatives > {limit} or records > {limit * RECORDS_PER_REPRESENTATIVE}),
                       'largest: ' || coalesce(max(representatives), 0) || ' representatives, '
                           || coalesce(max(records), 0) || ' records'
                from sizes""",
        ),
    ]  # fmt: skip


def customer_id_checks(config: IdentityConfig) -> list[Check]:
    """identity.customer_ids, identity.crosswalk and identity.quality."""
    return [
        unique("identity.customer_ids", "record_key"),
        Check(
            "identity.customer_ids", "every_record_has_a_customer", "every record of clean.records has one customer",
            blocking=True,
            violations="""
                select count(*) from clean.records c full join identity.customer_ids i using (record_key)
                where c.record_key is null or i.customer_id is null""",
        ),
        volume("identity.customer_ids"),
        *(_accounts_per_customer(name, spec.cap) for name, spec in config.identifiers if spec.authoritative),
        unique("identity.crosswalk", "issued_id"),
        references("identity.crosswalk", "customer_id", "identity.customer_ids", "customer_id"),
        Check(
            "identity.crosswalk", "covers_every_id", "every customer id of today leads to itself", blocking=True,
            violations="""
                select count(*) from (select distinct customer_id from identity.customer_ids) i
                left join identity.crosswalk x on x.issued_id = i.customer_id
                where x.customer_id is distinct from i.customer_id or x.state <> 'current'""",
        ),
        Check(
            "identity.crosswalk", "forgets_no_id", "the crosswalk never has fewer ids than it had", blocking=True,
            violations="""
                select greatest(0, coalesce(max(rows), 0) - (select count(*) from identity.crosswalk))
                from platform.history where table_name = 'identity.crosswalk'""",
        ),
        unique("identity.quality", "figure"),
        Check(
            "identity.quality", "few_records_moved",
            f"less than {MOVED_LIMIT:.0%} of the records changed customer since the last run", severity="WARN",
            violations=f"""
                select case when value > {MOVED_LIMIT} then 1 else 0 end, round(100 * value, 2) || ' % moved'
                from (select coalesce(max(value), 0) as value
                      from identity.quality where figure = 'share of records moved')""",
        ),
    ]  # fmt: skip


def _accounts_per_customer(identifier: str, cap: int) -> Check:
    return Check(
        "identity.customer_ids", f"few_{identifier}s", f"no customer has more than {cap} values of {identifier}",
        severity="WARN",
        violations=f"""
            select count(*) from (
                select i.customer_id from identity.customer_ids i join clean.records r using (record_key)
                group by i.customer_id having count(distinct r.{identifier}) > {cap})""",
    )  # fmt: skip
