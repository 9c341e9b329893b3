"""The models keep what fields.py and the contracts promise."""

import dagster as dg
import pytest

from cdp_platform.clean import contract as clean
from cdp_platform.customers import contract
from cdp_platform.customers.fields import CUSTOMER, GOLDEN, TIMELINE, Field
from cdp_platform.identity import contract as identity
from cdp_platform.shared.dbt.models import models
from cdp_platform.shared.dbt.project import prepare
from cdp_platform.shared.home import Home
from tests.customers.conftest import Ask

KINDS = {
    "text": {"VARCHAR"},
    "number": {"BIGINT", "DECIMAL(18,4)"},
    "date": {"DATE"},
    "timestamp": {"TIMESTAMP"},
    "boolean": {"BOOLEAN"},
    "list": {"VARCHAR[]"},
}
PROVENANCE = {
    name: field
    for golden in GOLDEN
    for name, field in {f"{golden}_source": Field("text", ""), f"{golden}_at": Field("timestamp", "")}.items()
}


@pytest.mark.parametrize(
    ("table", "promised"), [("customers.customers", CUSTOMER | PROVENANCE), ("customers.timeline", TIMELINE)]
)
def test_columns_are_those_promised(ask: Ask, table: str, promised: dict[str, Field]):
    found = {name: kind for name, kind, *_ in ask(f"describe {table}")}
    assert list(found) == list(promised)
    wrong = {name: kind for name, kind in found.items() if kind not in KINDS[promised[name].kind]}
    assert not wrong


def test_every_column_is_described(small: tuple[Home, dg.ExecuteInProcessResult], ask: Ask):
    for model in models(prepare(small[0]).manifest):
        assert list(model.columns) == [name for name, *_ in ask(f"describe {model.table}")]
        assert all(model.columns.values())


def test_descriptions_and_personal_marks_are_those_of_the_fields(small: tuple[Home, dg.ExecuteInProcessResult]):
    by_table = {model.table: model for model in models(prepare(small[0]).manifest)}
    for table, fields in {"customers.customers": CUSTOMER, "customers.timeline": TIMELINE}.items():
        model = by_table[table]
        assert {name: model.columns[name] for name in fields} == {name: field.about for name, field in fields.items()}
        assert model.personal == {name for name, field in fields.items() if field.personal}


def test_models_are_the_tables_of_the_contract(small: tuple[Home, dg.ExecuteInProcessResult]):
    promised = {
        table.name
        for table in (
            contract.CUSTOMERS, contract.IDENTIFIERS, contract.TIMELINE, contract.CONSENTS, contract.ATTRIBUTE_VALUES,
        )
    }  # fmt: skip
    made = {model.table for model in models(prepare(small[0]).manifest) if model.table.startswith("customers.")}
    assert made == promised


def test_sources_are_promised_by_other_rooms(small: tuple[Home, dg.ExecuteInProcessResult]):
    promised = {table.name for table in (*clean.TABLES, *identity.TABLES, contract.SURVIVORSHIP_RULES)}
    sources = prepare(small[0]).manifest["sources"].values()
    assert {f"{source['schema']}.{source['identifier']}" for source in sources} <= promised


def test_rules_table_keeps_its_contract(ask: Ask):
    found = [name for name, *_ in ask("describe customers.survivorship_rules")]
    assert found == list(contract.SURVIVORSHIP_RULES.columns)
