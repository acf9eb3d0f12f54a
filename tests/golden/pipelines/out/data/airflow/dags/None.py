# Made by platformc from platform.yaml (orchestration). Change it there.
"None: a DAG of Airflow, made by platformc from platform.yaml."

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteJob, Notify, late
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="None",
    # Each of them has loaded.
    schedule=[Asset("pipeline://hostile-name.v2")],
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=2,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=30),
    },
    on_success_callback=[Notify(event="success", to=["sales", "ops"])],
    deadline=late(after=timedelta(hours=2), to=["sales"]),
) as dag:
    reset_stripe = AirbyteJob(
        task_id="reset_stripe",
        job_type="reset",
        connection_id="0f6c4a3e-6d3c-4c46-8f4e-0d1f5a9b7c21",
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
    )
    sync_stripe = AirbyteJob(
        task_id="sync_stripe",
        job_type="sync",
        connection_id="0f6c4a3e-6d3c-4c46-8f4e-0d1f5a9b7c21",
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://stripe")],
    )
    sync_stripe_2 = AirbyteJob(
        task_id="sync_stripe_2",
        job_type="sync",
        connection_id="0f6c4a3e-6d3c-4c46-8f4e-0d1f5a9b7c21",
        timeout=timedelta(hours=6),
        poll=timedelta(seconds=30),
        outlets=[Asset("airbyte://stripe")],
    )

    reset_stripe >> sync_stripe
    sync_stripe >> sync_stripe_2
