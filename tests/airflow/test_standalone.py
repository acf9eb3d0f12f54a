"""One of each kind of pipeline in a real Airflow, and what ``dag.test()`` cannot show: assets, deadlines, kills."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from conftest import AIRBYTE, SINK
from fake_airbyte import FakeAirbyte, Plan, Sink, until
from settings import EXPORTS, HUBSPOT, MODEL, SALESFORCE, STRIPE
from standalone import PATIENCE, Airflow, started

NEVER = Plan(statuses=("running",))
STRIPE_DAG = "airbyte_stripe_to_postgres"
NOTIFYING = "airbyte_sync_with_notifications"


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    with started(tmp_path_factory.mktemp("standalone"), AIRBYTE.url, SINK.address) as airflow:
        yield airflow


def test_a_load_succeeds_and_its_asset_starts_the_next_pipeline(airbyte: FakeAirbyte, airflow: Airflow) -> None:
    airflow.unpause("airbyte_chained_syncs")
    run_id = airflow.trigger(STRIPE_DAG)
    assert airflow.ended(STRIPE_DAG, run_id) == "success"
    [job] = airbyte.of(STRIPE)
    statistics = airflow.xcom(STRIPE_DAG, run_id, "sync_stripe")
    assert (statistics["job_id"], statistics["status"], statistics["records"]) == (job.job_id, "succeeded", 10)
    log = airflow.log(STRIPE_DAG, run_id, "sync_stripe")
    assert log.count("airbyte job started") == 1 and log.count("airbyte job ended") == 1
    [follower] = until(lambda: airflow.runs("airbyte_chained_syncs"), PATIENCE, "the next pipeline has started")
    assert follower["run_type"] == "asset_triggered"
    assert airflow.ended("airbyte_chained_syncs", follower["dag_run_id"]) == "success"
    assert [len(airbyte.of(connection)) for connection in (HUBSPOT, SALESFORCE)] == [1, 1]
    airflow.ask("PATCH", "/api/v2/dags/airbyte_chained_syncs", {"is_paused": True})


def test_a_schedule_starts_a_run_and_its_sources_load_at_the_same_time(airbyte: FakeAirbyte, airflow: Airflow) -> None:
    for connection in (STRIPE, HUBSPOT, SALESFORCE):
        airbyte.plan(connection, NEVER)
    airflow.unpause("airbyte_multi_source_sync")
    [run] = until(lambda: airflow.runs("airbyte_multi_source_sync"), PATIENCE, "the schedule has started a run")
    assert run["run_type"] == "scheduled"
    run_id = run["dag_run_id"]
    until(lambda: len(airbyte.jobs) == 3, PATIENCE, "three jobs run at the same time")
    for job in airbyte.jobs.values():
        job.finished_as = "succeeded"
    assert airflow.ended("airbyte_multi_source_sync", run_id) == "success"
    assert airflow.xcom("airbyte_multi_source_sync", run_id, "report")["records"] == 30


@pytest.mark.parametrize(("rows", "second"), [(1, MODEL), (0, None)])
def test_a_condition_goes_both_ways(airbyte: FakeAirbyte, airflow: Airflow, rows: int, second: str | None) -> None:
    airbyte.plan(STRIPE, Plan(rows=rows))
    run_id = airflow.trigger("airbyte_conditional_sync")
    assert airflow.ended("airbyte_conditional_sync", run_id) == "success"
    loaded = [job.connection_id for job in airbyte.jobs.values()]
    assert loaded == [STRIPE, *([second] if second else []), EXPORTS]


def test_a_run_whose_time_runs_out_cancels_its_job(airbyte: FakeAirbyte, airflow: Airflow) -> None:
    airbyte.plan(STRIPE, NEVER)
    run_id = airflow.trigger("airbyte_reset_and_sync")
    assert airflow.ended("airbyte_reset_and_sync", run_id) == "failed"
    [job] = airbyte.of(STRIPE)
    until(lambda: job.cancelled, PATIENCE, "the job is cancelled")


def test_a_clear_and_a_sync_succeed(airbyte: FakeAirbyte, airflow: Airflow) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("succeeded",)))
    run_id = airflow.trigger("airbyte_reset_and_sync")
    until(lambda: len(airbyte.of(STRIPE)) == 2, PATIENCE, "both have started")
    assert [job.job_type for job in airbyte.of(STRIPE)] == ["reset", "sync"]
    airflow.ended("airbyte_reset_and_sync", run_id)


def test_a_task_that_is_killed_while_deferred_cancels_its_job(airbyte: FakeAirbyte, airflow: Airflow) -> None:
    airbyte.plan(STRIPE, NEVER)
    run_id = airflow.trigger(STRIPE_DAG)
    airflow.becomes(STRIPE_DAG, run_id, "sync_stripe", "deferred")
    until(lambda: airbyte.requests("GET", "/jobs/"), PATIENCE, "the triggerer looks at the job")
    airflow.mark(STRIPE_DAG, run_id, "sync_stripe", "failed")
    [job] = airbyte.of(STRIPE)
    until(lambda: job.cancelled, PATIENCE, "the job is cancelled")
    assert airflow.ended(STRIPE_DAG, run_id) == "failed"


def test_a_task_that_is_cleared_while_deferred_adopts_its_job(airbyte: FakeAirbyte, airflow: Airflow) -> None:
    airbyte.plan(STRIPE, NEVER)
    run_id = airflow.trigger(STRIPE_DAG)
    airflow.becomes(STRIPE_DAG, run_id, "sync_stripe", "deferred")
    until(lambda: airbyte.requests("GET", "/jobs/"), PATIENCE, "the triggerer looks at the job")
    airflow.clear(STRIPE_DAG, run_id, "sync_stripe")
    # Each try begins with a list of the jobs of each type.
    until(lambda: sum(seen.path == "/jobs" for seen in airbyte.requests("GET")) == 8, PATIENCE, "the second try has begun")
    airflow.becomes(STRIPE_DAG, run_id, "sync_stripe", "deferred")
    # Airflow has to hear from its executor that the second try was deferred, before the task may come back.
    looks = len(airbyte.requests("GET", "/jobs/")) + 4
    until(lambda: len(airbyte.requests("GET", "/jobs/")) > looks, PATIENCE, "the second try looks at the job")
    [job] = airbyte.of(STRIPE)
    assert not job.cancelled
    job.finished_as = "succeeded"
    assert airflow.ended(STRIPE_DAG, run_id) == "success"
    assert airflow.xcom(STRIPE_DAG, run_id, "sync_stripe")["is_adopted"] is True
    assert len(airbyte.of(STRIPE)) == 1


def test_a_run_that_is_killed_cancels_its_job(airbyte: FakeAirbyte, airflow: Airflow) -> None:
    airbyte.plan(STRIPE, NEVER)
    run_id = airflow.trigger(STRIPE_DAG)
    airflow.becomes(STRIPE_DAG, run_id, "sync_stripe", "deferred")
    until(lambda: airbyte.requests("GET", "/jobs/"), PATIENCE, "the triggerer looks at the job")
    airflow.mark_run(STRIPE_DAG, run_id, "failed")
    [job] = airbyte.of(STRIPE)
    until(lambda: job.cancelled, PATIENCE, "the job is cancelled")


def test_a_task_that_is_killed_before_it_has_a_job_starts_none(airbyte: FakeAirbyte, airflow: Airflow) -> None:
    airbyte.fault("GET", "/jobs", 500, times=4)
    run_id = airflow.trigger(STRIPE_DAG)
    until(lambda: airbyte.requests("GET", "/jobs"), PATIENCE, "the task runs")
    airflow.mark(STRIPE_DAG, run_id, "sync_stripe", "failed")
    assert airflow.ended(STRIPE_DAG, run_id) == "failed"
    until(lambda: airbyte.faults[0].times == 0 or seems_dead(airbyte), 40, "the task asks no more")
    assert airbyte.of(STRIPE) == []


def seems_dead(airbyte: FakeAirbyte) -> bool:
    return time.monotonic() - airbyte.seen[-1].at > 20


def test_late_and_failed_and_successful_runs_are_told_of(airbyte: FakeAirbyte, airflow: Airflow, sink: Sink) -> None:
    airbyte.plan(STRIPE, NEVER)
    run_id = airflow.trigger(NOTIFYING)
    airflow.becomes(NOTIFYING, run_id, "sync_stripe", "deferred")
    [late] = until(lambda: sink.messages, PATIENCE, "the run is late")
    assert (late["type"], late["title"]) == ("warning", f"{NOTIFYING} is late")
    assert run_id in late["message"]
    airbyte.of(STRIPE)[0].plan = Plan(rows=0)
    assert airflow.ended(NOTIFYING, run_id) == "failed"
    failed = until(lambda: sink.messages[1:], PATIENCE, "the run has failed")
    assert [(message["type"], message["title"]) for message in failed] == [("failure", f"{NOTIFYING} has failed")]
    sink.messages.clear()
    airbyte.plan(STRIPE, Plan())
    run_id = airflow.trigger(NOTIFYING)
    assert airflow.ended(NOTIFYING, run_id) == "success"
    until(lambda: [message for message in sink.messages if message["type"] == "success"], PATIENCE, "the success is told of")
