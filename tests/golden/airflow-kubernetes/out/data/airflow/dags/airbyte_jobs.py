# Made by platformc from platform.yaml (orchestration). Change it there.
"""Jobs of Airbyte as tasks of Airflow 3: what the generated DAG files import. Not a DAG itself.

``AirbyteJob`` starts a job of one connection by Airbyte's public API, and waits for it in the triggerer, where it takes no
slot. What it guarantees:

* Never a second job while one runs. Before it starts one (first try, retry, cleared task) it asks Airbyte what runs on the
  connection. A job of the same kind is adopted, whoever started it: from then on it is the task's own. A job of another kind
  (a clear before a sync, a sync before a clear, a refresh) is waited for, never cancelled, and asked about anew.
* Errors of the API while it waits (500, 429, dropped connections, timeouts, expired tokens) fail nothing: it asks again, later
  each time, until ``timeout``. Only 401, 403, 404 and the like, time after time, end the task.
* A job that did not succeed fails the task, and a retry starts a new one. Where a try lost sight of its job and the job has
  succeeded since, the retry takes it. ``incomplete`` is what Airbyte says between two
  attempts of one job; a job that stays so is cancelled, then fails the task.
* Too few records fail the task without a retry: the same sync again would bring even less.
* ``timeout``, a killed task and a killed run cancel the job. A restarted triggerer does not, and neither does a cleared task,
  which adopts the job.

The Airflow connection (type ``airbyte``): host = URL of the API with its path, login and password = client id and secret,
schema = path of the token endpoint, extra ``timeout`` = seconds that one request may take.

The triggerer imports this module too, so the folder of the DAGs has to be on its PYTHONPATH.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

import httpx
import structlog
from airflow.sdk import BaseBranchOperator, BaseHook, BaseOperator, Connection, Context
from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference  # type: ignore[attr-defined,unused-ignore]  # no stubs
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowException, AirflowFailException, TaskDeferralTimeout
from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async

log = structlog.get_logger(__name__)

JobType = Literal["sync", "clear", "reset"]

# Without a type Airbyte lists syncs and resets only.
JOB_TYPES = ("sync", "reset", "clear", "refresh")
ENDED = frozenset({"succeeded", "failed", "cancelled"})
# Airbyte itself waits at most half an hour between two attempts of a job.
INCOMPLETE_PATIENCE = timedelta(minutes=45)
# So many answers like 401, 403, 404 in a row are meant.
REFUSALS = 5
# Seconds between requests that fail: while a task starts or cancels a job, and the most while the triggerer waits.
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)
LONGEST_PAUSE = 300.0
REQUEST_TIMEOUT = 30.0
# Airflow resumes a task whose triggerer is gone so many seconds after its time has run out.
GRACE = 120.0
# Seconds that a trigger may take to cancel its job.
KILL_TIMEOUT = 60.0
# States of a task that will not run again by itself.
OVER = frozenset({"failed", "success", "skipped", "removed", "upstream_failed"})


class Unavailable(AirflowException):
    """The API gave no answer, or one that says: later."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(AirflowException):
    """The API understood, and said no."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Job:
    """One job, as the API tells of it. It leaves the numbers out while it does not know them."""

    job_id: int
    job_type: str
    connection_id: str
    status: str
    started_at: str = ""
    records: int | None = None
    bytes: int | None = None
    duration: float | None = None

    @classmethod
    def read(cls, answer: dict[str, Any], job_type: str) -> Job:
        """Reads a JobResponse; ``job_type`` stands in for one that is left out, as it is for a refresh."""
        try:
            return cls(
                job_id=int(answer["jobId"]),
                job_type=str(answer.get("jobType") or job_type),
                connection_id=str(answer["connectionId"]).lower(),
                status=str(answer["status"]),
                started_at=str(answer.get("startTime") or ""),
                records=answer.get("rowsSynced"),
                bytes=answer.get("bytesSynced"),
                duration=seconds(answer.get("duration")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable(f"this is no job of Airbyte: {answer!r}") from error

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    def began_after(self, moment: datetime) -> bool:
        try:
            return datetime.fromisoformat(self.started_at.replace("Z", "+00:00")) >= moment
        except (TypeError, ValueError):
            return False

    def is_like(self, job_type: str) -> bool:
        """Whether it is of the same kind; Airbyte makes a ``reset`` of each ``clear``."""
        return (self.job_type == "sync") == (job_type == "sync") and self.job_type != "refresh"


def seconds(duration: str | None) -> float | None:
    """Reads an ISO 8601 duration such as PT8H6M12S."""
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?", duration or "")
    if match is None:
        return None
    days, hours, minutes, rest = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def read(response: httpx.Response) -> dict[str, Any]:
    """Gives the body, or raises Unavailable or Refused."""
    asked = f"{response.request.method} {response.request.url.path}"
    status = response.status_code
    if status in (408, 425, 429) or status >= 500:
        wait = response.headers.get("Retry-After", "")
        raise Unavailable(f"{asked} was answered with {status}", float(wait) if wait.isdigit() else 0.0)
    if not response.is_success:
        raise Refused(f"{asked} was answered with {status}: {response.text[:300]}", status)
    try:
        answer = response.json()
    except ValueError as error:
        raise Unavailable(f"{asked} was not answered in JSON: {response.text[:100]}") from error
    if not isinstance(answer, dict):
        raise Unavailable(f"{asked} was answered with something else than an object: {response.text[:100]}")
    return answer


@contextmanager
def no_answer_is_unavailable() -> Generator[None]:
    try:
        yield
    except httpx.RequestError as error:
        raise Unavailable(f"no answer from Airbyte: {type(error).__name__}: {error}") from error


class Token(httpx.Auth):
    """Adds a bearer token to each request, got with client id and secret; a 401 gets a new one, once."""

    requires_response_body = True

    def __init__(self, url: httpx.URL, client_id: str, client_secret: str) -> None:
        self.url = url
        # The OpenAPI spells the last one both ways.
        self.body = {
            "client_id": client_id,
            "client_secret": client_secret,
            "grant_type": "client_credentials",
            "grant-type": "client_credentials",
        }
        self.token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        is_new = not self.token
        if is_new:
            yield from self.renew(request)
        request.headers["Authorization"] = f"Bearer {self.token}"
        response = yield request
        if response.status_code == 401 and not is_new:
            yield from self.renew(request)
            request.headers["Authorization"] = f"Bearer {self.token}"
            yield request

    def renew(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        # The extensions carry the time limit.
        response = yield httpx.Request("POST", self.url, json=self.body, extensions=request.extensions)
        self.token = str(read(response).get("access_token", ""))


@dataclass(frozen=True)
class AirbyteApi:
    """Where the API is and how to log in, read from an Airflow connection. No defaults: credentials go nowhere by accident."""

    url: httpx.URL
    auth: Token | None
    timeout: float

    @classmethod
    def of(cls, connection: Connection) -> AirbyteApi:
        host = connection.host or ""
        if not re.match(r"https?://[^/]+", host):
            raise AirflowFailException(
                f"connection {connection.conn_id}: its host has to be the URL of Airbyte's API, such as "
                f"http://airbyte-server:8001/api/public/v1, and not {host!r} (the URI form of AIRFLOW_CONN_… loses scheme and "
                "path: write it as JSON)"
            )
        url = httpx.URL(host.rstrip("/") + "/")
        auth = None
        if connection.login:
            token = url.join(connection.schema or "applications/token")
            auth = Token(token, connection.login, connection.password or "")
        return cls(url, auth, float(connection.extra_dejson.get("timeout") or REQUEST_TIMEOUT))

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, auth=self.auth, timeout=self.timeout)

    def async_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, auth=self.auth, timeout=self.timeout)


def ask(client: httpx.Client, method: str, path: str, **arguments: Any) -> dict[str, Any]:
    with no_answer_is_unavailable():
        return read(client.request(method, path, **arguments))


def newest_jobs(client: httpx.Client, connection_id: str) -> list[Job]:
    """The newest jobs of a connection, of each type. Airbyte runs one at a time, so one that runs is among them."""
    jobs = []
    for job_type in JOB_TYPES:
        query = {"connectionId": connection_id, "jobType": job_type, "limit": 10, "orderBy": "createdAt|DESC"}
        try:
            answer = ask(client, "GET", "jobs", params=query)
        except Refused as error:
            # Older versions know no jobs of these types.
            if error.status in (400, 422) and job_type in ("clear", "refresh"):
                continue
            raise
        jobs += [Job.read(job, job_type) for job in answer.get("data") or []]
    return jobs


def cancel(api: AirbyteApi, job_id: int) -> None:
    """Cancels a job, as well as it can: what called it has failed already. What then still runs, the next try adopts."""
    for pause in (*PAUSES[:3], None):
        try:
            with api.client() as client:
                ask(client, "DELETE", f"jobs/{job_id}")
            log.info("airbyte job cancelled", job_id=job_id)
            return
        except Unavailable as error:
            if pause is None:
                log.error("airbyte job not cancelled", job_id=job_id, error=str(error))
                return
            time.sleep(pause)
        except Refused as error:
            log.error("airbyte job not cancelled", job_id=job_id, error=str(error))
            return


class AirbyteJob(BaseOperator):
    """Runs one job of an Airbyte connection, as the module's text says.

    It returns (XCom ``return_value``) job_id, job_type, connection_id, status, started_at, records, bytes, duration in seconds
    and is_adopted, also where the job has failed. XCom ``job_id`` is there from the start.

    :param connection_id: UUID of the connection; a template.
    :param job_type: ``sync``, ``clear`` (empties the destination), ``reset`` (its old name).
    :param airbyte_conn_id: Airflow's connection to Airbyte.
    :param min_records: Fewer records than this fail the task without a retry. A number that Airbyte leaves out counts as 0.
    :param timeout: Of one try, with what it waits for other jobs. An ``execution_timeout`` counts if it is shorter.
    :param poll: Time between two looks at the job.
    """

    template_fields: Sequence[str] = ("connection_id", "airbyte_conn_id")
    ui_color = "#615eff"
    ui_fgcolor = "#ffffff"

    # What on_kill needs: it may run between any two lines, and must not ask Airflow for anything.
    api: AirbyteApi | None = None
    job_id: int | None = None
    is_killed: bool = False

    def __init__(
        self,
        *,
        connection_id: str,
        job_type: JobType = "sync",
        airbyte_conn_id: str = "airbyte_default",
        min_records: int = 0,
        timeout: timedelta = timedelta(hours=24),
        poll: timedelta = timedelta(seconds=30),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if min_records and job_type != "sync":
            raise ValueError(f"a {job_type} brings no records, so it can have no min_records")
        self.connection_id = connection_id
        self.job_type = job_type
        self.airbyte_conn_id = airbyte_conn_id
        self.min_records = min_records
        self.timeout = timeout
        self.poll = poll

    def execute(self, context: Context) -> dict[str, Any]:
        limit = min(self.timeout, self.execution_timeout or self.timeout)
        return self.start(context, time.time() + limit.total_seconds())

    def start(self, context: Context, deadline: float) -> dict[str, Any]:
        """Takes a job and waits for it; or waits for one of another kind, and comes back here."""
        self.connection_id = uuid(self.connection_id)
        self.api = AirbyteApi.of(self.get_connection())
        with self.api.client() as client:
            job, is_adopted = self.take(client, self.lost_since(context))
        if not job.is_like(self.job_type):
            log.info("airbyte job waits for another", **asdict(job))
            self.wait(job, deadline, is_own=False, is_adopted=False)
        self.job_id = job.job_id
        context["ti"].xcom_push(key="job_id", value=job.job_id)
        log.info("airbyte job adopted" if is_adopted else "airbyte job started", **asdict(job))
        if self.is_killed:
            cancel(self.api, job.job_id)
            raise AirflowException("the task was killed")
        if not job.has_ended:
            self.wait(job, deadline, is_own=True, is_adopted=is_adopted)
        return self.finish(context, job, is_adopted)

    def get_connection(self) -> Connection:
        return BaseHook.get_connection(self.airbyte_conn_id)

    def lost_since(self, context: Context) -> datetime | None:
        """A try that lost sight of its job may have been the only thing that failed. The retry takes the job if it has succeeded
        since; a task that was cleared is meant to start a new one."""
        task: Any = context["ti"]
        start = context["dag_run"].start_date
        # Clearing a task sets max_tries so that it has all of its retries again.
        is_retry = task.try_number > task.max_tries - (self.retries or 0) + 1
        # Airbyte counts in whole seconds.
        return start.replace(microsecond=0) if is_retry and start else None

    def take(self, client: httpx.Client, lost_since: datetime | None) -> tuple[Job, bool]:
        """Gives the job to wait for, and whether it was there already. Each error looks again before it posts again."""
        newest_before: int | None = None
        for pause in (*PAUSES, None):
            if self.is_killed:
                raise AirflowException("the task was killed")
            try:
                jobs = [self.checked(job) for job in newest_jobs(client, self.connection_id)]
                running = [job for job in jobs if not job.has_ended]
                if running:
                    return max(running, key=lambda job: job.is_like(self.job_type)), True
                last = max((job for job in jobs if job.is_like(self.job_type)), key=lambda job: job.job_id, default=None)
                if last and lost_since and last.status == "succeeded" and last.began_after(lost_since):
                    return last, True
                # A POST whose answer was lost may have started a job that has ended since.
                if last and newest_before is not None and last.job_id > newest_before:
                    return last, False
                newest_before = max((job.job_id for job in jobs), default=0)
                return self.post(client), False
            except Unavailable as error:
                if pause is None:
                    raise
                log.warning("airbyte does not answer", error=str(error), pause=pause)
                time.sleep(max(pause, min(error.retry_after, LONGEST_PAUSE)))
        raise AssertionError("the last round returns or raises")

    def post(self, client: httpx.Client) -> Job:
        body = {"connectionId": self.connection_id, "jobType": self.job_type}
        try:
            return self.checked(Job.read(ask(client, "POST", "jobs", json=body), self.job_type))
        except Refused as error:
            # Somebody was faster.
            if error.status == 409:
                raise Unavailable(str(error)) from error
            raise

    def checked(self, job: Job) -> Job:
        if job.connection_id != self.connection_id:
            raise AirflowFailException(foreign(job, self.connection_id))
        return job

    def wait(self, job: Job, deadline: float, *, is_own: bool, is_adopted: bool) -> None:
        """Hands over to the triggerer, which comes back in ``resume``. It never returns."""
        trigger = AirbyteJobTrigger(
            airbyte_conn_id=self.airbyte_conn_id,
            connection_id=self.connection_id,
            job_id=job.job_id,
            job_type=job.job_type,
            poll=self.poll.total_seconds(),
            deadline=deadline,
            is_own=is_own,
            is_adopted=is_adopted,
        )
        net = timedelta(seconds=max(deadline - time.time(), 0) + GRACE)
        self.defer(trigger=trigger, method_name="resume", timeout=net)

    def resume(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """What the trigger saw: the job has ended, or why nobody waits for it any longer."""
        self.api = AirbyteApi.of(self.get_connection())
        if event["outcome"] == "ended" and not event["is_own"]:
            return self.start(context, event["deadline"])
        job_id = int(event["job_id"])
        if event["outcome"] == "ended":
            return self.finish(context, Job(**event["job"]), event["is_adopted"])
        if event["outcome"] == "over" and event["is_own"]:
            cancel(self.api, job_id)
        log.error("airbyte job left", job_id=job_id, job_type=self.job_type, reason=event["message"])
        raise AirflowException(event["message"])

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Airflow's own limit, which counts where no triggerer ran to see ours."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except TaskDeferralTimeout:
            job_id = context["ti"].xcom_pull(task_ids=self.task_id, key="job_id", map_indexes=context["ti"].map_index)
            if isinstance(job_id, int):
                cancel(AirbyteApi.of(self.get_connection()), job_id)
            raise

    def finish(self, context: Context, job: Job, is_adopted: bool) -> dict[str, Any]:
        statistics = asdict(job) | {"is_adopted": is_adopted}
        log.info("airbyte job ended", task_id=self.task_id, **statistics)
        # Kept for the report where the task fails.
        context["ti"].xcom_push(key="return_value", value=statistics)
        if job.status != "succeeded":
            raise AirflowException(f"job {job.job_id} ({job.job_type}) ended as {job.status}; its log is in Airbyte's UI")
        if (job.records or 0) < self.min_records:
            brought = "Airbyte does not say how many records" if job.records is None else f"{job.records} records"
            raise AirflowFailException(f"job {job.job_id} brought too little: {brought}, at least {self.min_records} expected")
        return statistics

    def on_kill(self) -> None:
        self.is_killed = True
        if self.api is not None and self.job_id is not None:
            cancel(self.api, self.job_id)


def uuid(connection_id: str) -> str:
    try:
        return str(UUID(connection_id.strip()))
    except ValueError:
        message = f"{connection_id!r} is no UUID of an Airbyte connection; it is a part of its address in Airbyte's UI"
        raise AirflowFailException(message) from None


def foreign(job: Job, connection_id: str) -> str:
    return f"asked about connection {connection_id}, Airbyte answered with job {job.job_id} of {job.connection_id}"


class AirbyteJobTrigger(BaseTrigger):
    """Waits for a job; fires once, with ``outcome`` ended, over (its time has run out), refused or foreign."""

    def __init__(
        self,
        *,
        airbyte_conn_id: str,
        connection_id: str,
        job_id: int,
        job_type: str,
        poll: float,
        deadline: float,
        is_own: bool,
        is_adopted: bool,
    ) -> None:
        super().__init__()
        self.airbyte_conn_id = airbyte_conn_id
        self.connection_id = connection_id
        self.job_id = job_id
        self.job_type = job_type
        self.poll = poll
        self.deadline = deadline
        self.is_own = is_own
        self.is_adopted = is_adopted

    def serialize(self) -> tuple[str, dict[str, Any]]:
        names = ("airbyte_conn_id", "connection_id", "job_id", "job_type", "poll", "deadline", "is_own", "is_adopted")
        return "airbyte_jobs.AirbyteJobTrigger", {name: getattr(self, name) for name in names}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        try:
            event = await self.watch()
        except asyncio.CancelledError:
            # Airflow calls on_kill of a trigger by itself from 3.3 on.
            if not hasattr(BaseTrigger, "on_kill"):
                await self.on_kill()
            raise
        yield TriggerEvent(event)

    async def watch(self) -> dict[str, Any]:
        api = AirbyteApi.of(await BaseHook.aget_connection(self.airbyte_conn_id))
        errors = refusals = 0
        status = ""
        incomplete_until = float("inf")
        # The task has just seen the job; and Airflow may take a task that comes back at once for one that has failed, because the
        # executor has not told yet that it was deferred.
        await asyncio.sleep(max(min(self.poll, self.deadline - time.time()), 0.0))
        async with api.async_client() as client:
            while True:
                pause = self.poll
                try:
                    job = await self.look(client)
                except Unavailable as error:
                    errors += 1
                    pause = max(min(self.poll * 2**min(errors, 16), LONGEST_PAUSE), min(error.retry_after, LONGEST_PAUSE))
                    log.warning("airbyte does not answer", job_id=self.job_id, error=str(error), errors=errors, pause=pause)
                except Refused as error:
                    refusals += 1
                    if refusals == REFUSALS:
                        return self.event("refused", f"Airbyte refuses to tell of job {self.job_id}: {error}")
                    pause = self.poll * 2**refusals
                    log.warning("airbyte refuses", job_id=self.job_id, error=str(error), refusals=refusals, pause=pause)
                else:
                    errors = refusals = 0
                    if job.connection_id != self.connection_id or job.job_id != self.job_id:
                        return self.event("foreign", foreign(job, self.connection_id))
                    if job.has_ended:
                        return self.event("ended", f"job {self.job_id} has ended", job)
                    if job.status != status:
                        log.info("airbyte job goes on", job_id=self.job_id, status=job.status)
                        status = job.status
                        is_incomplete = status == "incomplete"
                        incomplete_until = time.time() + INCOMPLETE_PATIENCE.total_seconds() if is_incomplete else float("inf")
                if time.time() >= incomplete_until:
                    return self.event("over", f"job {self.job_id} stays incomplete: no further attempt was made")
                if time.time() >= self.deadline:
                    return self.event("over", f"job {self.job_id} did not end in time; last seen as {status or 'unknown'}")
                await asyncio.sleep(max(min(pause, self.deadline - time.time(), incomplete_until - time.time()), 0.0))

    async def look(self, client: httpx.AsyncClient) -> Job:
        with no_answer_is_unavailable():
            return Job.read(read(await client.get(f"jobs/{self.job_id}")), self.job_type)

    def event(self, outcome: str, message: str, job: Job | None = None) -> dict[str, Any]:
        return {
            "outcome": outcome,
            "message": message,
            "job_id": self.job_id,
            "job": asdict(job) if job else None,
            "deadline": self.deadline,
            "is_own": self.is_own,
            "is_adopted": self.is_adopted,
        }

    async def on_kill(self) -> None:
        """The task was killed, timed out with its run, or was cleared. Airflow cancels a trigger again while it is still at this,
        so the work goes on beside it."""
        work = asyncio.create_task(self.cancel_if_over())
        end = time.time() + KILL_TIMEOUT
        while not work.done() and time.time() < end:
            with suppress(asyncio.CancelledError):
                await asyncio.wait({work}, timeout=1.0)

    async def cancel_if_over(self) -> None:
        """A task that was cleared will adopt the job; one that is deferred still has only lost this triggerer."""
        try:
            if self.is_own and await self.task_state() in OVER:
                api = AirbyteApi.of(await BaseHook.aget_connection(self.airbyte_conn_id))
                await sync_to_async(cancel)(api, self.job_id)
        except Exception:
            log.exception("airbyte job not cancelled", job_id=self.job_id)

    async def task_state(self) -> str:
        from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

        task: Any = self.task_instance
        states = await sync_to_async(RuntimeTaskInstance.get_task_states)(
            dag_id=task.dag_id, task_ids=[task.task_id], run_ids=[task.run_id], map_index=task.map_index
        )
        return str(next(iter(states.get(task.run_id, {}).values()), ""))


class AirbyteReport(BaseOperator):
    """Sums up all Airbyte jobs before it in one log line and one XCom. With trigger rule ``all_done`` it reports failures too,
    and fails then itself: a last task that succeeds would make the whole run a success.

    :param title: What the report is about.
    """

    def __init__(self, *, title: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.title = title

    def execute(self, context: Context) -> dict[str, Any]:
        tasks = sorted(task.task_id for task in self.get_flat_relatives(upstream=True) if isinstance(task, AirbyteJob))
        states = task_states(context, tasks)
        jobs = {task: context["ti"].xcom_pull(task_ids=task) for task in tasks}
        ended = [job for job in jobs.values() if job]
        report = {
            "title": self.title,
            "records": sum(job["records"] or 0 for job in ended),
            "bytes": sum(job["bytes"] or 0 for job in ended),
            "duration": sum(job["duration"] or 0 for job in ended),
            "succeeded": [task for task in tasks if states.get(task) == "success"],
            "skipped": [task for task in tasks if states.get(task) == "skipped"],
            "failed": [task for task in tasks if states.get(task) in ("failed", "upstream_failed")],
            "jobs": {task: job for task, job in jobs.items() if job},
        }
        log.info("airbyte report", **report)
        context["ti"].xcom_push(key="return_value", value=report)
        if report["failed"]:
            raise AirflowFailException(f"{self.title}: not all has been loaded: {', '.join(report['failed'])}")
        return report


def task_states(context: Context, tasks: list[str]) -> dict[str, str]:
    if not tasks:
        return {}
    task: Any = context["ti"]
    states = task.get_task_states(dag_id=task.dag_id, task_ids=tasks, run_ids=[task.run_id])
    return {name: str(state) for name, state in states.get(task.run_id, {}).items()}


class AirbyteBranch(BaseBranchOperator):
    """Goes on with ``then`` if the jobs of the tasks ``of`` have brought at least ``records`` records, else with ``otherwise``.

    What joins the two ways afterwards needs the trigger rule ``none_failed_min_one_success``. Where there is no other way,
    ``otherwise`` is what joins, or nothing.
    """

    def __init__(
        self, *, of: Sequence[str], records: int, then: Sequence[str], otherwise: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.of = of
        self.records = records
        self.then = then
        self.otherwise = otherwise

    def choose_branch(self, context: Context) -> Iterable[str] | None:
        jobs = [context["ti"].xcom_pull(task_ids=task) for task in self.of]
        records = sum(job["records"] or 0 for job in jobs if job)
        is_enough = records >= self.records
        log.info("airbyte branch", records=records, at_least=self.records, is_enough=is_enough)
        return list(self.then if is_enough else self.otherwise) or None


@dataclass(frozen=True)
class Notify:
    """A callback of a DAG: tells of a run that has ended.

    :param event: What it tells: ``failure`` or ``success``.
    :param to: Names of notifiers; ``ops`` is Airflow's connection ``notifier_ops``, of type apprise.
    """

    event: Literal["failure", "success"]
    to: Sequence[str]

    def __call__(self, context: Context) -> None:
        from airflow.providers.apprise.hooks.apprise import AppriseHook
        from apprise import NotifyType

        kind = NotifyType.FAILURE if self.event == "failure" else NotifyType.SUCCESS
        word = "has failed" if self.event == "failure" else "has succeeded"
        dag_id, run_id = context["dag"].dag_id, context["run_id"]
        title, body = message(dag_id, run_id, word, str(context.get("reason") or ""))
        for name in self.to:
            try:
                AppriseHook(apprise_conn_id=f"notifier_{name}").notify(title=title, body=body, notify_type=kind)
            except Exception:
                log.exception("notification not sent", notifier=name, dag_id=dag_id, run_id=run_id)


def late(*, after: timedelta, to: Sequence[str]) -> DeadlineAlert:
    """The ``deadline`` of a DAG: tells of a run that has not ended so long after it was queued."""
    callback = AsyncCallback(notify_late, kwargs={"to": list(to)})
    return DeadlineAlert(reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=after, callback=callback)


async def notify_late(to: Sequence[str], context: dict[str, Any] | None = None) -> None:
    """The callback of a DeadlineAlert: tells of a run that goes on for too long. It runs in the triggerer."""
    from airflow.providers.apprise.hooks.apprise import AppriseHook
    from apprise import NotifyType

    run = (context or {}).get("dag_run") or {}
    dag_id, run_id = run.get("dag_id", "?"), run.get("dag_run_id") or run.get("run_id", "?")
    title, body = message(dag_id, run_id, "is late", "")
    for name in to:
        try:
            hook = AppriseHook(apprise_conn_id=f"notifier_{name}")
            await hook.async_notify(title=title, body=body, notify_type=NotifyType.WARNING)
        except Exception:
            log.exception("notification not sent", notifier=name, dag_id=dag_id, run_id=run_id)


def message(dag_id: str, run_id: str, word: str, reason: str) -> tuple[str, str]:
    url = conf.get("api", "base_url", fallback="").rstrip("/")
    lines = [f"Run {run_id} of {dag_id} {word}.", f"Reason: {reason}" if reason else ""]
    lines.append(f"{url}/dags/{quote(dag_id)}/runs/{quote(run_id)}" if url else "")
    return f"{dag_id} {word}", "\n".join(line for line in lines if line)
