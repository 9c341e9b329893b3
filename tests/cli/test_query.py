"""`cdp query`: answers from the published snapshot, for people and for scripts."""

import csv
import json
import subprocess
import sys
from io import StringIO

from tests.cli.conftest import PEOPLE, Shop
from tests.end_to_end.command import cdp

TWO = "select customer_id is not null as known, orders, net_value from customers.customers order by net_value limit 2"
HOLD = """
import sys
from cdp_platform.shared.home import home
from cdp_platform.shared.warehouse import engine
with engine.connect(home(sys.argv[1])) as con:
    con.execute("begin")
    con.execute("delete from customers.customers")
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_table_for_people(shop: Shop):
    done = shop.cdp("query", "select count(*) as customers, 'x' as letter from customers.customers")

    assert done.returncode == 0
    assert "customers" in done.stdout
    assert str(PEOPLE) in done.stdout
    assert "1 rows" in done.stdout


def test_csv_for_spreadsheets(shop: Shop):
    done = shop.cdp("query", TWO, "--format", "csv")

    assert list(csv.DictReader(StringIO(done.stdout))) == [
        {"known": "true", "orders": "1", "net_value": "1.5000"},
        {"known": "true", "orders": "1", "net_value": "2.5000"},
    ]


def test_json_for_programs_with_amounts_to_the_last_digit(shop: Shop):
    done = shop.cdp("query", TWO, "--format", "json")

    assert json.loads(done.stdout) == [
        {"known": True, "orders": 1, "net_value": "1.5000"},
        {"known": True, "orders": 1, "net_value": "2.5000"},
    ]


def test_lists_are_json_text_in_csv(shop: Shop):
    done = shop.cdp("query", "select [1, 2] as list, {'day': date '2026-01-02'} as struct", "--format", "csv")

    assert list(csv.DictReader(StringIO(done.stdout))) == [{"list": "[1, 2]", "struct": '{"day": "2026-01-02"}'}]


def test_what_the_help_recommends_works_in_every_format(shop: Shop):
    for how in ("table", "csv", "json"):
        done = shop.cdp("query", "show all tables", "--format", how)

        assert (done.returncode, done.stderr) == (0, "")
        assert "memberships" in done.stdout


def test_readers_do_not_wait_for_a_writer_nor_see_what_it_does(shop: Shop):
    writer = subprocess.Popen(
        [sys.executable, "-c", HOLD, shop.home.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with writer:
        assert writer.stdout and writer.stdout.readline() == "open\n"
        done = shop.cdp("query", "select count(*) as n from customers.customers", "--format", "json")
        assert writer.poll() is None, "the warehouse was still open"
        writer.communicate("")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [{"n": PEOPLE}]


def test_wrong_sql_is_1_with_the_reason_and_without_a_traceback(shop: Shop):
    for sql, reason in (
        ("select nonsense from customers.customers", "nonsense"),
        ("selct 1", "syntax error"),
        ("drop table customers.customers", "read-only"),
        ("", "no query"),
    ):
        done = shop.cdp("query", sql)

        assert (done.returncode, done.stdout) == (1, "")
        assert reason in done.stderr
        assert "Traceback" not in done.stderr


def test_nothing_published_is_3_and_says_where_to_start(tmp_path):
    done = cdp("query", "select 1", "--home", str(tmp_path))

    assert (done.returncode, done.stdout) == (3, "")
    assert "cdp run" in done.stderr
