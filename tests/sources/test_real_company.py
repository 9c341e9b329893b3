"""The real company's files, and every line of them accounted for."""

from pathlib import Path
from typing import Any

import pytest

from tests.sources.conftest import Bench

SOURCES: list[tuple[dict[str, Any], int, dict[str, int]]] = [
    ({"name": "crm", "kind": "csv", "path": "crm/contacts.csv", "key": ["contact_id"]}, 11_735,
     {"key is empty": 1, "exact duplicate": 1}),
    ({"name": "loyalty", "kind": "csv", "path": "loyalty/members.csv", "key": ["card_number"]}, 3_087, {}),
    ({"name": "newsletter", "kind": "csv", "path": "newsletter/subscribers.csv", "key": ["subscriber_id"]}, 2_605, {}),
    ({"name": "consent", "kind": "csv", "path": "consent/consents.csv"}, 13_123, {}),
    ({"name": "pos", "kind": "csv", "path": "pos/receipts.csv.gz"}, 79_286, {}),
    ({"name": "support", "kind": "ndjson", "path": "support/tickets.ndjson", "key": ["ticket_id"]}, 2_993,
     {"broken JSON": 1}),
    ({"name": "web", "kind": "ndjson", "path": "web/events/*.ndjson.gz", "means": {"event": {}}}, 108_006,
     {"broken JSON": 4}),
    ({"name": "shop", "kind": "sql", "url": "sqlite:///shop/shop.sqlite", "table": "customers",
      "key": ["customer_id"]}, 5_653, {}),
    ({"name": "order_lines", "kind": "parquet", "path": "shop/order_lines/*.parquet"}, 854_727, {}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "rows", "rejected"), SOURCES, ids=[source["name"] for source, *_ in SOURCES])
def test_every_line_is_a_row_or_is_rejected_with_its_reason(
    bench: Bench, real_company: Path, source: dict[str, Any], rows: int, rejected: dict[str, int]
):
    bench.files.rmdir()
    bench.files.symlink_to(real_company)

    loaded = bench.load(source)

    assert loaded.built[0].rows == rows
    assert dict(bench.ask(f"select reason, count(*) from raw.{source['name']}__rejected group by all")) == rejected
    outcomes = bench.outcomes(source, loaded)
    assert [name for name, outcome in outcomes.items() if not outcome.passed] == []
    again = bench.load(source)
    assert not any(built.changed for built in again.built)
