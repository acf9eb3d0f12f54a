"""What every Airflow under test is told: by its environment, and by its cluster policies."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

#: The DAGs under test. They are what platformc emits for the platform.yaml of this repository, unless this says otherwise.
DAGS = Path(os.environ.get("PLATFORMC_DAGS") or ROOT / "out/dev/data/airflow/dags").resolve()

STRIPE = "11111111-1111-4111-8111-111111111111"
HUBSPOT = "5b6c2a0e-6f0f-4b43-9d0c-0d6f2f6a1c11"
SALESFORCE = "33333333-3333-4333-8333-333333333333"
MODEL = "44444444-4444-4444-8444-444444444444"
EXPORTS = "55555555-5555-4555-8555-555555555555"
VARIABLES = {
    "AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID": STRIPE,
    "AIRBYTE_SALESFORCE_CONNECTION_ID": SALESFORCE,
    "AIRBYTE_MODEL_CONNECTION_ID": MODEL,
    "AIRBYTE_EXPORTS_CONNECTION_ID": EXPORTS,
}
PIPELINES = {
    "airbyte_stripe_to_postgres",
    "airbyte_multi_source_sync",
    "airbyte_reset_and_sync",
    "airbyte_chained_syncs",
    "airbyte_conditional_sync",
    "airbyte_sync_with_notifications",
}

# Minutes become tenths of seconds; nothing else about the DAGs changes.
POLICIES = """
from datetime import timedelta

def task_policy(task):
    if task.task_type == "AirbyteJob":
        task.poll = timedelta(seconds=0.2)
        # A test that goes wrong must end.
        task.timeout = min(task.timeout, timedelta(minutes=10))
    task.retry_delay = timedelta(seconds=0.2)
    task.max_retry_delay = timedelta(seconds=1)
"""


def assemble(home: Path) -> Path:
    """Makes Airflow's home, and a folder of DAGs in it."""
    dags = home / "dags"
    shutil.copytree(DAGS, dags)
    (home / "config").mkdir()
    (home / "config/airflow_local_settings.py").write_text(POLICIES)
    return dags


def environment(home: Path, airbyte: str, sink: str) -> dict[str, str]:
    connection = {
        "conn_type": "airbyte",
        "host": airbyte,
        "login": "client",
        "password": "secret",
        "schema": "/api/public/v1/applications/token",
        "extra": {"timeout": 2},
    }
    notifier = {"conn_type": "apprise", "extra": {"config": {"path": f"json://{sink}/", "tag": "alerts"}}}
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__API__BASE_URL": "http://airflow.example.com",
        "AIRFLOW__API_AUTH__JWT_SECRET": "for-tests-only-" * 5,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW_CONN_AIRBYTE_DEFAULT": json.dumps(connection),
        "AIRFLOW_CONN_NOTIFIER_OPS": json.dumps(notifier),
        # The triggerer imports airbyte_jobs, and no Airflow puts the folder of the DAGs on its path.
        "PYTHONPATH": str(home / "dags"),
        "NO_PROXY": "127.0.0.1,localhost",
    } | {f"AIRFLOW_VAR_{name}": value for name, value in VARIABLES.items()}
