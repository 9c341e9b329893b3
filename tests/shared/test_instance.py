"""Runs that were killed: failed, and their slots given back."""

import dagster as dg

from cdp_platform.shared.dagster.instance import close_dead_runs, hold, instance
from cdp_platform.shared.dagster.tables import WRITER_POOL
from cdp_platform.shared.home import Home


def a_run(own: dg.DagsterInstance, status: dg.DagsterRunStatus) -> str:
    @dg.op(name="build")
    def build() -> None: ...

    @dg.job(name="everything")
    def everything() -> None:
        build()

    run = own.create_run_for_job(everything, status=status)
    own.event_log_storage.initialize_concurrency_limit_to_default(WRITER_POOL)
    own.event_log_storage.claim_concurrency_slot(WRITER_POOL, run.run_id, "build")
    return run.run_id


def holders(own: dg.DagsterInstance) -> set[str]:
    return own.event_log_storage.get_concurrency_info(WRITER_POOL).active_run_ids


def test_a_run_that_somebody_else_failed_gives_its_slot_back(here: Home) -> None:
    with instance(here) as own:
        killed = a_run(own, dg.DagsterRunStatus.FAILURE)
        assert holders(own) == {killed}

        assert close_dead_runs(own, here) == []

        assert holders(own) == set()


def test_a_run_whose_process_lives_keeps_its_slot(here: Home) -> None:
    with instance(here) as own:
        alive = a_run(own, dg.DagsterRunStatus.STARTED)
        hold(here, alive)

        assert close_dead_runs(own, here) == []

        assert holders(own) == {alive}
