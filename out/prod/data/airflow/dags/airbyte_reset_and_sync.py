# Made by platformc from platform.yaml (orchestration). Change it there.
"airbyte_reset_and_sync: a DAG of Airflow, made by platformc from platform.yaml."

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteJob
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="airbyte_reset_and_sync",
    description="Empties the destination and loads all of it again; by hand only",
    schedule=None,
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=30),
    },
) as dag:
    clear_stripe = AirbyteJob(
        task_id="clear_stripe",
        job_type="clear",
        connection_id="{{ var.value.AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID }}",
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
    )
    sync_stripe = AirbyteJob(
        task_id="sync_stripe",
        job_type="sync",
        connection_id="{{ var.value.AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID }}",
        min_records=1,
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://stripe")],
    )

    clear_stripe >> sync_stripe
