"""A real Airflow: ``airflow standalone`` with its scheduler, triggerer, DAG processor and API server, asked by its REST API."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import settings
from fake_airbyte import until

#: Shortens what the DAGs under test say in hours.
POLICIES = """
from airflow.sdk.definitions.timetables.simple import NullTimetable

def dag_policy(dag):
    # Enabling a DAG would start the run that its schedule has missed, beside the one of the test.
    if isinstance(dag.schedule, str) and dag.dag_id != "airbyte_multi_source_sync":
        dag.timetable = NullTimetable()
    for alert in dag.deadline or []:
        alert.interval = timedelta(seconds=3)
    for task in dag.tasks:
        if task.task_type == "AirbyteJob":
            task.poll = timedelta(seconds=2)
    if dag.dag_id == "airbyte_reset_and_sync":
        dag.dagrun_timeout = timedelta(seconds=12)
"""
#: How long anything may take on a machine that has other things to do.
PATIENCE = 400.0


class Airflow:
    def __init__(self, home: Path, port: int, process: subprocess.Popen[bytes]) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{port}"
        self.process = process
        self.token = ""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {self.token}"}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.url + path, data=data, headers=headers, method=method), timeout=30) as response:
            return json.loads(response.read() or b"null")

    def is_up(self) -> bool:
        assert self.process.poll() is None, "airflow standalone has ended by itself"
        try:
            self.token = self.ask("GET", "/auth/token")["access_token"]
            health = self.ask("GET", "/api/v2/monitor/health")
            dags = {dag["dag_id"] for dag in self.ask("GET", "/api/v2/dags")["dags"]}
        except (URLError, HTTPError, OSError, ValueError):
            return False
        parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
        return dags == settings.PIPELINES and all(health[part]["status"] == "healthy" for part in parts)

    def unpause(self, dag_id: str) -> None:
        self.ask("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": False})

    def trigger(self, dag_id: str) -> str:
        self.unpause(dag_id)
        return str(self.ask("POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None})["dag_run_id"])

    def run_state(self, dag_id: str, run_id: str) -> str:
        return str(self.ask("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        return list(self.ask("GET", f"/api/v2/dags/{dag_id}/dagRuns")["dag_runs"])

    def ended(self, dag_id: str, run_id: str) -> str:
        def state() -> str | None:
            now = self.run_state(dag_id, run_id)
            return now if now in ("success", "failed") else None

        return str(until(state, PATIENCE, f"run {run_id} of {dag_id} has ended"))

    def task(self, dag_id: str, run_id: str, task_id: str) -> dict[str, Any]:
        return dict(self.ask("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}"))

    def becomes(self, dag_id: str, run_id: str, task_id: str, state: str) -> None:
        message = f"{task_id} of {dag_id} is {state}"
        until(lambda: self.task(dag_id, run_id, task_id)["state"] == state, PATIENCE, message)

    def mark(self, dag_id: str, run_id: str, task_id: str, state: str) -> None:
        self.ask("PATCH", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}", {"new_state": state})

    def mark_run(self, dag_id: str, run_id: str, state: str) -> None:
        self.ask("PATCH", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}", {"state": state})

    def clear(self, dag_id: str, run_id: str, task_id: str) -> None:
        body = {"dry_run": False, "dag_run_id": run_id, "task_ids": [task_id], "only_failed": False, "reset_dag_runs": True}
        self.ask("POST", f"/api/v2/dags/{dag_id}/clearTaskInstances", body)

    def xcom(self, dag_id: str, run_id: str, task_id: str) -> Any:
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        value = self.ask("GET", path)["value"]
        return json.loads(value) if isinstance(value, str) else value

    def log(self, dag_id: str, run_id: str, task_id: str, try_number: int = 1) -> str:
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/logs/{try_number}?full_content=true"
        return json.dumps(self.ask("GET", path))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def started(home: Path, airbyte: str, sink: str) -> Iterator[Airflow]:
    settings.assemble(home)
    with (home / "config/airflow_local_settings.py").open("a") as policies:
        policies.write(POLICIES)
    port, logs = free_port(), free_port()
    environment = os.environ | settings.environment(home, airbyte, sink) | {
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(logs),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(free_port()),
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "AIRFLOW__CORE__PARALLELISM": "3",
        # A supervisor tells of a task that was deferred up to so many seconds later, and Airflow takes a task that is back
        # before for one that has failed.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "600",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    with (home / "standalone.log").open("wb") as output:
        command = [sys.executable, "-m", "airflow", "standalone"]
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        airflow = Airflow(home, port, process)
        try:
            until(airflow.is_up, PATIENCE, "airflow standalone is up with all DAGs")
            yield airflow
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """All of its session: its parts have children that outlive it."""
    for kind, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, kind)
            process.wait(seconds)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
