# Made by platformc from platform.yaml (orchestration). Change it there.
"airbyte_multi_source_sync: a DAG of Airflow, made by platformc from platform.yaml."

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteJob, AirbyteReport
from airflow.sdk import DAG, Asset, TriggerRule

with DAG(
    dag_id="airbyte_multi_source_sync",
    description="Three sources at the same time, each with its own minimum, then one report",
    schedule="@daily",
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
    sync_stripe = AirbyteJob(
        task_id="sync_stripe",
        job_type="sync",
        connection_id="{{ var.value.AIRBYTE_STRIPE_POSTGRES_CONNECTION_ID }}",
        min_records=1,
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://stripe")],
    )
    sync_hubspot = AirbyteJob(
        task_id="sync_hubspot",
        job_type="sync",
        connection_id="5b6c2a0e-6f0f-4b43-9d0c-0d6f2f6a1c11",
        min_records=10,
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
    report = AirbyteReport(
        task_id="report",
        title="all loads of the night",
        trigger_rule=TriggerRule.ALL_DONE,
    )

    [sync_stripe, sync_hubspot, sync_salesforce] >> report
