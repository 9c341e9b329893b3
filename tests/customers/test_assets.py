"""The models as assets: built when something changed, checked, and left alone otherwise."""

import json
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from cdp_platform.company import Company
from cdp_platform.shared.dagster.dbt import dbt_models
from cdp_platform.shared.dbt import build
from cdp_platform.shared.dbt.invoke import DbtError, without_values
from cdp_platform.shared.dbt.models import models
from cdp_platform.shared.dbt.project import FOLDER, code_version, prepare
from cdp_platform.shared.home import Home
from cdp_platform.shared.progress import Progress, listen
from cdp_platform.shared.warehouse import engine
from tests.customers.conftest import CONSENTS, CUSTOMERS, RECORDS, at_home, materialize, write_company, write_inputs

TIMELINE = dg.AssetKey(["customers", "timeline"])


@pytest.fixture
def place(small: tuple[Home, dg.ExecuteInProcessResult], tmp_path: Path) -> Generator[Home]:
    """The small company, built, to be changed."""
    shutil.copytree(small[0].folder, tmp_path / "home")
    with at_home(tmp_path / "home") as here:
        yield here


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return write_company(tmp_path / "company")


@pytest.fixture
def built(small: tuple[Home, dg.ExecuteInProcessResult]) -> dg.ExecuteInProcessResult:
    """The run that built the small company."""
    return small[1]


def versions(place: Home) -> dict[str, str]:
    """Each model's content, as a hash."""
    with engine.connect(place) as con:
        rows = con.execute("select table_name, version from platform.tables where table_name like 'customers.%'")
        return dict(rows.fetchall())


def change(place: Home, **inputs: Any) -> None:
    """Change inputs, as a room upstream would."""
    with engine.connect(place) as con:
        write_inputs(con, **inputs)


def metadata(result: dg.ExecuteInProcessResult, table: str) -> dict[str, Any]:
    """What Dagster shows about a table after a run."""
    [event] = [e for e in result.get_asset_materialization_events() if e.asset_key == dg.AssetKey(["customers", table])]
    return {name: value.value for name, value in event.materialization.metadata.items()}


def checks(result: dg.ExecuteInProcessResult) -> dict[str, bool]:
    """Every check that was evaluated, and whether it passed."""
    return {f"{e.asset_key.path[-1]}.{e.check_name}": e.passed for e in result.get_asset_check_evaluations()}


def test_nothing_is_built_twice(place: Home, company: Company, built: dg.ExecuteInProcessResult):
    work: list[Progress] = []
    stop = listen(work.append)
    again = materialize(company)
    stop()
    assert again.success
    assert [p.skipped for p in work if p.what == "finished" and "timeline" in p.work] == [True]
    assert metadata(built, "timeline")["unchanged"] is False
    assert metadata(again, "timeline")["unchanged"] is True
    assert checks(again) == checks(built)  # as they came out when it was built
    assert len(checks(built)) > 10
    assert all(checks(built).values())


def test_a_changed_input_is_noticed(place: Home, company: Company):
    before = versions(place)
    change(place, consents=CONSENTS[1:])  # Ann's refusal is gone
    assert metadata(materialize(company), "consents")["unchanged"] is False
    changed = {table for table, version in versions(place).items() if version != before[table]}
    assert changed == {"customers.consents", "customers.timeline", "customers.customers"}


def test_changed_rules_are_noticed(place: Home, company: Company, tmp_path: Path):
    materialize(write_company(tmp_path / "other", customers=CUSTOMERS.replace("[shop, crm]", "[crm]")))
    with engine.connect(place) as con:
        [[email]] = con.execute("select email from customers.customers where customer_id = 'c-ann'").fetchall()
    assert email == "ann@crm.example"


def test_row_order_and_reruns_change_nothing(place: Home, company: Company):
    before = versions(place)
    change(place, records=RECORDS[::-1], consents=CONSENTS[::-1])
    assert materialize(company, tags={"cdp/full": "true"}).success
    assert versions(place) == before


def test_a_failed_identity_blocks_until_it_holds_again(place: Home, company: Company):
    with engine.connect(place) as con:  # a record of two customers counts its orders twice
        con.execute("insert into identity.customer_ids values ('shop:1', 'shop', '1', 'c-bob')")
    broken = materialize(company)
    assert not broken.success
    assert checks(broken)["timeline.order_value_agrees"] is False
    prepared = prepare(place)
    with engine.connect(place) as con:  # a rerun would not take it for done
        assert not build.is_current(con, models(prepared.manifest), prepared.code)
    change(place)
    mended = materialize(company)
    assert mended.success
    assert all(checks(mended).values())


def test_a_model_that_breaks_tells_no_values(place: Home, company: Company):
    with engine.connect(place) as con:
        con.execute("alter table clean.records alter birth_date type varchar")
        con.execute("update clean.records set birth_date = 'Secret Person' where record_key = 'crm:6'")
    result = materialize(company)
    assert not result.success
    failure = result.failure_data_for_node("dbt_models")
    assert failure
    assert failure.error
    assert "Conversion Error" in failure.error.message
    everything = (
        " ".join(str(event) + str(event.event_specific_data) for event in result.all_events) + failure.error.to_string()
    )
    assert "Secret Person" not in everything


def test_what_a_killed_run_left_is_built_again(place: Home):
    prepared = prepare(place)
    all_models = models(prepared.manifest)
    with engine.connect(place) as con:
        assert build.is_current(con, all_models, prepared.code)
        build.begin(con, all_models)  # and here the machine stops
    with engine.connect(place) as con:
        assert not build.is_current(con, all_models, prepared.code)


