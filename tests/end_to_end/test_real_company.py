"""The real company, whole: every line and pound arrives, every record has a customer, and mostly the right one."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from cdp_platform.identity.evaluate import Scores, evaluate
from cdp_platform.shared.home import PROJECT, Home
from cdp_platform.shared.warehouse import engine
from tests.end_to_end.command import cdp, one, rows

DEFS = PROJECT / "tests" / "companies" / "real_company"
LINES = 854_727 + 79_286
"""Order lines of the shop and of the tills."""
REJECTED = {"crm": 2, "support": 1, "web": 4}
"""A contact without key and an exact duplicate; broken JSON."""


@pytest.fixture(scope="module")
def real(real_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home after a run of the whole chain."""
    home = Home(tmp_path_factory.mktemp("real"))
    done = cdp("run", "--defs", str(DEFS), "--home", str(home.folder), REAL_COMPANY_DIR=real_company)
    assert done.returncode == 0, done.stdout + done.stderr
    return home


def amounts_in_files(files: Path) -> tuple[int, Decimal]:
    """Lines and pounds as the files have them, added up without the platform."""
    amount = "sum(cast(quantity as decimal(18,4)) * cast(unit_price as decimal(18,4)))::decimal(18,4)"
    [(lines, pounds)] = duckdb.sql(f"""
        select sum(lines)::bigint, sum(pounds) from (
            select count(*) as lines, {amount} as pounds from read_parquet('{files}/shop/order_lines/*.parquet')
            union all
            select count(*), {amount} from read_csv('{files}/pos/receipts.csv.gz', all_varchar=true))""").fetchall()
    return lines, pounds


def test_every_order_line_and_every_pound_is_on_the_timeline(real: Home, real_company: Path):
    lines, pounds = amounts_in_files(real_company)

    [happened] = rows(real, "select sum(lines)::bigint, sum(amount) from customers.timeline "
                            "where kind in ('order', 'return')")  # fmt: skip
    assert lines == LINES
    assert happened == (LINES, pounds)
    assert one(real, "select count(*) from clean.order_lines") == LINES
    assert one(real, "select sum(rejected) from clean.row_report where entity = 'order_lines'") == 0


def test_only_the_known_bad_rows_are_rejected(real: Home):
    sources = [name for [name] in rows(real, "select name from (show all tables) where schema = 'raw'")]
    counted = {
        name.removesuffix("__rejected"): one(real, f"select count(*) from raw.{name}")
        for name in sources
        if name.endswith("__rejected")
    }

    assert {name: count for name, count in counted.items() if count} == REJECTED


def test_every_record_of_the_truth_has_exactly_one_customer(real: Home, real_company: Path):
    truth = f"read_csv('{real_company}/truth/records.csv', all_varchar=true)"

    [[records, found, without]] = rows(
        real,
        f"""select count(*), sum(n), count(*) filter (n is distinct from 1) from {truth} t
            left join (select source, record_id, count(*) as n from identity.customer_ids group by all) c
            using (source, record_id)""",
    )

    assert (records, found, without) == (26_072, 26_072, 0)


def test_records_of_a_person_become_one_customer(real: Home, real_company: Path):
    scores = _scores(real, real_company)

    assert scores.bcubed_f1 >= 0.95
    assert scores.precision >= 0.985


def _scores(real: Home, files: Path) -> Scores:
    with engine.read(real) as con:
        return evaluate(
            con,
            "select source || ':' || record_id as id, customer_id as grouped from identity.customer_ids",
            f"""select source || ':' || record_id as id, person_id as person
                from read_csv('{files}/truth/records.csv', all_varchar=true)""",
        )
