"""Runs a DAG of the folder under test in this process, and gives what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from airflow.sdk import DAG
from airflow.utils.session import create_session
from conftest import DAGS
from sqlalchemy import select


@dataclass
class Run:
    state: str
    tasks: dict[str, str]
    tries: dict[str, int]
    xcoms: dict[tuple[str, str], Any]

    def statistics(self, task_id: str) -> Any:
        return self.xcoms.get((task_id, "return_value"))


def load(dag_id: str) -> DAG:
    """A new copy, so that a test may change it."""
    bag = DagBag(dag_folder=str(DAGS / f"{dag_id}.py"))
    assert bag.import_errors == {}
    dag = bag.dags[dag_id]
    # dag.test() of 3.2 looks for alerts in the database and has not put them there. test_standalone.py shows that they work.
    dag.deadline = None
    return dag


def run(dag_id: str, change: Callable[[DAG], None] | None = None) -> Run:
    dag = load(dag_id)
    if change:
        change(dag)
    return outcome(dag.test())


def outcome(dag_run: DagRun) -> Run:
    where = {"dag_id": dag_run.dag_id, "run_id": dag_run.run_id}
    with create_session() as session:
        tasks = session.scalars(select(TaskInstance).filter_by(**where)).all()
        xcoms = session.scalars(select(XComModel).filter_by(**where)).all()
        return Run(
            state=str(dag_run.state),
            # `loaded` is no step: it starts the pipelines that wait for this one.
            tasks={task.task_id: str(task.state) for task in tasks if task.task_id != "loaded"},
            tries={task.task_id: task.try_number for task in tasks},
            xcoms={(xcom.task_id, xcom.key): XComModel.deserialize_value(xcom) for xcom in xcoms},
        )


def each_job(**changes: Any) -> Callable[[DAG], None]:
    """Changes attributes of all Airbyte tasks, such as ``retries`` or ``timeout``."""

    def change(dag: DAG) -> None:
        for task in dag.tasks:
            if task.task_type == "AirbyteJob":
                for name, value in changes.items():
                    setattr(task, name, value)

    return change


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def said(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What airbyte_jobs logs from now on, one entry for each line."""
    lines: list[dict[str, Any]] = []

    class Log:
        def __getattr__(self, level: str) -> Any:
            return lambda event, **values: lines.append({"event": event, **values})

    monkeypatch.setattr("airbyte_jobs.log", Log())
    return lines