def test_an_unusual_volume_warns(place: Home, company: Company):
    with engine.connect(place) as con:
        con.execute("delete from platform.history")
        con.execute("insert into platform.history select 'customers.timeline', now(), 1000, 'x' from range(3)")
    result = materialize(company, tags={"cdp/full": "true"})
    assert result.success
    assert [name for name, passed in checks(result).items() if not passed] == ["timeline.volume_is_usual"]


def test_one_table_can_be_built_alone(place: Home, company: Company):
    change(place, consents=CONSENTS[1:])
    result = materialize(company, selection=dg.AssetSelection.assets(TIMELINE))
    assert result.success
    assert [e.asset_key for e in result.get_asset_materialization_events()] == [TIMELINE]
    with engine.connect(place) as con:
        assert con.execute("select count(*) from customers.timeline where reference = 'k1'").fetchall() == [(0,)]
        assert con.execute("select count(*) from customers.consents where status = 'denied'").fetchall() == [(4,)]


def test_checks_can_run_alone(place: Home, company: Company):
    result = materialize(company, selection=dg.AssetSelection.checks_for_assets(TIMELINE))
    assert result.success
    assert not result.get_asset_materialization_events()
    assert set(checks(result)) == {
        "timeline.key_is_unique", "timeline.order_value_agrees", "timeline.lines_agree", "timeline.volume_is_usual",
        "timeline.customer_id_is_known",
    }  # fmt: skip


def test_assets_tell_what_they_are(place: Home, company: Company):
    definition = dbt_models(company)
    for spec in definition.specs:
        assert spec.group_name == "customers"
        assert spec.owners == ["team:data"]
        assert spec.kinds == {"dbt", "duckdb"}
        assert spec.description
    for spec in definition.check_specs:
        assert spec.description
        assert spec.blocking == (spec.name != "volume_is_usual")
    assert dg.AssetKey(["clean", "orders"]) in definition.asset_deps[TIMELINE]


def test_metadata_shows_columns_and_lineage_but_nobody(built: dg.ExecuteInProcessResult):
    shown = metadata(built, "customers")
    assert shown["dagster/row_count"] == 4
    columns = {column.name: column for column in shown["dagster/column_schema"].columns}
    assert columns["email"].tags == {"personal": ""}
    assert columns["orders"].description == "orders, returns left out"
    lineage = shown["dagster/column_lineage"].deps_by_column
    assert {(d.asset_key.to_user_string(), d.column_name) for d in lineage["net_value"]} >= {("clean/orders", "amount")}
    assert ("customers/attribute_values", "value") in {
        (d.asset_key.to_user_string(), d.column_name) for d in lineage["email"]
    }
    assert "| email | 75% | crm | 67% |" in shown["golden values"]
    said = "".join(str(e.event_specific_data) for e in built.all_events)
    assert not [word for word in ("ann@", "+4420", "smith", "high st") if word in said]


def test_the_project_is_parsed_once_per_state(place: Home):
    first = prepare(place)
    stamp = (first.folder / "manifest.json").stat().st_mtime_ns
    assert prepare(place).folder == first.folder
    assert (first.folder / "manifest.json").stat().st_mtime_ns == stamp


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the dbt project that a test may change."""
    shutil.copytree(FOLDER, tmp_path / "dbt", ignore=shutil.ignore_patterns("target*", "logs"))
    return tmp_path / "dbt"


def test_a_model_of_ones_own_becomes_an_asset(place: Home, company: Company, project: Path):
    (project / "models" / "clean").mkdir(exist_ok=True)
    (project / "models" / "clean" / "subscriptions.sql").write_text(
        "select id as subscription_id, record_key from {{ source('raw', 'subscriptions') }}"
    )
    (project / "models" / "clean" / "subscriptions.yml").write_text(
        json.dumps(
            {
                "sources": [{"name": "raw", "tables": [{"name": "subscriptions"}]}],
                "models": [
                    {
                        "name": "subscriptions",
                        "description": "One row per subscription.",
                        "columns": [{"name": "subscription_id"}, {"name": "record_key"}],
                        "data_tests": [{"key_is_unique": {"arguments": {"columns": ["subscription_id"]}}}],
                    }
                ],
            }
        )
    )
    with engine.connect(place) as con:
        con.execute("create table raw.subscriptions as select 'a' as id, 'shop:1' as record_key")
    definition = dbt_models(company, project=project)
    key = dg.AssetKey(["clean", "subscriptions"])
    assert definition.asset_deps[key] == {dg.AssetKey(["raw", "subscriptions"])}

    @dg.asset(key=["identity", "customer_ids"], deps=[key])  # Python between two models
    def customer_ids() -> None:
        pass

    run = dg.materialize([definition, customer_ids])
    assert run.success
    assert [e.asset_key for e in run.get_asset_materialization_events()][:2] == [key, customer_ids.key]
    assert len(run.get_asset_materialization_events()) == 7
    with engine.connect(place) as con:
        assert con.execute("from clean.subscriptions").fetchall() == [("a", "shop:1")]


def test_other_files_are_another_state(project: Path):
    before = code_version(project)
    with (project / "macros" / "types.sql").open("a") as file:
        file.write("\n{# a remark #}\n")
    assert code_version(project) != before


def test_a_project_that_cannot_be_read_says_where(place: Home, project: Path):
    (project / "models" / "customers" / "broken.sql").write_text("select * from {{ ref('nowhere') }}")
    with pytest.raises(DbtError, match="nowhere"):
        prepare(place, project)


def test_messages_lose_the_values_that_they_quote():
    assert without_values("Conversion Error: no date: \"Ann\" in column 'x'") == "Conversion Error: no date: …"
    assert without_values('Binder Error: no column "naem"') == 'Binder Error: no column "naem"'
