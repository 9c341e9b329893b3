"""Killed with SIGKILL at random moments, against a destination that throttles, fails, loses answers and rejects."""

import hashlib
import json
import multiprocessing
import random
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

from cdp_platform.destinations.receiver import Handler, Inbox, Reply, serve
from cdp_platform.destinations.run import run_sync
from cdp_platform.shared.home import Home, home
from tests.destinations.shop import NOON, company_of, publish, query, sync

KILLS = 20
DESTINATION = {"kind": "webhook", "url_env": "KILL_URL", "batch_size": 20}
COMPANY = company_of(sync(destination=DESTINATION, mapping={"city": "city"}, guards={"most_removals": 0.5}))


def is_bad(key: str) -> bool:
    """About one key in 150 is refused, always the same ones."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:6], 16) % 150 == 0


class Forgetful(Inbox):
    """Applies a batch whenever it comes, and remembers its bytes."""

    def __init__(self) -> None:
        super().__init__(refuse=lambda item: "bad" if item["operation"] != "remove" and is_bad(item["key"]) else None)
        self.bodies: dict[str, set[bytes]] = defaultdict(set)

    def take(self, idempotency_key: str, body: bytes) -> Reply:
        self.bodies[idempotency_key].add(body)
        return super().take(f"{self.requests}", body)


class Troubled(Handler):
    """Fails in the ways real services fail."""

    dice = random.Random(3)

    def before(self, body: bytes) -> Reply | None:
        throw = self.dice.random()
        if throw < 0.04:
            return Reply(429, {}, {"Retry-After": "0"})
        return Reply(503) if throw < 0.07 else None

    def after(self, body: bytes) -> Reply | None:
        return Reply(500) if self.dice.random() < 0.05 else None  # applied, but the answer is lost


def start(folder: Path, url: str) -> None:
    """One start of the sync, in a process of its own."""
    import os

    os.environ["KILL_URL"] = url
    ran = run_sync(COMPANY, home(folder), "vips", now=NOON, sleep=lambda seconds: None)
    if ran.status not in ("succeeded", "partial"):
        os._exit(1)


def generation(number: int) -> dict[str, dict[str, Any]]:
    """400 customers; with each generation half of the values change, some leave and some come."""
    first = number * 40
    return {f"c{n:04}": {"city": f"city {(n + number) // 2}"} for n in range(first, first + 400)}


def test_nothing_is_lost_and_nothing_is_left(tmp_path: Path) -> None:
    chance = random.Random(7)
    place: Home = home(tmp_path / "home")
    inbox = Forgetful()
    server = serve(inbox, handler=Troubled)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["cdp_platform.destinations.run", "polars", "tests.destinations.test_kill"])
    kills = 0
    for number in range(4):
        publish(place, f"s{number}", generation(number))
        quota = KILLS * (number + 1) // 4
        while True:
            process = processes.Process(target=start, args=(place.folder, url))
            process.start()
            process.join(chance.uniform(0.05, 0.6) if kills < quota else 60)
            if process.exitcode is not None:
                assert process.exitcode == 0
                break
            process.kill()
            process.join()
            kills += 1
            if place.destinations.exists():
                query(place, "select count(*) from destinations.runs")  # readers never see half a file
    server.shutdown()
    server.server_close()

    wanted = {key: values["city"] for key, values in generation(3).items()}
    held = {key: fields["city"] for key, fields in inbox.held.items()}
    quarantined = {row[0] for row in query(place, "select row_key from destinations.quarantine")}
    print(f"{kills} kills, {len(inbox.bodies)} batches, {inbox.requests} applied, {len(quarantined)} rows quarantined")
    assert kills >= KILLS * 3 // 4, "the kills must hit running syncs"
    assert {key for key in wanted if held.get(key) != wanted[key]} == quarantined
    assert held.keys() <= wanted.keys()
    assert quarantined == {key for key in wanted if is_bad(key)}
    assert all(len(bodies) == 1 for bodies in inbox.bodies.values()), "a batch was sent again with other bytes"
    assert state(place) == held
    assert query(place, "select count(*) from destinations.runs where status not in ('succeeded', 'partial')") == [(0,)]
    twice = "select row_key from destinations.row_results group by sync, run_id, row_key having count(*) > 1"
    assert query(place, twice) == []


def state(place: Home) -> dict[str, str]:
    with duckdb.connect(str(place.syncs / "vips.duckdb"), read_only=True) as con:
        rows = con.execute("select row_key, payload from state").fetchall()
    return {key: json.loads(payload)["city"] for key, payload in rows}
