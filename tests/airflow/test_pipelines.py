"""What the six pipelines do as a whole; the same as in test_jobs, ``dag.test()`` runs them in this process."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from airflow.models.asset import AssetEvent, AssetModel
from airflow.utils.session import create_session
from conftest import DAGS
from fake_airbyte import FakeAirbyte, Plan, Sink
from pipelines import each_job, run, said
from settings import EXPORTS, HUBSPOT, MODEL, PIPELINES, ROOT, SALESFORCE, STRIPE
from sqlalchemy import func, select

PLATFORM_TEST = ROOT / "templates/airflow/test_dags.py.j2"


def events_of(asset: str) -> int:
    with create_session() as session:
        query = select(func.count()).select_from(AssetEvent).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
        return int(session.scalar(query.where(AssetModel.name == asset)) or 0)


def order(airbyte: FakeAirbyte) -> list[tuple[str, str]]:
    return [(job.connection_id, job.job_type) for job in airbyte.jobs.values()]


def platform_test(folder: Path, expected: str) -> subprocess.CompletedProcess[str]:
    """The test that comes with the DAGs, in a folder beside theirs as it is emitted."""
    (folder / "dags").symlink_to(DAGS)
    (folder / "tests").mkdir()
    text = re.sub(r"\{\{.*?\}\}", expected, PLATFORM_TEST.read_text())
    (folder / "tests/test_dags.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_the_folder_holds_exactly_these_pipelines(tmp_path: Path) -> None:
    result = platform_test(tmp_path, repr(sorted(PIPELINES)))
    assert result.returncode == 0, result.stdout


def test_a_pipeline_that_is_missing_is_seen(tmp_path: Path) -> None:
    result = platform_test(tmp_path, repr(sorted(PIPELINES | {"airbyte_lost"})))
    assert "airbyte_lost" in result.stdout
    assert result.returncode == 1


def test_sources_load_at_the_same_time_and_one_report_sums_them_up(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, Plan(rows=1, bytes=100))
    airbyte.plan(HUBSPOT, Plan(rows=20, bytes=200))
    airbyte.plan(SALESFORCE, Plan(rows=None, bytes=None, duration=None))
    result = run("airbyte_multi_source_sync")
    assert result.state == "success"
    assert len(airbyte.jobs) == 3
    report = result.statistics("report")
    assert (report["title"], report["records"], report["bytes"], report["duration"]) == ("all loads of the night", 21, 300, 130.0)
    assert report["succeeded"] == ["sync_hubspot", "sync_salesforce", "sync_stripe"]
    assert report["jobs"]["sync_hubspot"]["records"] == 20


def test_a_report_tells_of_what_has_failed_and_does_not_hide_it(airbyte: FakeAirbyte) -> None:
    airbyte.plan(HUBSPOT, Plan(rows=9))
    result = run("airbyte_multi_source_sync", each_job(retries=0))
    assert result.state == "failed"
    assert result.tasks["report"] == "failed"
    report = result.statistics("report")
    assert (report["failed"], report["succeeded"]) == (["sync_hubspot"], ["sync_salesforce", "sync_stripe"])
    assert (report["records"], report["jobs"]["sync_hubspot"]["records"]) == (29, 9)


def test_a_clear_comes_before_the_sync(airbyte: FakeAirbyte) -> None:
    result = run("airbyte_reset_and_sync")
    assert result.state == "success"
    assert [post.body["jobType"] for post in airbyte.requests("POST", "/jobs")] == ["clear", "sync"]
    assert order(airbyte) == [(STRIPE, "reset"), (STRIPE, "sync")]
    assert result.statistics("clear_stripe")["job_type"] == "reset"


def test_a_clear_that_fails_starts_no_sync(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, Plan(statuses=("failed",)))
    result = run("airbyte_reset_and_sync", each_job(retries=0))
    assert result.tasks == {"clear_stripe": "failed", "sync_stripe": "upstream_failed"}
    assert order(airbyte) == [(STRIPE, "reset")]


def test_chained_syncs_run_one_after_the_other(airbyte: FakeAirbyte) -> None:
    assert run("airbyte_chained_syncs").state == "success"
    assert order(airbyte) == [(HUBSPOT, "sync"), (SALESFORCE, "sync")]


def test_the_chain_ends_at_a_sync_that_fails(airbyte: FakeAirbyte) -> None:
    airbyte.plan(HUBSPOT, Plan(statuses=("failed",)))
    result = run("airbyte_chained_syncs", each_job(retries=0))
    assert result.tasks == {"sync_hubspot": "failed", "sync_salesforce": "upstream_failed"}
    assert order(airbyte) == [(HUBSPOT, "sync")]


@pytest.mark.parametrize(("status", "events"), [("succeeded", 1), ("failed", 0)])
def test_only_a_load_that_succeeds_updates_its_asset(airbyte: FakeAirbyte, status: str, events: int) -> None:
    before = events_of("airbyte://stripe")
    airbyte.plan(STRIPE, Plan(statuses=(status,)))
    run("airbyte_stripe_to_postgres", each_job(retries=0))
    assert events_of("airbyte://stripe") - before == events


def test_enough_records_lead_the_one_way(airbyte: FakeAirbyte) -> None:
    airbyte.plan(STRIPE, Plan(rows=1))
    result = run("airbyte_conditional_sync")
    assert result.state == "success"
    assert result.tasks["report_nothing_new"] == "skipped"
    assert order(airbyte) == [(STRIPE, "sync"), (MODEL, "sync"), (EXPORTS, "sync")]


@pytest.mark.parametrize("rows", [0, None])
def test_too_few_records_lead_the_other_way(airbyte: FakeAirbyte, rows: int | None) -> None:
    airbyte.plan(STRIPE, Plan(rows=rows))
    result = run("airbyte_conditional_sync")
    assert result.state == "success"
    assert result.tasks["sync_model"] == "skipped"
    assert result.statistics("report_nothing_new")["title"] == "nothing new"
    assert order(airbyte) == [(STRIPE, "sync"), (EXPORTS, "sync")]


def test_what_joins_two_ways_does_not_run_after_a_failure_on_one(airbyte: FakeAirbyte) -> None:
    airbyte.plan(MODEL, Plan(statuses=("failed",)))
    result = run("airbyte_conditional_sync", each_job(retries=0))
    assert result.state == "failed"
    assert result.tasks["sync_exports"] == "upstream_failed"
    assert order(airbyte) == [(STRIPE, "sync"), (MODEL, "sync")]


@pytest.mark.parametrize(("status", "kind", "word"), [("succeeded", "success", "succeeded"), ("failed", "failure", "failed")])
def test_a_run_that_has_ended_is_told_of(airbyte: FakeAirbyte, sink: Sink, status: str, kind: str, word: str) -> None:
    airbyte.plan(STRIPE, Plan(statuses=(status,)))
    run("airbyte_sync_with_notifications", each_job(retries=0))
    [message] = sink.messages
    assert (message["type"], message["title"]) == (kind, f"airbyte_sync_with_notifications has {word}")
    assert "http://airflow.example.com/dags/airbyte_sync_with_notifications/runs/manual__" in message["message"]


def test_a_notifier_that_does_not_exist_does_not_change_the_run(
    airbyte: FakeAirbyte, monkeypatch: pytest.MonkeyPatch, sink: Sink
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_NOTIFIER_OPS")
    assert run("airbyte_sync_with_notifications").state == "success"
    assert sink.messages == []


def test_each_job_leaves_one_line_with_its_statistics(airbyte: FakeAirbyte, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = said(monkeypatch)
    run("airbyte_stripe_to_postgres")
    [line] = [line for line in lines if line["event"] == "airbyte job ended"]
    assert (line["task_id"], line["status"], line["records"], line["bytes"], line["duration"]) == (
        "sync_stripe",
        "succeeded",
        10,
        1000,
        65.0,
    )
    assert line["job_id"] == airbyte.of(STRIPE)[0].job_id


@pytest.mark.parametrize("dag_id", sorted(PIPELINES))
def test_a_run_asks_for_nothing_but_jobs_and_a_token(airbyte: FakeAirbyte, dag_id: str) -> None:
    run(dag_id)
    assert {seen.path.split("/")[1] for seen in airbyte.seen} == {"applications", "jobs"}
