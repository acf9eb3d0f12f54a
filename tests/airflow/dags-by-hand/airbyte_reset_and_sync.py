"""airbyte_reset_and_sync: a DAG of Airflow, made by platformc from platform.yaml.

Empties the destination and loads all of it again. By hand only.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteJob
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="airbyte_reset_and_sync",
    description="Empties the destination and loads all of it again. By hand only.",
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "data",
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=30),
    },
    tags=["stripe"],
) as dag:
    clear_stripe = AirbyteJob(
        task_id="clear_stripe",
        job_type="clear",
        connection_id="{{ var.value.AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID }}",
    )
    sync_stripe = AirbyteJob(
        task_id="sync_stripe",
        job_type="sync",
        connection_id="{{ var.value.AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID }}",
        min_records=1,
        outlets=[Asset("airbyte://stripe")],
    )

    clear_stripe >> sync_stripe
