# Made by platformc from platform.yaml (orchestration). Change it there.
"airbyte_sync_with_notifications: a DAG of Airflow, made by platformc from platform.yaml."

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteJob, Notify, late
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="airbyte_sync_with_notifications",
    description="Tells of failure, of success, and of a run that is late",
    schedule="0 3 * * *",
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=30),
    },
    on_failure_callback=[Notify(event="failure", to=["ops"])],
    on_success_callback=[Notify(event="success", to=["ops"])],
    deadline=late(after=timedelta(hours=2), to=["ops"]),
) as dag:
    sync_stripe = AirbyteJob(
        task_id="sync_stripe",
        job_type="sync",
        connection_id="{{ var.value.AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID }}",
        min_records=1,
        timeout=timedelta(hours=1),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://stripe")],
    )
