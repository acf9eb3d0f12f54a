"""A fake of Airbyte's public API that misbehaves on demand and remembers what it saw. Standard library only.

It follows the OpenAPI of Airbyte 2.2 (token, jobs: list, create, get, cancel, health), and where the real server differs from
it, the real server: without a type it lists syncs and resets only, it makes a ``reset`` of each ``clear``, and it leaves out
numbers that it does not know. Unlike the real one it lets two jobs of a connection run at the same time, and counts that: a
client that starts a second one must not get away with it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = "/api/public/v1"
ENDED = ("succeeded", "failed", "cancelled")


@dataclass
class Plan:
    """What becomes of a job: one status for each time it is looked at, the last one for ever."""

    statuses: tuple[str, ...] = ("running", "succeeded")
    rows: int | None = 10
    bytes: int | None = 1000
    duration: str | None = "PT1M5S"
    answered_connection: str | None = None


@dataclass
class FakeJob:
    job_id: int
    job_type: str
    connection_id: str
    plan: Plan
    looks: int = 0
    cancelled: bool = False
    #: Clients that are allowed to see it end; a test sets it to let a job that never ends succeed after all.
    finished_as: str | None = None
    started_at: str = field(default_factory=lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))

    @property
    def status(self) -> str:
        if self.cancelled:
            return "cancelled"
        if self.finished_as:
            return self.finished_as
        return self.plan.statuses[min(self.looks, len(self.plan.statuses) - 1)]

    def answer(self) -> dict[str, Any]:
        body = {
            "jobId": self.job_id,
            "status": self.status,
            "jobType": self.job_type,
            "startTime": self.started_at,
            "connectionId": self.plan.answered_connection or self.connection_id,
        }
        if self.status in ENDED:
            numbers = {"rowsSynced": self.plan.rows, "bytesSynced": self.plan.bytes, "duration": self.plan.duration}
            body |= {key: value for key, value in numbers.items() if value is not None}
        return body


@dataclass
class Fault:
    """A misbehaviour for the next ``times`` requests of a method and the start of a path."""

    method: str
    path: str
    times: int
    #: A status; or ``drop`` (no answer), ``drop-after`` (done, but no answer), ``slow`` (done, and answered after the delay),
    #: ``garbage`` (a page in place of JSON).
    kind: int | str
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass
class Seen:
    method: str
    path: str
    status: int | str
    body: Any
    at: float


class FakeAirbyte:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}{ROOT}"
        self.next_id = 0
        self.reset()
        threading.Thread(target=self.server.serve_forever, name="fake-airbyte", daemon=True).start()

    def reset(self) -> None:
        with self.lock:
            self.jobs: dict[int, FakeJob] = {}
            self.plans: dict[str, list[Plan]] = {}
            self.faults: list[Fault] = []
            self.seen: list[Seen] = []
            self.tokens: dict[str, int] = {}
            self.token_uses = 10**9
            self.secret = "secret"
            self.overlaps = 0

    # What tests ask for.

    def plan(self, connection_id: str, *plans: Plan) -> None:
        """What becomes of the jobs of a connection, one after the other; the last one for all that follow."""
        self.plans[connection_id] = list(plans)

    def fault(
        self, method: str, path: str, kind: int | str, times: int = 1, headers: dict[str, str] | None = None, delay: float = 0.0
    ) -> None:
        self.faults.append(Fault(method, path, times, kind, headers or {}, delay))

    def start(self, connection_id: str, job_type: str = "sync", plan: Plan | None = None) -> FakeJob:
        """A job that somebody else started."""
        with self.lock:
            self.next_id += 1
            job = FakeJob(self.next_id, job_type, connection_id, plan or self.next_plan(connection_id))
            self.jobs[job.job_id] = job
            return job

    def expire_tokens(self) -> None:
        with self.lock:
            self.tokens.clear()

    # What tests look at.

    def of(self, connection_id: str) -> list[FakeJob]:
        with self.lock:
            return [job for job in self.jobs.values() if job.connection_id == connection_id]

    def requests(self, method: str, path: str = "") -> list[Seen]:
        with self.lock:
            return [seen for seen in self.seen if seen.method == method and seen.path.startswith(path)]

    # What the handler asks.

    def next_plan(self, connection_id: str) -> Plan:
        plans = self.plans.get(connection_id) or [Plan()]
        return plans.pop(0) if len(plans) > 1 else plans[0]

    def create(self, connection_id: str, job_type: str) -> FakeJob:
        with self.lock:
            if any(job.status not in ENDED for job in self.of(connection_id)):
                self.overlaps += 1
            return self.start(connection_id, "reset" if job_type == "clear" else job_type)

    def fault_for(self, method: str, path: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.method == method and path.startswith(fault.path) and fault.times > 0:
                    fault.times -= 1
                    return fault
            return None


def handler_of(fake: FakeAirbyte) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.serve("GET")

        def do_POST(self) -> None:
            self.serve("POST")

        def do_DELETE(self) -> None:
            self.serve("DELETE")

        def log_message(self, format: str, *arguments: Any) -> None:
            """Says nothing: ``seen`` is the record."""

        def serve(self, method: str) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(text) if text else None
            address = urlsplit(self.path)
            path = address.path.removeprefix(ROOT)
            query = {key: values[0] for key, values in parse_qs(address.query).items()}
            fault = fake.fault_for(method, path)
            if fault and fault.delay and fault.kind != "slow":
                time.sleep(fault.delay)
            status, answer = 200, None
            if not fault or fault.kind in ("drop-after", "slow"):
                with fake.lock:
                    status, answer = self.answer(method, path, query, body)
            with fake.lock:
                fake.seen.append(Seen(method, path, fault.kind if fault else status, body or query, time.monotonic()))
            if fault and fault.kind == "slow":
                time.sleep(fault.delay)
                self.send(status, answer, {})
            elif fault and isinstance(fault.kind, str):
                self.misbehave(fault.kind)
            elif fault:
                self.send(int(fault.kind), {"message": "as asked"}, fault.headers)
            else:
                self.send(status, answer, {})

        def misbehave(self, kind: str) -> None:
            if kind == "garbage":
                page = b"<html>a proxy says: come back later</html>"
                self.send_response(200)
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)
            else:
                self.close_connection = True
                self.connection.close()

        def send(self, status: int, answer: Any, headers: dict[str, str]) -> None:
            text = json.dumps(answer).encode()
            try:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)
            except OSError:
                """The client did not wait."""

        def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
            if (method, path) == ("GET", "/health"):
                return 200, {}
            if (method, path) == ("POST", "/applications/token"):
                return self.token(body)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if fake.tokens.get(token, 0) <= 0:
                return 401, {"message": "no such token, or no longer"}
            fake.tokens[token] -= 1
            if path == "/jobs":
                return self.list(query) if method == "GET" else (200, fake.create(body["connectionId"], body["jobType"]).answer())
            return self.one(method, path)

        def token(self, body: Any) -> tuple[int, Any]:
            if body.get("client_id") != "client" or body.get("client_secret") != fake.secret:
                return 403, {"message": "wrong client id or secret"}
            token = f"token-{len(fake.seen)}-{len(fake.tokens)}"
            fake.tokens[token] = fake.token_uses
            return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 180}

        def list(self, query: dict[str, str]) -> tuple[int, Any]:
            types = (query["jobType"],) if "jobType" in query else ("sync", "reset")
            jobs = [job for job in fake.of(query["connectionId"]) if job.job_type in types]
            newest = sorted(jobs, key=lambda job: -job.job_id)[: int(query.get("limit", 20))]
            return 200, {"data": [job.answer() for job in newest]}

        def one(self, method: str, path: str) -> tuple[int, Any]:
            job = fake.jobs.get(int(path.removeprefix("/jobs/")))
            if job is None:
                return 404, {"message": "no such job"}
            if method == "DELETE":
                job.cancelled = True
                return 200, job.answer()
            answer = job.answer()
            job.looks += 1
            return 200, answer

    return Handler


class Sink:
    """Takes what notifiers post (apprise's json://) and keeps it."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                sink.messages.append(json.loads(text))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *arguments: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, name="sink", daemon=True).start()


def until(what: Callable[[], Any], seconds: float, message: str) -> Any:
    """Waits until it holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := what():
            return result
        time.sleep(0.2)
    raise AssertionError(f"after {seconds} s still not: {message}")


@contextmanager
def later(seconds: float, what: Callable[[], Any]) -> Iterator[None]:
    """Does it while the block runs."""
    timer = threading.Timer(seconds, what)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
