"""`cdp check`: all mistakes at once, with file and line, at once."""

import resource
from pathlib import Path

from cdp_platform.company import DEMO
from tests.cli.conftest import write_shop
from tests.end_to_end.command import cdp


def seconds_of_children() -> float:
    """Processor time of the commands run so far: unlike the clock the same on a busy machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_demo_is_right_and_checked_in_five_seconds():
    before = seconds_of_children()
    done = cdp("check")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Fern & Fireside" in done.stdout
    assert "11 sources, 11 segments, 3 syncs, no mistakes" in done.stdout
    assert seconds_of_children() - before < 5


def test_every_mistake_stands_with_file_and_line_and_a_suggestion(tmp_path: Path):
    shop = write_shop(tmp_path / "shop")
    text = (shop.folder / "sources/defs.yaml").read_text()
    (shop.folder / "sources/defs.yaml").write_text(text.replace("kind: csv", "kind: cvs", 1))
    (shop.folder / "company.yaml").write_text("name: Corner shop\ncurency: GBP\n")
    (shop.folder / "quality").mkdir()
    (shop.folder / "quality/defs.yaml").write_text("type: cdp_platform.components.Quality\nattributes: [\n")

    before = seconds_of_children()
    done = cdp("check", "--defs", str(shop.folder))

    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    for place, words in (
        ("company.yaml:2: ", ("curency", "currency")),
        ("sources/defs.yaml:6: ", ("cvs", "csv")),
        ("quality/defs.yaml:3: ", ("not valid YAML",)),
    ):
        [line] = [line for line in lines if place in line]
        assert all(word in line for word in words), line
    assert lines[-1] == "3 mistakes in the configuration."
    assert seconds_of_children() - before < 5


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    done = cdp("check", "--defs", str(tmp_path / "nowhere"))

    assert done.returncode == 2
    assert "there is no such folder" in done.stderr


def test_the_company_may_come_from_the_environment(tmp_path: Path):
    shop = write_shop(tmp_path / "shop")

    assert "Corner shop: 2 sources" in shop.cdp("check").stdout
    assert "Fern" in shop.cdp("check", "--defs", str(DEMO)).stdout


def test_a_wrong_company_is_not_run(tmp_path: Path):
    shop = write_shop(tmp_path / "shop")
    (shop.folder / "company.yaml").write_text("nme: Corner shop\n")

    done = shop.cdp("run")

    assert done.returncode == 2
    assert "company.yaml:1: " in done.stderr
    assert not shop.home.warehouse.exists()
