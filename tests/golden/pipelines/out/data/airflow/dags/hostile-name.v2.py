# Made by platformc from platform.yaml (orchestration). Change it there.
"hostile-name.v2: a DAG of Airflow, made by platformc from platform.yaml."

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airbyte_jobs import AirbyteBranch, AirbyteJob, AirbyteReport, Notify
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset, TriggerRule

with DAG(
    dag_id="hostile-name.v2",
    description="\"\"\" + __import__('os').system('x') + \"\"\" {{ var.value.x }} {% raw %} \\",
    schedule="30 2 * * mon-fri",
    start_date=datetime(2026, 1, 31, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    default_args={
        "owner": "o'brien \"the\" owner",
        "retries": 0,
        "retry_delay": timedelta(seconds=90),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=90),
    },
    on_failure_callback=[Notify(event="failure", to=["ops"])],
    tags=["a\nb", "\u202eabc", "☃", "\\N{DASH}", "%(x)s {x} $x"],
) as dag:
    sync_stripe = AirbyteJob(
        task_id="sync_stripe",
        job_type="sync",
        connection_id="0f6c4a3e-6d3c-4c46-8f4e-0d1f5a9b7c21",
        min_records=1,
        timeout=timedelta(hours=1),
        poll=timedelta(seconds=15),
        outlets=[Asset("airbyte://stripe")],
    )
    sync_hub_spot_eu = AirbyteJob(
        task_id="sync_hub_spot_eu",
        job_type="sync",
        connection_id="{{ var.value.HUBSPOT }}",
        timeout=timedelta(hours=3),
        poll=timedelta(seconds=15),
        outlets=[Asset("airbyte://hub-spot.eu")],
    )
    enough_records = AirbyteBranch(
        task_id="enough_records",
        of=["sync_stripe", "sync_hub_spot_eu"],
        records=1000,
        then=["report"],
        otherwise=["clear_hub_spot_eu"],
    )
    report = AirbyteReport(
        task_id="report",
        title="a\tlarge 'load'",
    )
    clear_hub_spot_eu = AirbyteJob(
        task_id="clear_hub_spot_eu",
        job_type="clear",
        connection_id="{{ var.value.HUBSPOT }}",
        timeout=timedelta(minutes=20),
        poll=timedelta(seconds=15),
    )
    load_again = AirbyteJob(
        task_id="load_again",
        job_type="sync",
        connection_id="{{ var.value.HUBSPOT }}",
        timeout=timedelta(hours=3),
        poll=timedelta(seconds=15),
        outlets=[Asset("airbyte://hub-spot.eu")],
    )
    report_2 = AirbyteReport(
        task_id="report_2",
        title="# not a comment",
        trigger_rule=TriggerRule.ALL_DONE,
    )
    # Starts the pipelines that wait for this one.
    loaded = EmptyOperator(
        task_id="loaded",
        outlets=[Asset("pipeline://hostile-name.v2")],
    )

    [sync_stripe, sync_hub_spot_eu] >> enough_records
    enough_records >> report
    enough_records >> clear_hub_spot_eu
    clear_hub_spot_eu >> load_again
    [report, load_again] >> report_2
    report_2 >> loaded
