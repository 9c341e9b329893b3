"""The command line: `cdp …`. Imports are inside the commands, so that `cdp --help` answers at once."""

import os

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
os.environ.setdefault("DO_NOT_TRACK", "1")

from cdp_platform.cli.app import app as app
