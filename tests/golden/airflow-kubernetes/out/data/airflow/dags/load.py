# Made by platformc from platform.yaml (orchestration). Change it there.
"load: a DAG of Airflow, made by platformc from platform.yaml."

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteJob, Notify
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="load",
    schedule="0 6 * * *",
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=30),
    },
    on_failure_callback=[Notify(event="failure", to=["ops"])],
) as dag:
    sync_stripe = AirbyteJob(
        task_id="sync_stripe",
        job_type="sync",
        connection_id="0f6c4a3e-6d3c-4c46-8f4e-0d1f5a9b7c21",
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://stripe")],
    )
