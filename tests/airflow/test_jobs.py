"""What one Airbyte job does as a task: ``dag.test()`` runs scheduler, task and trigger in this process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from fake_airbyte import FakeAirbyte, Plan, later, until
from pipelines import Run, each_job, load, run, said, seconds
from settings import STRIPE

STRIPE_DAG = "airbyte_stripe_to_postgres"
NEVER = Plan(statuses=("running",))
# Longer than any limit that tests set; it ends, so that a limit that does nothing fails its test soon.
LONG = Plan(statuses=("running",) * 60 + ("succeeded",))


def test_a_job_that_succeeds_makes_the_run_a_success_and_leaves_its_statistics_in_xcom(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("pending", "running", "running", "succeeded"), rows=42, bytes=4200))
    result = run(STRIPE_DAG)
    assert result.state == "success"
    [job] = airbyte.of(STRIPE)
    assert [post.body for post in airbyte.requests("POST", "/jobs")] == [{"connectionId": STRIPE, "jobType": "sync"}]
    assert result.statistics("sync_stripe") == {
        "job_id": job.job_id,
        "job_type": "sync",
        "connection_id": STRIPE,
        "status": "succeeded",
        "started_at": job.started_at,
        "records": 42,
        "bytes": 4200,
        "duration": 65.0,
        "is_adopted": False,
    }
    assert result.xcoms["sync_stripe", "job_id"] == job.job_id


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_job_that_does_not_succeed_fails_the_task(airbyte: FakeAirbyte, status: str) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("running", status)))
    result = run(STRIPE_DAG, each_job(retries=0))
    assert result.tasks == {"sync_stripe": "failed"}
    assert result.statistics("sync_stripe")["status"] == status
    assert len(airbyte.of(STRIPE)) == 1


def test_a_retry_after_a_failed_job_starts_a_new_one(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("running", "failed")), Plan(statuses=("running", "cancelled")), Plan())
    result = run(STRIPE_DAG)
    assert result.state == "success"
    assert [job.status for job in airbyte.of(STRIPE)] == ["failed", "cancelled", "succeeded"]
    assert result.tries["sync_stripe"] == 3


def test_a_job_that_stays_incomplete_is_cancelled_and_fails_the_task(
    airbyte: FakeAirbyte, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airbyte_jobs.INCOMPLETE_PATIENCE", seconds(0.5))
    airbyte.plan(STRIPE, Plan(statuses=("running", "incomplete")))
    result = run(STRIPE_DAG, each_job(retries=0))
    assert result.tasks == {"sync_stripe": "failed"}
    assert [job.cancelled for job in airbyte.of(STRIPE)] == [True]


def test_a_job_that_is_incomplete_between_two_attempts_goes_on(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("running", "incomplete", "pending", "running", "succeeded")))
    result = run(STRIPE_DAG)
    assert (result.state, result.tries["sync_stripe"]) == ("success", 1)
    assert len(airbyte.of(STRIPE)) == 1


def test_a_queued_job_is_waited_for(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("queued", "queued", "queued", "pending", "running", "succeeded")))
    result = run(STRIPE_DAG)
    assert result.state == "success"
    assert result.tries["sync_stripe"] == 1
    assert len(airbyte.of(STRIPE)) == 1


@pytest.mark.parametrize(("rows", "state"), [(0, "failed"), (None, "failed"), (1, "success"), (10**12, "success")])
def test_too_few_records_fail_the_task_without_a_retry(airbyte: FakeAirbyte, rows: int | None, state: str) -> None:
    airbyte.plan(STRIPE, Plan(rows=rows))
    result = run(STRIPE_DAG, each_job(retries=2))
    assert result.tasks == {"sync_stripe": state}
    assert result.tries["sync_stripe"] == 1
    assert result.statistics("sync_stripe")["records"] == rows
    assert len(airbyte.of(STRIPE)) == 1


def test_an_answer_about_another_connection_fails_the_task(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, Plan(answered_connection="99999999-9999-4999-8999-999999999999"))
    result = run(STRIPE_DAG, each_job(retries=0))
    assert result.tasks == {"sync_stripe": "failed"}
    assert result.statistics("sync_stripe") is None
    assert len(airbyte.requests("POST", "/jobs")) == 1


@pytest.mark.parametrize("kind", [500, 502, 429, 408, "drop", "garbage"])
def test_errors_while_polling_do_not_fail_the_task(airbyte: FakeAirbyte, kind: int | str) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("running", "running", "succeeded")))
    airbyte.fault("GET", "/jobs/", kind, times=3)
    result = run(STRIPE_DAG)
    assert result.state == "success"
    assert result.tries["sync_stripe"] == 1
    assert len(airbyte.of(STRIPE)) == 1
    assert [look.status for look in airbyte.requests("GET", "/jobs/")] == [kind] * 3 + [200] * 3


def test_an_answer_that_takes_too_long_does_not_fail_the_task(airbyte: FakeAirbyte) -> None:
    airbyte.fault("GET", "/jobs/", 200, delay=3.0)
    assert run(STRIPE_DAG).state == "success"
    assert len(airbyte.of(STRIPE)) == 1


def test_pauses_grow_while_errors_go_on(airbyte: FakeAirbyte, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = said(monkeypatch)
    airbyte.fault("GET", "/jobs/", 500, times=4)
    assert run(STRIPE_DAG, each_job(poll=seconds(0.1))).state == "success"
    assert [line["pause"] for line in lines if "errors" in line] == [0.2, 0.4, 0.8, 1.0]
    looks = airbyte.requests("GET", "/jobs/")
    assert looks[4].at - looks[0].at >= 1.5


def test_retry_after_is_heeded(airbyte: FakeAirbyte) -> None:
    airbyte.fault("GET", "/jobs/", 429, headers={"Retry-After": "1"})
    assert run(STRIPE_DAG, each_job(poll=seconds(0.05))).state == "success"
    first, second, *_ = airbyte.requests("GET", "/jobs/")
    assert second.at - first.at >= 1.0


def test_expired_tokens_are_renewed(airbyte: FakeAirbyte) -> None:
    airbyte.token_uses = 2
    airbyte.plan(STRIPE, Plan(statuses=("running",) * 5 + ("succeeded",)))
    result = run(STRIPE_DAG)
    assert result.state == "success"
    assert result.tries["sync_stripe"] == 1
    assert len(airbyte.requests("POST", "/applications/token")) >= 4


@pytest.mark.parametrize("kind", [401, 403, 404])
def test_a_refusal_that_passes_does_not_fail_the_task(airbyte: FakeAirbyte, kind: int) -> None:
    airbyte.fault("GET", "/jobs/", kind, times=3)
    result = run(STRIPE_DAG, each_job(poll=seconds(0.05)))
    assert (result.state, result.tries["sync_stripe"]) == ("success", 1)
    assert len(airbyte.of(STRIPE)) == 1


@pytest.mark.parametrize("kind", [403, 404])
def test_a_refusal_that_persists_ends_the_task_and_the_retry_adopts_the_job(airbyte: FakeAirbyte, kind: int) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("running",) * 2 + ("succeeded",)))
    airbyte.fault("GET", "/jobs/", kind, times=5)
    result = run(STRIPE_DAG, each_job(poll=seconds(0.02), retries=1))
    assert result.state == "success"
    assert result.tries["sync_stripe"] == 2
    assert result.statistics("sync_stripe")["is_adopted"] is True
    assert len(airbyte.of(STRIPE)) == 1


def test_a_wrong_secret_fails_the_task_and_starts_nothing(airbyte: FakeAirbyte) -> None:
    airbyte.secret = "another"
    result = run(STRIPE_DAG, each_job(retries=1))
    assert result.tasks == {"sync_stripe": "failed"}
    assert [seen.status for seen in airbyte.seen] == [403, 403]


@pytest.mark.parametrize("kind", [500, 429, "drop", "drop-after", "garbage"])
def test_errors_while_starting_leave_exactly_one_job(airbyte: FakeAirbyte, kind: int | str) -> None:
    airbyte.fault("GET", "/jobs", 500, times=2)
    airbyte.fault("POST", "/jobs", kind)
    result = run(STRIPE_DAG)
    assert result.state == "success"
    assert result.tries["sync_stripe"] == 1
    assert len(airbyte.of(STRIPE)) == 1


def test_a_start_whose_answer_was_lost_is_found_even_if_the_job_has_ended(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("succeeded",)))
    airbyte.fault("POST", "/jobs", "drop-after")
    assert run(STRIPE_DAG).state == "success"
    assert len(airbyte.of(STRIPE)) == 1


def test_after_a_conflict_it_looks_again_before_it_starts_a_job(airbyte: FakeAirbyte) -> None:
    airbyte.fault("POST", "/jobs", 409)
    result = run(STRIPE_DAG)
    assert (result.state, result.tries["sync_stripe"]) == ("success", 1)
    assert [post.status for post in airbyte.requests("POST", "/jobs")] == [409, 200]


@pytest.mark.parametrize("status", ["running", "queued", "pending", "incomplete"])
def test_a_sync_that_runs_already_is_adopted(airbyte: FakeAirbyte, status: str) -> None:
    airbyte.start(STRIPE, plan=Plan(statuses=(status, "succeeded"), rows=7))
    result = run(STRIPE_DAG)
    assert result.state == "success"
    assert airbyte.requests("POST", "/jobs") == []
    assert result.statistics("sync_stripe")["is_adopted"] is True


@pytest.mark.parametrize("job_type", ["reset", "clear", "refresh"])
def test_a_sync_waits_for_a_job_of_another_kind_and_then_starts_its_own(airbyte: FakeAirbyte, job_type: str) -> None:
    other = airbyte.start(STRIPE, job_type, Plan(statuses=("running", "running", "succeeded")))
    result = run(STRIPE_DAG)
    assert result.state == "success"
    assert [job.status for job in airbyte.of(STRIPE)] == ["succeeded", "succeeded"]
    assert result.statistics("sync_stripe")["job_id"] != other.job_id


def test_a_clear_waits_for_a_sync(airbyte: FakeAirbyte) -> None:
    airbyte.start(STRIPE, "sync", Plan(statuses=("running", "running", "succeeded")))
    assert run("airbyte_reset_and_sync").state == "success"
    assert [job.job_type for job in airbyte.of(STRIPE)] == ["sync", "reset", "sync"]


def test_a_job_of_another_kind_is_not_cancelled_when_time_runs_out(airbyte: FakeAirbyte) -> None:
    other = airbyte.start(STRIPE, "reset", LONG)
    result = run(STRIPE_DAG, each_job(timeout=seconds(1), retries=0))
    assert result.tasks == {"sync_stripe": "failed"}
    assert not other.cancelled
    assert airbyte.requests("POST", "/jobs") == []


def test_after_any_number_of_retries_there_is_exactly_one_job(airbyte: FakeAirbyte) -> None:
    """Each try loses sight of its job, which runs on."""
    airbyte.plan(STRIPE, NEVER, Plan())
    airbyte.fault("GET", "/jobs/", 403, times=20)

    with later(0.1, lambda: finish_after_refusals(airbyte)):
        result = run(STRIPE_DAG, each_job(poll=seconds(0.01), retries=6))
    assert result.state == "success"
    assert result.tries["sync_stripe"] == 5
    assert len(airbyte.of(STRIPE)) == 1


def finish_after_refusals(airbyte: FakeAirbyte, is_seen_again: bool = True) -> None:
    seen = lambda: any(look.status == 200 for look in airbyte.requests("GET", "/jobs/"))  # noqa: E731
    refused = lambda: airbyte.faults[0].times == 0  # noqa: E731
    until(seen if is_seen_again else refused, 300, "all refusals were seen")
    for job in airbyte.of(STRIPE):
        job.finished_as = "succeeded"


def test_a_job_that_succeeds_between_two_tries_is_taken_by_the_second(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, NEVER, Plan())
    airbyte.fault("GET", "/jobs/", 403, times=5)
    with later(0.1, lambda: finish_after_refusals(airbyte, is_seen_again=False)):
        result = run(STRIPE_DAG, each_job(poll=seconds(0.02), retries=1))
    assert (result.state, result.tries["sync_stripe"]) == ("success", 2)
    assert result.statistics("sync_stripe")["is_adopted"] is True
    assert len(airbyte.of(STRIPE)) == 1


def test_a_job_that_succeeded_before_the_run_is_not_taken(airbyte: FakeAirbyte) -> None:
    airbyte.start(STRIPE, plan=Plan(statuses=("succeeded",))).started_at = "2026-01-01T00:00:00Z"
    airbyte.fault("POST", "/applications/token", 403)
    result = run(STRIPE_DAG, each_job(retries=1))
    assert (result.state, result.tries["sync_stripe"]) == ("success", 2)
    assert len(airbyte.of(STRIPE)) == 2


@pytest.mark.parametrize(("try_number", "max_tries", "is_retry"), [(1, 2, False), (2, 2, True), (2, 3, False), (3, 3, True)])
def test_only_a_retry_takes_a_job_that_has_ended(try_number: int, max_tries: int, is_retry: bool) -> None:
    """Whoever clears a task wants a new job. It has two retries; the last two cases were cleared after the first try."""
    task: Any = load(STRIPE_DAG).get_task("sync_stripe")
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    context = {"ti": SimpleNamespace(try_number=try_number, max_tries=max_tries), "dag_run": SimpleNamespace(start_date=start)}
    assert (task.lost_since(context) == start) is is_retry


def test_time_that_runs_out_cancels_the_job(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, LONG)
    result = run(STRIPE_DAG, each_job(timeout=seconds(1), retries=0))
    assert result.tasks == {"sync_stripe": "failed"}
    [job] = airbyte.of(STRIPE)
    assert job.cancelled
    assert [seen.path for seen in airbyte.requests("DELETE")] == [f"/jobs/{job.job_id}"]


def test_an_execution_timeout_cancels_the_job(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, LONG)
    result = run(STRIPE_DAG, each_job(execution_timeout=seconds(2), retries=0))
    assert result.tasks == {"sync_stripe": "failed"}
    assert [job.cancelled for job in airbyte.of(STRIPE)] == [True]


def test_time_runs_out_although_the_api_never_answers(airbyte: FakeAirbyte) -> None:
    airbyte.fault("GET", "/jobs/", 500, times=10**6)
    result = run(STRIPE_DAG, each_job(timeout=seconds(1), retries=0))
    assert result.tasks == {"sync_stripe": "failed"}
    assert [job.cancelled for job in airbyte.of(STRIPE)] == [True]


def test_a_cancel_that_fails_is_tried_again(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, LONG)
    airbyte.fault("DELETE", "/jobs/", 500, times=2)
    run(STRIPE_DAG, each_job(timeout=seconds(0.5), retries=0))
    assert [seen.status for seen in airbyte.requests("DELETE")] == [500, 500, 200]


@pytest.mark.parametrize("host", ["", "airbyte.example.com", None])
def test_a_connection_without_a_url_sends_nothing_anywhere(
    airbyte: FakeAirbyte, monkeypatch: pytest.MonkeyPatch, host: str | None
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AIRBYTE_DEFAULT", json.dumps({"conn_type": "airbyte", "host": host, "login": "client"}))
    result = run(STRIPE_DAG, each_job(retries=2))
    assert result.tasks == {"sync_stripe": "failed"}
    assert result.tries["sync_stripe"] == 1
    assert airbyte.seen == []


def test_a_variable_that_is_no_uuid_fails_the_task_without_a_retry(
    airbyte: FakeAirbyte, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID", "stripe")
    result = run(STRIPE_DAG, each_job(retries=2))
    assert result.tasks == {"sync_stripe": "failed"}
    assert result.tries["sync_stripe"] == 1
    assert airbyte.seen == []


def test_a_uuid_with_blanks_and_capitals_is_the_same(airbyte: FakeAirbyte, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID", f" {STRIPE.upper()}\n")
    assert run(STRIPE_DAG).state == "success"
    assert len(airbyte.of(STRIPE)) == 1


def killed_when(happened: Callable[[], Any]) -> Run:
    """Runs with a SIGTERM as Airflow's supervisor sends it; ``dag.test()`` runs the task in the main thread of this process."""
    handler = signal.getsignal(signal.SIGTERM)

    def kill() -> None:
        until(happened, 300, "the time to kill has come")
        os.kill(os.getpid(), signal.SIGTERM)

    try:
        with later(0.0, kill):
            return run(STRIPE_DAG, each_job(retries=0))
    finally:
        signal.signal(signal.SIGTERM, handler)


