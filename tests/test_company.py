"""A company as it is read: its files, its day, and the companies that the project ships."""

import time
from datetime import date
from pathlib import Path

import pytest

from cdp_platform.company import DEMO, Company, company_folder, load_company

REAL = Path(__file__).parent / "companies/real_company"


def read(folder: Path, settings: str) -> Company:
    """The company with this company.yaml and nothing else."""
    (folder / "company.yaml").write_text(settings)
    return load_company(folder)


def test_the_least_company_is_a_name(tmp_path: Path):
    company = read(tmp_path, "name: Test\n")

    assert (company.settings.name, company.settings.country, company.sources.sources) == ("Test", "GB", [])


def test_relative_files_start_at_the_companys_folder(tmp_path: Path):
    assert read(tmp_path, "name: Test\nfiles: ../exports\n").files == tmp_path.parent / "exports"


def test_files_may_come_from_the_environment_with_a_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    company = read(tmp_path, "name: Test\nfiles: ${TEST_EXPORTS:-../default}/today\n")

    monkeypatch.delenv("TEST_EXPORTS", raising=False)
    assert company.files == tmp_path.parent / "default/today"

    monkeypatch.setenv("TEST_EXPORTS", str(tmp_path / "elsewhere"))
    assert company.files == tmp_path / "elsewhere/today"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEST_EXPORTS", "from_here")
    assert company.files == tmp_path / "from_here/today"


def test_today_is_the_companys_day_unless_the_operator_says_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    company = read(tmp_path, "name: Test\nas_of: 2011-12-10\n")
    monkeypatch.delenv("CDP_AS_OF", raising=False)
    assert company.as_of() == date(2011, 12, 10)

    monkeypatch.setenv("CDP_AS_OF", "2011-12-11")
    assert company.as_of() == date(2011, 12, 11)


def test_the_folder_is_the_arguments_else_the_environments_else_the_demo(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("CDP_DEFS", raising=False)
    assert company_folder() == DEMO

    monkeypatch.setenv("CDP_DEFS", str(tmp_path))
    assert company_folder() == tmp_path
    assert company_folder(REAL) == REAL


@pytest.fixture(params=[DEMO, REAL], ids=["demo", "real"])
def shipped(request: pytest.FixtureRequest) -> Company:
    load_company.cache_clear()
    return load_company(request.param)


def test_the_companies_of_the_project_are_without_mistake(shipped: Company):
    people = {source.name for source in shipped.sources.with_meaning("person")}

    assert {"crm", "shop", "loyalty", "newsletter", "support"} <= people
    assert set(shipped.privacy.names()) == {"email_marketing", "ads_personalisation", "analytics"}
    assert shipped.settings.as_of is not None


def test_a_company_is_read_in_less_than_a_second():
    load_company.cache_clear()
    start = time.perf_counter()

    load_company(DEMO)

    assert time.perf_counter() - start < 1


def test_the_real_companys_files_are_where_its_sources_look(real_company: Path):
    company = load_company(REAL)

    missing = [s.name for s in company.sources.sources if hasattr(s, "path") and not [*company.files.glob(s.path)]]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType]
    assert company.files == real_company.resolve()
    assert not missing
