"""One Airflow home, one fake Airbyte and one sink of notifications for the whole session."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import settings
from fake_airbyte import FakeAirbyte, Sink

AIRBYTE = FakeAirbyte()
SINK = Sink()
HOME = Path(tempfile.mkdtemp(prefix="platformc-airflow-"))
DAGS = settings.assemble(HOME)
# Airflow reads it when it is imported, so it cannot be a fixture.
os.environ |= settings.environment(HOME, AIRBYTE.url, SINK.address)
sys.path.insert(0, str(DAGS))


@pytest.fixture(scope="session", autouse=True)
def database() -> None:
    """Migrated by Airflow's own command; one FastAPI for all tasks in place of one for each, which takes seconds."""
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True)
    from airflow.sdk.execution_time import supervisor

    supervisor.in_process_api_server = functools.cache(supervisor.in_process_api_server)


@pytest.fixture
def airbyte() -> Iterator[FakeAirbyte]:
    AIRBYTE.reset()
    yield AIRBYTE
    assert AIRBYTE.overlaps == 0, "a second job was started while one ran"


@pytest.fixture
def sink() -> Sink:
    SINK.messages.clear()
    return SINK


def shorten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airbyte_jobs.PAUSES", (0.05, 0.05, 0.1, 0.1, 0.2))
    monkeypatch.setattr("airbyte_jobs.LONGEST_PAUSE", 1.0)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch)
