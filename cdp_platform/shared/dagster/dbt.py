"""The dbt project as Dagster assets: one step for all models, `<room>/<table>`, tests as checks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company
from cdp_platform.shared.dagster.metadata import asset_key, table_metadata
from cdp_platform.shared.dagster.tables import WRITER_POOL, step, timed
from cdp_platform.shared.dbt import build
from cdp_platform.shared.dbt.build import NodeResult
from cdp_platform.shared.dbt.lineage import remembered
from cdp_platform.shared.dbt.models import Model, Test, models, tests
from cdp_platform.shared.dbt.project import FOLDER, Prepared, prepare
from cdp_platform.shared.home import home
from cdp_platform.shared.progress import Progress, tell
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Built, Notes
from cdp_platform.shared.warehouse.table import Table

UNIQUE_ID = "dagster_dbt/unique_id"
"""Where dagster-dbt notes the dbt node on the specs of assets and checks."""

Result = dg.MaterializeResult[Any] | dg.AssetCheckResult
Checks = Mapping[str, dg.AssetCheckSpec]
"""The checks asked for, by the unique id of their test."""
NodeResults = Mapping[str, NodeResult]
MakeNotes = Mapping[str, Callable[[DuckDBPyConnection], Notes]]
"""Per table, what makes its notes for Dagster: counts and Markdown, never a person's values."""


class Rooms(DagsterDbtTranslator):
    """Names each model after the room (folder) it lies in, and each source after its schema."""

    def __init__(self, owner: str):
        super().__init__()
        self.owner = owner

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """A model's asset: `<room>/<name>` in the group of its room."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = self.get_resource_props(manifest, unique_id)
        if node["resource_type"] == "source":
            return spec.replace_attributes(key=dg.AssetKey([node["schema"], node["identifier"]]))
        return spec.replace_attributes(
            key=dg.AssetKey([node["schema"], node["alias"]]), group_name=node["schema"], owners=[self.owner]
        )

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """A test's check, with the description that stands beside the test; severity error blocks."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and dg.AssetCheckSpec(
            spec.name,
            asset=spec.asset_key,
            description=self.get_resource_props(manifest, unique_id).get("description"),
            additional_deps=spec.additional_deps,
            metadata=spec.metadata,
            blocking=spec.blocking,
        )


class _Models(NamedTuple):
    """What the step knows about the project."""

    company: Company
    prepared: Prepared
    all: list[Model]
    tests: Mapping[str, Test]
    notes: MakeNotes

    def of(self, unique_ids: Iterable[str]) -> list[Model]:
        """Some of the models, each after those it reads: Dagster wants them in this order."""
        wanted = set(unique_ids)
        return [model for model in self.all if model.unique_id in wanted]


def dbt_models(company: Company, notes: MakeNotes | None = None, project: Path = FOLDER) -> dg.AssetsDefinition:
    """Every model of the project as one step, which Dagster splits where Python stands between two models.

    The step is skipped when all tables that the models read, and the project's files, are those of the last build.
    Each table's notes are made after it was built. Raises DbtError when the project cannot be parsed.
    """
    prepared = prepare(home(), project)
    known = _Models(company, prepared, models(prepared.manifest), tests(prepared.manifest), notes or {})

    @dbt_assets(
        manifest=prepared.manifest,
        dagster_dbt_translator=Rooms(company.settings.owner),
        name="dbt_models",
        pool=WRITER_POOL,
    )
    def compute(context: dg.AssetExecutionContext) -> Iterator[Result]:
        definition = context.assets_def
        checks = {
            str(spec.metadata[UNIQUE_ID]): spec
            for spec in definition.check_specs
            if spec.key in context.selected_asset_check_keys
        }
        chosen = known.of(definition.specs_by_key[key].metadata[UNIQUE_ID] for key in context.selected_asset_keys)
        yield from _materialize(context, known, chosen, checks) if chosen else _check(known, checks)

    return compute


def _materialize(
    context: dg.AssetExecutionContext, known: _Models, chosen: Sequence[Model], checks: Checks
) -> Iterator[Result]:
    """Build models unless they are up to date; then say how they and their checks stand."""
    work = ", ".join(model.table for model in chosen)
    code = known.prepared.code
    with timed(work) as done:
        with step(context, known.company) as one:
            if not one.full and build.is_current(one.con, chosen, code):
                done(skipped=True)
                yield from _results(one, known, chosen, *build.last(one.con, chosen), checks)
                return
            build.begin(one.con, chosen)
        results = build.run("build", known.prepared, home(), chosen, finished=_teller(work, known))
        broken = [r for r in results.values() if r.status == "error"]
        blocked = any(r.status == "fail" and i in checks and checks[i].blocking for i, r in results.items())
        with step(context, known.company) as one:
            done_right = not (broken or blocked)
            built = build.finish(one.con, chosen, results, code, one.now, final=done_right, notes=known.notes)
            yield from _results(one, known, chosen, built, results, checks)
        if broken:
            raise dg.Failure("\n".join(r.message for r in broken), allow_retries=False)


def _check(known: _Models, checks: Checks) -> Iterator[Result]:
    """Run tests alone."""
    asked = {spec.asset_key for spec in checks.values()}
    checked = [model for model in known.all if asset_key(model.table) in asked]
    results = build.run("test", known.prepared, home(), checked, alone=True)
    for model in checked:
        yield from _check_results(known, model, results, checks)


def _results(
    one: Step, known: _Models, chosen: Sequence[Model], built: Mapping[str, Built], results: NodeResults, checks: Checks
) -> Iterator[Result]:
    tables = {name for model in chosen for name in (model.table, *model.inputs)}
    compiled = {model.table: results[model.unique_id].sql for model in chosen if model.unique_id in results}
    lineage = remembered(known.prepared.folder / "lineage.json", compiled, one.con, tables)
    for model in chosen:
        outcomes = _check_results(known, model, results, checks)
        if model.unique_id not in built:
            yield from outcomes
            continue
        table = Table(model.table, "", columns=model.columns, personal=tuple(model.personal))
        metadata = table_metadata(one.con, table, built[model.unique_id], lineage.get(model.table))
        if not built[model.unique_id].skipped:
            metadata["seconds"] = round(results[model.unique_id].seconds, 3)
        yield dg.MaterializeResult(asset_key=asset_key(model.table), metadata=metadata, check_results=outcomes)


def _check_results(known: _Models, model: Model, results: NodeResults, checks: Checks) -> list[dg.AssetCheckResult]:
    """How the tests of a model came out; those that dbt did not get to are left open."""
    return [
        _check_result(known.tests[unique_id], results[unique_id], spec)
        for unique_id, spec in checks.items()
        if spec.asset_key == asset_key(model.table) and unique_id in results and results[unique_id].status != "skipped"
    ]


def _check_result(test: Test, result: NodeResult, spec: dg.AssetCheckSpec) -> dg.AssetCheckResult:
    passed = result.status == "pass"
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=passed,
        severity=dg.AssetCheckSeverity[test.severity],
        description=test.about if passed else f"{result.message or result.status}: {test.about}",
        metadata={"violations": result.failures, "status": result.status},
    )


def _teller(work: str, known: _Models) -> Callable[[str], None]:
    tables = {model.unique_id: model.table for model in known.all}

    def finished(unique_id: str) -> None:
        if unique_id in tables:
            tell(Progress("note", work, note=tables[unique_id]))

    return finished
