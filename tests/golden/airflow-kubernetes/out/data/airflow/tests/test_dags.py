# Made by platformc from platform.yaml (orchestration). Change it there.
"""The DAGs of this folder are found, all of them and no others. Run it where Airflow is installed: `pytest tests`.

`airflow dags list-import-errors` does not do: on a new database it finds nothing and is content.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

DAGS = Path(__file__).resolve().parent.parent / "dags"
EXPECTED = ["load"]

os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
sys.path.insert(0, str(DAGS))

from airflow.dag_processing.dagbag import DagBag  # noqa: E402


@pytest.fixture(scope="module")
def bag() -> DagBag:
    return DagBag(dag_folder=str(DAGS))


def test_every_file_can_be_imported(bag: DagBag) -> None:
    assert bag.import_errors == {}


def test_exactly_these_dags_are_found(bag: DagBag) -> None:
    assert sorted(bag.dags) == sorted(EXPECTED)


def test_each_dag_has_a_file_of_its_name(bag: DagBag) -> None:
    assert {Path(dag.fileloc).stem for dag in bag.dags.values()} == set(bag.dags)
