"""The three steps from clean records to groups of records that are one person."""

from collections.abc import Mapping

import polars as pl
from duckdb import DuckDBPyConnection

from cdp_platform.identity.authority import authoritative_edges
from cdp_platform.identity.blocking import block
from cdp_platform.identity.charts import bars, table
from cdp_platform.identity.cluster import mark_used
from cdp_platform.identity.collapse import collapse
from cdp_platform.identity.comparisons import chosen
from cdp_platform.identity.components import label_components
from cdp_platform.identity.features import make_features, make_identifiers
from cdp_platform.identity.model import Model, weights
from cdp_platform.identity.representatives import filled_columns, make_representatives
from cdp_platform.identity.score import score
from cdp_platform.identity.train import train
from cdp_platform.identity.workbench import carry, workbench
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes


def make_records(step: Step) -> Mapping[str, Notes]:
    """Create identity.records: each record with its representative."""
    config = step.company.identity
    with workbench(step.con) as bench:
        make_features(bench)
        make_identifiers(bench, config)
        collapse(bench)
        rules = bench.execute("""
            select coalesce(rule, 'alone'), count(*) from collapsed group by 1 order by 2 desc, 1""").fetchall()
        carry(bench, "from collapsed", step.con, "identity.records")
    [[kept]] = step.con.execute("select count(distinct representative) from identity.records").fetchall()
    step.log(f"identity: {kept} representatives")
    return {"identity.records": {"representatives": kept, "joined by": bars(("rule", "records"), rules)}}


def make_edges(step: Step) -> Mapping[str, Notes]:
    """Create identity.edges and identity.models: every compared pair, and the weights that it was judged by."""
    config = step.company.identity
    with workbench(step.con) as bench:
        carry(
            step.con, "select record_key, representative as key from identity.records order by all", bench, "collapsed"
        )
        make_features(bench)
        make_identifiers(bench, config)
        make_representatives(bench, "from collapsed", "representatives")
        filled = filled_columns(bench, "representatives")
        block(bench, "representatives", filled, config.block_size, "pairs")
        step.log("identity: pairs are blocked")
        model = train(bench, chosen(filled), "representatives", "pairs")
        step.log("identity: the model is trained")
        prior = score(bench, model, "representatives", "pairs", "scored")
        mark_used(bench, config)
        authoritative_edges(bench, config)
        _keep_model(bench, model, prior)
        carry(bench, "from edges", step.con, "identity.edges")
        carry(bench, "from models", step.con, "identity.models")
        notes = _edge_notes(bench)
    return {"identity.edges": notes, "identity.models": _model_notes(model, prior)}


def make_clusters(step: Step) -> Mapping[str, Notes]:
    """Create identity.clusters: records that hang together by the edges in use."""
    con = step.con
    label_components(
        con,
        "select distinct representative as key from identity.records",
        "select left_key as a, right_key as b from identity.edges where used",
        "clustered",
    )
    con.execute("""
        create or replace table identity.clusters as
        select r.record_key, min(r.record_key) over (partition by c.component) as cluster
        from identity.records r join clustered c on c.key = r.representative
        order by r.record_key""")
    con.execute("drop table clustered")
    sizes = con.execute("""
        with sizes as (select count(*) as n from identity.clusters group by cluster)
        select case when n <= 5 then n::varchar when n <= 10 then '6 to 10' when n <= 20 then '11 to 20'
                    when n <= 50 then '21 to 50' else 'over 50' end as size, count(*)
        from sizes group by 1 order by min(n)""").fetchall()
    return {"identity.clusters": {"clusters": sum(n for _, n in sizes), "sizes": bars(("records", "clusters"), sizes)}}


def _keep_model(bench: DuckDBPyConnection, model: Model, prior: float) -> None:
    rows = pl.DataFrame(
        [(*weight, model.trained_on, prior) for weight in weights(model)],
        schema={
            "comparison": pl.String, "position": pl.Int32, "level": pl.String, "m": pl.Float64, "u": pl.Float64,
            "weight": pl.Float64, "trained_on": pl.Int64, "prior": pl.Float64,
        },
        orient="row",
    )  # fmt: skip
    bench.register("model_rows", rows.to_arrow())
    bench.execute("create table models as from model_rows")
    bench.unregister("model_rows")


def _edge_notes(bench: DuckDBPyConnection) -> Notes:
    spread = bench.execute("""
        select case when match_weight < -10 then 'below -10' when match_weight >= 20 then '20 and over'
                    else (5 * floor(match_weight / 5))::int || ' to ' || (5 * floor(match_weight / 5) + 5)::int end,
               count(*)
        from edges where match_weight is not null group by 1 order by min(match_weight)""").fetchall()
    methods = bench.execute("select method, count(*) from edges where used group by 1 order by 1").fetchall()
    return {
        "match weights": bars(("bits", "pairs"), spread),
        "edges in use": bars(("method", "edges"), methods),
    }


def _model_notes(model: Model, prior: float) -> Notes:
    rows = [
        (w.comparison, w.level, f"{w.weight:+.1f}", ("█" if w.weight > 0 else "░") * round(abs(w.weight)))
        for w in weights(model)
    ]
    return {
        "trained on representatives": model.trained_on,
        "prior": prior,
        "weights": table(("comparison", "level", "bits", ""), rows),
    }
