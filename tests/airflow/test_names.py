"""Texts that Python could take for its own come through as they were written, in DAGs that Airflow can import."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from airflow.dag_processing.dagbag import DagBag
from settings import ROOT

GOLDEN = ROOT / "tests/golden/pipelines"


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    bag = DagBag(dag_folder=str(GOLDEN / "out/data/airflow/dags"))
    assert bag.import_errors == {}
    return bag.dags


def pipelines() -> dict[str, Any]:
    return dict(yaml.safe_load((GOLDEN / "platform.yaml").read_text())["pipelines"])


def test_every_pipeline_is_there_under_its_name(dags: dict[str, Any]) -> None:
    assert set(dags) == set(pipelines())


def test_texts_are_as_they_were_written(dags: dict[str, Any]) -> None:
    written = pipelines()["hostile-name.v2"]
    dag = dags["hostile-name.v2"]
    assert dag.description == written["description"]
    assert set(dag.tags) == set(written["tags"])
    assert dag.default_args["owner"] == written["owner"]
    assert dag.get_task("report_2").title == written["steps"][2]["report"]
    assert dag.get_task("report").title == written["steps"][1]["branch"]["then"][0]["report"]


def test_two_steps_that_do_the_same_have_names_of_their_own(dags: dict[str, Any]) -> None:
    assert sorted(dags["None"].task_ids) == ["reset_stripe", "sync_stripe", "sync_stripe_2"]
