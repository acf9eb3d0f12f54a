"""airbyte_chained_syncs: a DAG of Airflow, made by platformc from platform.yaml.

Starts when airbyte_stripe_to_postgres has loaded; one sync after the other.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteJob
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="airbyte_chained_syncs",
    description="Starts when airbyte_stripe_to_postgres has loaded; one sync after the other.",
    # What airbyte_stripe_to_postgres loads.
    schedule=[Asset("airbyte://stripe")],
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
    tags=["hubspot", "salesforce"],
) as dag:
    sync_hubspot = AirbyteJob(
        task_id="sync_hubspot",
        job_type="sync",
        connection_id="5b6c2a0e-6f0f-4b43-9d0c-0d6f2f6a1c11",
        outlets=[Asset("airbyte://hubspot")],
    )
    sync_salesforce = AirbyteJob(
        task_id="sync_salesforce",
        job_type="sync",
        connection_id="{{ var.value.AIRBYTE_SALESFORCE_CONNECTION_ID }}",
        outlets=[Asset("airbyte://salesforce")],
    )

    sync_hubspot >> sync_salesforce
