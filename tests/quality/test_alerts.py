"""One message per change of state, to every channel, and none lost when a channel is down."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp_platform.company import DEMO, load_company
from cdp_platform.quality.alerts import Finding, changes, deliver
from cdp_platform.quality.config import AlertChannel, QualityConfig

STALE = Finding("late raw/crm", "WARN", "late: raw/crm", "since yesterday")
BROKEN = Finding("check raw/crm: key", "ERROR", "check failed: raw/crm: key", "3 violations")


def test_a_problem_is_told_once_when_it_starts_and_once_when_it_ends():
    started = changes([STALE], {})
    still = changes([STALE], {STALE.key: "WARN"})
    ended = changes([], {STALE.key: "WARN"})

    assert [(m.severity, m.title) for m in started] == [("WARN", "late: raw/crm")]
    assert still == []
    assert [(m.severity, m.title) for m in ended] == [("OK", "recovered: late raw/crm")]


def test_a_warning_that_becomes_an_error_is_told_again():
    worse = STALE._replace(severity="ERROR")

    assert [m.severity for m in changes([worse], {STALE.key: "WARN"})] == ["ERROR"]


states = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["WARN", "ERROR"]))


@given(states, states)
def test_applying_the_messages_to_what_was_told_gives_what_is_wrong_now(before, now):
    findings = [Finding(key, severity, key, "") for key, severity in now.items()]

    told = dict(before)
    for message in changes(findings, before):
        told.pop(message.finding, None)
        if message.severity != "OK":
            told[message.finding] = message.severity

    assert told == now


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is sent, or refuses it."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.server.down:
            self.send_response(500)
        else:
            self.server.received.append(json.loads(body))
            self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def receiver():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.received, server.down = [], False
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def company(receiver, monkeypatch):
    from dataclasses import replace

    monkeypatch.setenv("OPS_ALERTS", f"json://127.0.0.1:{receiver.server_port}/")
    demo = load_company(DEMO)
    return replace(demo, quality=QualityConfig(alerts=[AlertChannel(url_env="OPS_ALERTS", least="ERROR")]))


def test_channels_get_what_they_asked_for_and_the_file_gets_everything(company, here, receiver):
    deliver(company, here, [STALE, BROKEN])

    lines = [json.loads(line) for line in here.alerts.read_text().splitlines()]
    assert [line["severity"] for line in lines] == ["ERROR", "WARN"]
    assert len(receiver.received) == 1
    assert "check failed: raw/crm: key" in receiver.received[0]["message"]
    assert "late" not in receiver.received[0]["message"]


def test_what_could_not_be_delivered_is_delivered_later_and_only_once(company, here, receiver):
    receiver.down = True
    first = deliver(company, here, [BROKEN])
    receiver.down = False
    second = deliver(company, here, [BROKEN])
    third = deliver(company, here, [BROKEN])

    assert first.failed == ("OPS_ALERTS",)
    assert (second.failed, third.failed) == ((), ())
    assert len(receiver.received) == 1
    assert len(here.alerts.read_text().splitlines()) == 1


def test_a_channel_whose_variable_is_not_set_is_reported_and_never_printed(company, here, monkeypatch):
    monkeypatch.delenv("OPS_ALERTS")

    assert deliver(company, here, [BROKEN]).failed == ("OPS_ALERTS",)
