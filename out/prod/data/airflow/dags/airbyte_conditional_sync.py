# Made by platformc from platform.yaml (orchestration). Change it there.
"airbyte_conditional_sync: a DAG of Airflow, made by platformc from platform.yaml."

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteBranch, AirbyteJob, AirbyteReport
from airflow.sdk import DAG, Asset, TriggerRule

with DAG(
    dag_id="airbyte_conditional_sync",
    description="Builds the model only if the sync has brought records",
    schedule="@hourly",
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
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://stripe")],
    )
    enough_records = AirbyteBranch(
        task_id="enough_records",
        of=["sync_stripe"],
        records=1,
        then=["sync_model"],
        otherwise=["report_nothing_new"],
    )
    sync_model = AirbyteJob(
        task_id="sync_model",
        job_type="sync",
        connection_id="{{ var.value.AIRBYTE_MODEL_CONNECTION_ID }}",
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://model")],
    )
    report_nothing_new = AirbyteReport(
        task_id="report_nothing_new",
        title="nothing new",
    )
    sync_exports = AirbyteJob(
        task_id="sync_exports",
        job_type="sync",
        connection_id="{{ var.value.AIRBYTE_EXPORTS_CONNECTION_ID }}",
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        # Both ways lead here, and one of them was skipped.
        trigger_rule=TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS,
        outlets=[Asset("airbyte://exports")],
    )

    sync_stripe >> enough_records
    enough_records >> sync_model
    enough_records >> report_nothing_new
    [sync_model, report_nothing_new] >> sync_exports
