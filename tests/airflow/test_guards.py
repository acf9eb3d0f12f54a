"""Each guard of airbyte_jobs is taken out once, and the test that watches it has to fail."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest
import test_jobs
import test_pipelines
from conftest import DAGS, shorten
from fake_airbyte import FakeAirbyte


@dataclass
class Guard:
    name: str
    watched_by: Callable[..., None]
    #: What is taken out, and what takes its place.
    edits: dict[str, str]
    arguments: dict[str, Any] = field(default_factory=dict)
    needs_monkeypatch: bool = False


GUARDS = [
    Guard(
        "a running job is adopted",
        test_jobs.test_a_sync_that_runs_already_is_adopted,
        {"                if running:\n": "                if False:\n"},
        {"status": "running"},
    ),
    Guard(
        "retries look for a running job",
        test_jobs.test_a_refusal_that_persists_ends_the_task_and_the_retry_adopts_the_job,
        {"                if running:\n": "                if False:\n"},
        {"kind": 403},
    ),
    Guard(
        "a start whose answer was lost is looked for",
        test_jobs.test_a_start_whose_answer_was_lost_is_found_even_if_the_job_has_ended,
        {"if last and newest_before is not None and": "if False and"},
    ),
    Guard(
        "a retry takes a job that has succeeded",
        test_jobs.test_a_job_that_succeeds_between_two_tries_is_taken_by_the_second,
        {"if last and lost_since and": "if False and"},
    ),
    Guard(
        "a retry takes no job from before the run",
        test_jobs.test_a_job_that_succeeded_before_the_run_is_not_taken,
        {" and last.began_after(lost_since):": ":"},
    ),
    Guard(
        "a conflict looks again",
        test_jobs.test_after_a_conflict_it_looks_again_before_it_starts_a_job,
        {"if error.status == 409:": "if False:"},
    ),
    Guard(
        "jobs of all types are looked at",
        test_jobs.test_a_sync_waits_for_a_job_of_another_kind_and_then_starts_its_own,
        {'JOB_TYPES = ("sync", "reset", "clear", "refresh")': 'JOB_TYPES = ("sync",)'},
        {"job_type": "refresh"},
    ),
    Guard(
        "a job of another kind is not adopted",
        test_jobs.test_a_clear_waits_for_a_sync,
        {"if not job.is_like(self.job_type):": "if False:"},
    ),
    Guard(
        "a job of another kind is not cancelled",
        test_jobs.test_a_job_of_another_kind_is_not_cancelled_when_time_runs_out,
        {'if event["outcome"] == "over" and event["is_own"]:': 'if event["outcome"] == "over":'},
    ),
    Guard(
        "errors while polling are tolerated",
        test_jobs.test_errors_while_polling_do_not_fail_the_task,
        {"                    errors += 1\n": "                    raise\n"},
        {"kind": 500},
    ),
    Guard(
        "dropped connections are tolerated",
        test_jobs.test_errors_while_polling_do_not_fail_the_task,
        {"except httpx.RequestError as error:": "except httpx.TooManyRedirects as error:"},
        {"kind": "drop"},
    ),
    Guard(
        "pauses grow",
        test_jobs.test_pauses_grow_while_errors_go_on,
        {"self.poll * 2**min(errors, 16)": "self.poll"},
        needs_monkeypatch=True,
    ),
    Guard(
        "Retry-After is heeded",
        test_jobs.test_retry_after_is_heeded,
        {"LONGEST_PAUSE), min(error.retry_after, LONGEST_PAUSE))": "LONGEST_PAUSE), 0.0)"},
    ),
    Guard(
        "expired tokens are renewed",
        test_jobs.test_expired_tokens_are_renewed,
        {"if response.status_code == 401 and not is_new:": "if False:"},
    ),
    Guard(
        "one refusal is not the end",
        test_jobs.test_a_refusal_that_passes_does_not_fail_the_task,
        {"if refusals == REFUSALS:": "if True:"},
        {"kind": 404},
    ),
    Guard(
        "a job that has failed fails the task",
        test_jobs.test_a_job_that_does_not_succeed_fails_the_task,
        {'if job.status != "succeeded":': "if False:"},
        {"status": "failed"},
    ),
    Guard(
        "queued is waited for",
        test_jobs.test_a_queued_job_is_waited_for,
        {'ENDED = frozenset({"succeeded",': 'ENDED = frozenset({"queued", "succeeded",'},
    ),
    Guard(
        "incomplete is waited for",
        test_jobs.test_a_job_that_is_incomplete_between_two_attempts_goes_on,
        {'ENDED = frozenset({"succeeded",': 'ENDED = frozenset({"incomplete", "succeeded",'},
    ),
    Guard(
        "incomplete for too long is cancelled",
        test_jobs.test_a_job_that_stays_incomplete_is_cancelled_and_fails_the_task,
        {'ENDED = frozenset({"succeeded",': 'ENDED = frozenset({"incomplete", "succeeded",'},
        needs_monkeypatch=True,
    ),
    Guard(
        "too few records fail",
        test_jobs.test_too_few_records_fail_the_task_without_a_retry,
        {"if (job.records or 0) < self.min_records:": "if False:"},
        {"rows": 0, "state": "failed"},
    ),
    Guard(
        "too few records are not tried again",
        test_jobs.test_too_few_records_fail_the_task_without_a_retry,
        {'raise AirflowFailException(f"job {job.job_id} brought': 'raise AirflowException(f"job {job.job_id} brought'},
        {"rows": 0, "state": "failed"},
    ),
    Guard(
        "no number of records counts as none",
        test_jobs.test_too_few_records_fail_the_task_without_a_retry,
        {"if (job.records or 0) < self.min_records:": "if (job.records or 10**9) < self.min_records:"},
        {"rows": None, "state": "failed"},
    ),
    Guard(
        "another connection's job is an error",
        test_jobs.test_an_answer_about_another_connection_fails_the_task,
        {
            "        if job.connection_id != self.connection_id:\n            raise": "        if False:\n            raise",
            "if job.connection_id != self.connection_id or job.job_id != self.job_id:": "if False:",
        },
    ),
    Guard(
        "time that runs out cancels",
        test_jobs.test_time_that_runs_out_cancels_the_job,
        {'if event["outcome"] == "over" and event["is_own"]:': "if False:"},
    ),
    Guard(
        "time runs out",
        test_jobs.test_time_that_runs_out_cancels_the_job,
        {"if time.time() >= self.deadline:": "if False:", "min(pause, self.deadline - time.time(), ": "min(pause, "},
    ),
    Guard(
        "an execution timeout counts",
        test_jobs.test_an_execution_timeout_cancels_the_job,
        {"min(self.timeout, self.execution_timeout or self.timeout)": "self.timeout"},
    ),
    Guard(
        "time that runs out without a triggerer cancels",
        test_jobs.test_time_that_runs_out_without_a_triggerer_cancels_the_job,
        {"if isinstance(job_id, int):": "if False:"},
    ),
    Guard(
        "a cancel is tried again",
        test_jobs.test_a_cancel_that_fails_is_tried_again,
        {"for pause in (*PAUSES[:3], None):": "for pause in (None,):"},
    ),
    Guard(
        "a kill while the job is started cancels it",
        test_jobs.test_a_task_that_is_killed_while_it_starts_its_job_cancels_it,
        {"        self.is_killed = True\n": "        return\n"},
    ),
    Guard(
        "a kill before the job is started starts none",
        test_jobs.test_a_task_that_is_killed_before_it_starts_its_job_starts_none,
        {"            if self.is_killed:\n                raise": "            if False:\n                raise"},
    ),
    Guard(
        "a kill while deferred cancels",
        test_jobs.test_a_trigger_that_is_stopped_cancels_the_job_only_if_the_task_is_over,
        {"if self.is_own and await self.task_state() in OVER:": "if False:"},
        {"state": "failed", "is_cancelled": True},
        needs_monkeypatch=True,
    ),
    Guard(
        "a kill that is itself cancelled goes on",
        test_jobs.test_a_trigger_that_is_stopped_cancels_the_job_only_if_the_task_is_over,
        {"with suppress(asyncio.CancelledError):": "with suppress(ValueError):"},
        {"state": "failed", "is_cancelled": True},
        needs_monkeypatch=True,
    ),
    Guard(
        "a triggerer that restarts cancels nothing",
        test_jobs.test_a_trigger_that_is_stopped_cancels_the_job_only_if_the_task_is_over,
        {"if self.is_own and await self.task_state() in OVER:": "if self.is_own:"},
        {"state": "deferred", "is_cancelled": False},
        needs_monkeypatch=True,
    ),
    Guard(
        "a connection needs a URL",
        test_jobs.test_a_connection_without_a_url_sends_nothing_anywhere,
        {'if not re.match(r"https?://[^/]+", host):': "if False:"},
        {"host": ""},
        needs_monkeypatch=True,
    ),
    Guard(
        "a connection id is a UUID",
        test_jobs.test_a_variable_that_is_no_uuid_fails_the_task_without_a_retry,
        {"return str(UUID(connection_id.strip()))": "return connection_id"},
        needs_monkeypatch=True,
    ),
    Guard(
        "a report does not hide a failure",
        test_pipelines.test_a_report_tells_of_what_has_failed_and_does_not_hide_it,
        {'        if report["failed"]:': "        if False:"},
    ),
    Guard(
        "a condition counts",
        test_pipelines.test_enough_records_lead_the_one_way,
        {"is_enough = records >= self.records": "is_enough = records > self.records"},
    ),
]


def without(edits: dict[str, str]) -> ModuleType:
    path = DAGS / "airbyte_jobs.py"
    text = path.read_text()
    for old, new in edits.items():
        assert old in text, f"the guard is no longer written like this: {old}"
        text = text.replace(old, new)
    module = ModuleType("airbyte_jobs")
    module.__file__ = str(path)
    sys.modules["airbyte_jobs"] = module
    exec(compile(text, str(path), "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name.replace(" ", "-"))
def test_without_the_guard_its_test_fails(guard: Guard, airbyte: FakeAirbyte, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "airbyte_jobs", sys.modules["airbyte_jobs"])
    without(guard.edits)
    shorten(monkeypatch)
    arguments = guard.arguments | ({"monkeypatch": monkeypatch} if guard.needs_monkeypatch else {})
    with pytest.raises((AssertionError, ValueError, TypeError, pytest.fail.Exception)):
        guard.watched_by(airbyte=airbyte, **arguments)
    airbyte.reset()
