import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.clean.name import split_names


def split(con: DuckDBPyConnection, title=None, first=None, last=None, full=None, french=False):
    con.execute(
        "create or replace temp table named(title_raw varchar, first_name_raw varchar, last_name_raw varchar, "
        "full_name_raw varchar)"
    )
    con.execute("insert into named values (?, ?, ?, ?)", [title, first, last, full])
    query = f"select title, first_name, last_name, name_key from ({split_names('named', french)})"
    [row] = con.execute(query).fetchall()
    return row


@pytest.mark.parametrize(
    ("full", "title", "first", "last"),
    [
        ("Ludwig van Beethoven", None, "ludwig", "van beethoven"),
        ("Jan van der Berg", None, "jan", "van der berg"),
        ("van der Berg, Jan", None, "jan", "van der berg"),
        ("Smith Jones, Dr. Anna", "dr", "anna", "smith jones"),
        ("Van Morrison", None, "van", "morrison"),
        ("van der Berg", None, None, "van der berg"),
        ("Mr. John Smith Jr.", "mr", "john", "smith"),
        ("John Smith, PhD", None, "john", "smith"),
        ("Prof. Dr. Max Planck", "prof dr", "max", "planck"),
        ("Sir Macdonald", "sir", None, "macdonald"),
        ("frederick", None, "frederick", None),
        ("Mary Ann  Evans", None, "mary ann", "evans"),
        ("  ", None, None, None),
    ],
)
def test_a_full_name_is_taken_apart(vocabulary: DuckDBPyConnection, full, title, first, last):
    assert split(vocabulary, full=full)[:3] == (title, first, last)


@pytest.mark.parametrize(
    ("given", "title", "first", "last"),
    [
        (("James", "Dougherty"), None, "james", "dougherty"),
        (("sir", "macdonald"), "sir", None, "macdonald"),
        (("Dr. J.R.", "O’Brien"), "dr", "j r", "o'brien"),
        ((None, "Mrs Smith"), "mrs", None, "smith"),
        (("Anna", "de la Cruz III"), None, "anna", "de la cruz"),
        (("Don", "Draper"), None, "don", "draper"),
        (("Sirius", "Black"), None, "sirius", "black"),
        (("n/a", "unknown"), None, None, None),
    ],
)
def test_titles_and_suffixes_leave_the_parts(vocabulary: DuckDBPyConnection, given, title, first, last):
    assert split(vocabulary, first=given[0], last=given[1])[:3] == (title, first, last)


def test_a_given_title_comes_before_one_found_in_the_name(vocabulary: DuckDBPyConnection):
    assert split(vocabulary, title="Dr.", first="Mrs Anna", last="Lee")[:2] == ("dr", "anna")


def test_m_is_monsieur_only_where_french_is_spoken(vocabulary: DuckDBPyConnection):
    assert split(vocabulary, full="M. Jean Dupont", french=True)[:3] == ("m", "jean", "dupont")
    assert split(vocabulary, full="M. Jean Dupont")[:3] == (None, "m jean", "dupont")


def test_the_name_key_has_neither_accents_nor_blanks(vocabulary: DuckDBPyConnection):
    assert split(vocabulary, first="José", last="Müller-Groß")[3] == "josemullergross"
    assert split(vocabulary, first="Søren", last="O'Hara")[3] == "sorenohara"


def test_two_unicode_spellings_are_one_name(vocabulary: DuckDBPyConnection):
    assert split(vocabulary, first="Jose\u0301") == split(vocabulary, first="José")


def test_a_name_key_needs_both_names(vocabulary: DuckDBPyConnection):
    assert split(vocabulary, first="anna")[3] is None