def test_a_task_that_is_killed_while_it_starts_its_job_cancels_it(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, LONG)
    airbyte.fault("POST", "/jobs", "slow", delay=1.0)
    result = killed_when(lambda: airbyte.of(STRIPE))
    assert result.tasks == {"sync_stripe": "failed"}
    assert [job.cancelled for job in airbyte.of(STRIPE)] == [True]


def test_a_task_that_is_killed_before_it_starts_its_job_starts_none(airbyte: FakeAirbyte) -> None:
    airbyte.fault("GET", "/jobs", 500, delay=1.5)
    result = killed_when(lambda: airbyte.requests("POST", "/applications/token"))
    assert result.tasks == {"sync_stripe": "failed"}
    assert airbyte.of(STRIPE) == []


def test_a_task_that_is_killed_before_it_has_a_job_cancels_nothing(airbyte: FakeAirbyte) -> None:
    task: Any = load(STRIPE_DAG).get_task("sync_stripe")
    task.on_kill()
    assert airbyte.seen == []


@pytest.mark.parametrize(
    ("state", "is_cancelled"), [("failed", True), ("success", True), ("skipped", True), ("deferred", False), ("scheduled", False)]
)
def test_a_trigger_that_is_stopped_cancels_the_job_only_if_the_task_is_over(
    airbyte: FakeAirbyte, monkeypatch: pytest.MonkeyPatch, state: str, is_cancelled: bool
) -> None:
    """Deferred still: the triggerer restarts. Scheduled: the task was cleared, and adopts the job."""
    from airbyte_jobs import AirbyteJobTrigger
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
    from airflow.triggers.base import BaseTrigger

    job = airbyte.start(STRIPE, plan=NEVER)
    names = {"dag_id": STRIPE_DAG, "task_id": "sync_stripe", "run_id": "run", "map_index": -1}

    def states(**_: Any) -> dict[str, dict[str, str]]:
        time.sleep(0.5)
        return {"run": {"sync_stripe": state}}

    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", staticmethod(states))

    async def stop() -> None:
        trigger = AirbyteJobTrigger(
            airbyte_conn_id="airbyte_default",
            connection_id=STRIPE,
            job_id=job.job_id,
            job_type="sync",
            poll=0.1,
            deadline=float("inf"),
            is_own=True,
            is_adopted=False,
        )
        trigger.task_instance = SimpleNamespace(**names)
        waiting = asyncio.ensure_future(anext(trigger.run()))
        await asyncio.sleep(0.5)
        waiting.cancel()
        if hasattr(BaseTrigger, "on_kill"):
            waiting = asyncio.ensure_future(trigger.on_kill())
        # Airflow does so for as long as the trigger has not ended.
        await asyncio.sleep(0.2)
        waiting.cancel()
        await asyncio.wait({waiting})

    asyncio.run(stop())
    assert job.cancelled is is_cancelled


def test_time_that_runs_out_without_a_triggerer_cancels_the_job(airbyte: FakeAirbyte) -> None:
    from airflow.sdk.exceptions import TaskDeferralTimeout

    job = airbyte.start(STRIPE, plan=NEVER)
    task: Any = load(STRIPE_DAG).get_task("sync_stripe")
    context = {"ti": SimpleNamespace(map_index=-1, xcom_pull=lambda **_: job.job_id)}
    with pytest.raises(TaskDeferralTimeout):
        task.resume_execution("__fail__", {"error": "Trigger timeout"}, context)
    assert job.cancelled


def test_a_clear_can_have_no_minimum_of_records() -> None:
    from airbyte_jobs import AirbyteJob

    with pytest.raises(ValueError, match="brings no records"):
        AirbyteJob(task_id="clear", connection_id=STRIPE, job_type="clear", min_records=1)


@pytest.mark.parametrize(
    ("text", "number"), [("PT8H6M12S", 29172.0), ("PT0S", 0.0), ("P1DT1S", 86401.0), ("PT1.5S", 1.5), (None, None), ("x", None)]
)
def test_durations_are_read(text: str | None, number: float | None) -> None:
    from airbyte_jobs import seconds

    assert seconds(text) == number
