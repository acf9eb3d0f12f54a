# Made by platformc from platform.yaml (orchestration). Change it there.
"airbyte_chained_syncs: a DAG of Airflow, made by platformc from platform.yaml."

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteJob
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="airbyte_chained_syncs",
    description="One sync after the other, once Stripe has been loaded",
    # Each of them has loaded.
    schedule=[Asset("pipeline://airbyte_stripe_to_postgres")],
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
    sync_hubspot = AirbyteJob(
        task_id="sync_hubspot",
        job_type="sync",
        connection_id="5b6c2a0e-6f0f-4b43-9d0c-0d6f2f6a1c11",
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://hubspot")],
    )
    sync_salesforce = AirbyteJob(
        task_id="sync_salesforce",
        job_type="sync",
        connection_id="{{ var.value.AIRBYTE_SALESFORCE_CONNECTION_ID }}",
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://salesforce")],
    )

    sync_hubspot >> sync_salesforce
