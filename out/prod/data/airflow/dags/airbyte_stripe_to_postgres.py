# Made by platformc from platform.yaml (orchestration). Change it there.
"airbyte_stripe_to_postgres: a DAG of Airflow, made by platformc from platform.yaml."

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteJob
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="airbyte_stripe_to_postgres",
    description="Stripe to Postgres, every six hours",
    schedule="0 */6 * * *",
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    default_args={
        "owner": "data",
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=30),
    },
    tags=["stripe"],
) as dag:
    sync_stripe = AirbyteJob(
        task_id="sync_stripe",
        job_type="sync",
        connection_id="{{ var.value.AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID }}",
        min_records=1,
        timeout=timedelta(hours=2),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://stripe")],
    )
    # Starts the pipelines that wait for this one.
    loaded = EmptyOperator(
        task_id="loaded",
        outlets=[Asset("pipeline://airbyte_stripe_to_postgres")],
    )

    sync_stripe >> loaded
