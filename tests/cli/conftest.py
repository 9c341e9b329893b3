"""A shop so small that its whole chain runs in seconds and nothing is wrong with it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cdp_platform.shared.home import Home
from tests.end_to_end.command import cdp

PEOPLE = 26
"""As many as there are letters: the names of more would repeat."""
SOURCES = """
type: cdp_platform.components.Sources
attributes:
  sources:
    - name: crm
      kind: csv
      path: crm.csv
      key: [id]
      means:
        person: {record_id: id, first_name: first, last_name: last, email: email, birth_date: born, created_at: since}
    - name: till
      kind: csv
      path: till.csv
      means:
        order_line:
          order_id: receipt
          sku: sku
          quantity: quantity
          unit_price: price
          ordered_at: at
          customer: {source: crm, column: customer}
"""


class Shop(NamedTuple):
    """The company's folder with its files, and its home."""

    folder: Path
    home: Home

    def cdp(self, *arguments: str):
        """Run `cdp …` on this company."""
        return cdp(*arguments, CDP_DEFS=self.folder, CDP_HOME=self.home.folder, CDP_AS_OF="2026-06-30")


def write_shop(folder: Path) -> Shop:
    """Write company and files: each person has bought one thing, on a day of their own."""
    (folder / "sources").mkdir(parents=True)
    (folder / "company.yaml").write_text("name: Corner shop\n")
    (folder / "sources/defs.yaml").write_text(SOURCES)
    people = [
        f"{n},{first(n)},{last(n)},{first(n)}.{last(n)}@cornershop.co.uk,{1950 + n}-03-01,2026-01-0{n % 9 + 1}"
        for n in range(1, PEOPLE + 1)
    ]
    (folder / "crm.csv").write_text("\n".join(["id,first,last,email,born,since", *people]) + "\n")
    sales = [f"r{n},{n},tea,1,{n}.50,2026-0{n % 5 + 1}-1{n % 9} 10:00" for n in range(1, PEOPLE + 1)]
    (folder / "till.csv").write_text("\n".join(["receipt,customer,sku,quantity,price,at", *sales]) + "\n")
    return Shop(folder, Home(folder.with_name("home")))


def first(number: int) -> str:
    """A first name for a number: six letters that no other number has."""
    return "Ann" + "".join(chr(97 + (number * step) % 26) for step in (1, 3, 7))


def last(number: int) -> str:
    """A last name for a number."""
    return "Mill" + "".join(chr(97 + (number * step) % 26) for step in (5, 9, 11))


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop after a run of the whole chain; for reading."""
    made = write_shop(tmp_path_factory.mktemp("corner") / "shop")
    done = made.cdp("run")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture
def new_shop(tmp_path: Path) -> Callable[[], Shop]:
    """Writes a shop that never ran."""
    return lambda: write_shop(tmp_path / "shop")
