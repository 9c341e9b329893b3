import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.clean.phone import placeholder, read_phone, read_phones


@pytest.mark.parametrize("raw", [
    "07150 697101", "+447150697101", "0044 7150 697101", "(0)7150-697101", "+44 (0)7150 697101", "07150.697.101",
])  # fmt: skip
def test_six_notations_of_one_number(raw: str):
    assert read_phone(raw, "GB") == ("+447150697101", None)


def test_the_region_decides_what_a_number_without_prefix_is():
    assert read_phone("030 901820", "DE")[0] == "+4930901820"
    assert read_phone("030 901820", "GB")[0] != "+4930901820"


@pytest.mark.parametrize("raw", ["12", "+44 0", "phone", "0715069710112345678"])
def test_an_impossible_number_is_refused(raw: str):
    assert read_phone(raw, "GB")[0] is None


@pytest.mark.parametrize(
    ("digits", "reason"),
    [
        ("0000000000", "repeated digits"),
        ("1111111111", "repeated digits"),
        ("7000000000", "repeated digits"),
        ("0123456789", "digits in a row"),
        ("1234567890", "digits in a row"),
        ("9876543210", "digits in a row"),
        ("7150697101", None),
        ("7700111111", None),
    ],
)
def test_numbers_typed_by_somebody_who_gives_none(digits: str, reason: str | None):
    assert placeholder(digits) == reason


def test_distinct_values_are_read_once(vocabulary: DuckDBPyConnection):
    query = "select '07150 697101' as phone_raw, 'GB' as region from range(100) union all select null, 'GB'"
    assert read_phones(vocabulary, query, "numbers_read") == 1
    assert vocabulary.execute("from numbers_read").fetchall() == [("07150 697101", "GB", "+447150697101", None)]
