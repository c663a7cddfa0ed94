"""The pipeline's own program: its plan, its steps' objects and the Kubernetes API -> every step started in its turn.

It runs in the cluster, in one Job for each execution, with nothing but Python's standard library (3.8 or newer); read
it from the end. It keeps no state. What it creates has names that follow from its Job, and belongs to that Job: a new
pod of the Job finds what an earlier one created and goes on; when the Job goes, all of it goes.
"""

from __future__ import annotations

import hashlib
import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Json = dict[str, Any]

HERE = Path(__file__).absolute().parent
ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp"
CONDITIONS = ("status", "conditions")
REASONS = (("status", "applicationState", "errorMessage"), ("status", "currentState", "message"))
FAILED = 3  # the exit code that tells the Job not to try again: a step has failed for good
INTERVAL = 5.0  # seconds between two looks
SLOWEST = 60.0  # the same, while the API does not answer
TOLD_IN = 3000  # seconds that whoever is told of a failure may take


class RefusedError(Exception):
    """The API said no, and will say so again."""

    def __init__(self, told: str, code: int) -> None:
        super().__init__(told)
        self.code = code


class UnansweredError(Exception):
    """The API did not answer, or asked to come back later."""


class Api:
    """The Kubernetes API of one namespace, as its account may use it."""

    def __init__(self, base: str, namespace: str, account: Path = ACCOUNT) -> None:
        self.base, self.namespace, self.account = base, namespace, account
        self.tls = ssl.create_default_context(cafile=str(account / "ca.crt")) if base.startswith("https:") else None

    def call(self, method: str, kind: Json, name: str = "", body: Json | None = None) -> Json:
        """One request about objects of ``kind``. Raises RefusedError or UnansweredError."""
        root = "api" if "/" not in kind["apiVersion"] else "apis"
        place = f"{self.base}/{root}/{kind['apiVersion']}/namespaces/{self.namespace}/{kind['plural']}"
        request = urllib.request.Request(f"{place}/{name}" if name else place, method=method)
        request.add_header("Content-Type", "application/json")
        token = (self.account / "token").read_text("utf-8").strip()  # it is renewed now and then
        request.add_header("Authorization", f"Bearer {token}")
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=30, context=self.tls) as answer:
                return json.loads(answer.read())  # type: ignore[no-any-return]
        except urllib.error.HTTPError as error:
            told = f"{error.code} {error.reason}: {error.read().decode(errors='replace')[:1000]}"
            if error.code in (401, 429) or error.code >= 500:
                raise UnansweredError(told) from error
            raise RefusedError(told, error.code) from error
        except (OSError, ValueError) as error:
            raise UnansweredError(str(error)) from error


def say(text: str) -> None:
    """A line of the log."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Step:
    """A workload as this execution starts it: once, and again as often as ``retries`` allows."""

    def __init__(self, plan: Json, text: str, execution: Execution) -> None:
        self.name: str = plan["name"]
        self.after: list[str] = plan["after"]
        self.retries: int = plan["retries"]
        self.kind: Json = plan["kind"]
        self.text, self.execution = text, execution
        self.attempt = 0
        self.started = False
        self.result: bool | None = None

    @property
    def object_name(self) -> str:
        """It follows from the Job and the attempt, and is as long as that of a run of its own."""
        told = f"{self.execution.uid}/{self.attempt}"
        return f"{self.kind['name']}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"

    def body(self) -> Json:
        """The object, with what only this execution knows filled in."""
        text = self.text
        for mark, value in {**self.execution.values, "<run>": self.object_name}.items():
            text = text.replace(mark, json.dumps(value)[1:-1])
        body: Json = json.loads(text)
        body["metadata"]["ownerReferences"] = [self.execution.owner]
        return body

    def advance(self, api: Api) -> None:
        """Start it, or see how it is doing."""
        try:
            if not self.started:
                self.start(api)
            else:
                self.look(api.call("GET", self.kind, self.object_name))
        except RefusedError as error:
            gone = self.started and error.code == 404
            self.fail("somebody has deleted it" if gone else f"the API refuses it: {error}")

    def start(self, api: Api) -> None:
        """Create the object, unless an earlier pod of this execution did."""
        try:
            api.call("POST", self.kind, body=self.body())
            say(f"{self.name}: started {self.kind['kind']}/{self.object_name}")
        except RefusedError as error:
            if error.code != 409:
                raise
            found = api.call("GET", self.kind, self.object_name)
            owners = [one.get("uid") for one in found["metadata"].get("ownerReferences", [])]
            if self.execution.uid not in owners:
                raise
            say(f"{self.name}: goes on with {self.kind['kind']}/{self.object_name}")
        self.started = True

    def look(self, found: Json) -> None:
        """What the object says of itself."""
        outcome = judged(found, self.kind)
        if outcome is True:
            say(f"{self.name}: succeeded")
            self.result = True
        elif outcome is False:
            self.fail(f"{self.kind['kind']}/{self.object_name} has failed{reason_of(found, self.kind)}")

    def fail(self, why: str) -> None:
        """Try again, or give up."""
        say(f"{self.name}: {why}")
        if self.attempt < self.retries:
            self.attempt += 1
            self.started = False
        else:
            self.result = False

    def stop(self, api: Api) -> None:
        """Delete what still runs, with its pods."""
        if self.started and self.result is None:
            say(f"{self.name}: the time is up, so {self.kind['kind']}/{self.object_name} is deleted")
            try:
                api.call("DELETE", self.kind, self.object_name, {"propagationPolicy": "Background"})
            except (RefusedError, UnansweredError) as error:
                say(f"{self.name}: {error}")
            self.result = False


def judged(found: Json, kind: Json) -> bool | None:
    """Whether an object is over, and how: by the state that it names, or by its conditions."""
    types = [one.get("type") for one in at(found, *CONDITIONS) or [] if one.get("status") == "True"]
    states = [at(found, *kind["state"])] if kind["state"] else types
    if any(state in kind["failed"] for state in states):
        return False
    unless = kind.get("unless")
    return not (unless and at(found, *unless)) if any(state in kind["succeeded"] for state in states) else None


def at(found: Any, *path: str) -> Any:
    """What stands at ``path``, or nothing."""
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def reason_of(found: Json, kind: Json) -> str:
    """What the object says about why it failed."""
    told = [one.get("message") for one in at(found, *CONDITIONS) or [] if one.get("type") in kind["failed"]]
    told += [at(found, *path) for path in REASONS]
    return "".join(f": {text}" for text in told if text)[:1000]


class Execution:
    """One execution: its Job, its plan, and what the plan's values are in it."""

    def __init__(self, plan: Json, job: Json) -> None:
        metadata = job["metadata"]
        self.uid: str = metadata["uid"]
        self.owner = {"apiVersion": "batch/v1", "kind": "Job", "name": metadata["name"], "uid": self.uid}
        self.began = moment(metadata["creationTimestamp"])
        meant = metadata.get("annotations", {}).get(SCHEDULED)
        self.values = values_of(plan, moment(meant) if meant else self.began)
        self.deadline = self.began + timedelta(seconds=plan["timeout"])


def values_of(plan: Json, meant: datetime) -> dict[str, str]:
    """What stands for each mark in the steps' objects."""
    values = {}
    for name, value in plan["parameters"].items():
        if "<scheduled." in value:
            value = value.replace("<scheduled.time>", local(meant, "UTC").strftime("%Y-%m-%dT%H:%M:%SZ"))
            value = value.replace("<scheduled.date>", local(meant, plan["timeZone"]).strftime("%Y-%m-%d"))
        values[f"<parameter.{name}>"] = value
    return values


def local(meant: datetime, zone: str) -> datetime:
    """The moment as clocks show it in ``zone``."""
    if zone in ("Etc/UTC", "UTC"):
        return meant.astimezone(timezone.utc)
    try:
        from zoneinfo import ZoneInfo

        return meant.astimezone(ZoneInfo(zone))
    except (ImportError, KeyError) as error:
        raise SystemExit(f"this image knows no time zone {zone}: it needs Python 3.9 and tzdata ({error})") from error


def moment(text: str) -> datetime:
    """A time as Kubernetes writes it."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


def execute(steps: list[Step], api: Api, deadline: datetime, wait: Callable[[float], None]) -> bool:
    """Run ``steps`` in their order; whether all have succeeded. After a failure nothing starts, and the rest ends."""
    pause = INTERVAL
    while True:
        done = {step.name for step in steps if step.result is True}
        broken = any(step.result is False for step in steps)
        active = [step for step in steps if step.result is None and (step.started or set(step.after) <= done)]
        if broken:
            active = [step for step in active if step.started]
        if not active:
            return not broken
        if datetime.now(timezone.utc) > deadline:
            for step in active:
                step.stop(api)
            return False
        pause = look_after(active, api, pause)
        if all(step.result is None for step in active):
            wait(pause)


def look_after(active: list[Step], api: Api, pause: float) -> float:
    """Advance each step; how long to wait until the next look."""
    try:
        for step in active:
            step.advance(api)
    except UnansweredError as error:
        say(f"the API does not answer: {error}")
        return min(pause * 2, SLOWEST)
    return INTERVAL


def own_job(api: Api, name: str, wait: Callable[[float], None]) -> Json:
    """The Job that this pod is of; as soon as the API answers."""
    pause = INTERVAL
    while True:
        try:
            return api.call("GET", {"apiVersion": "batch/v1", "plural": "jobs"}, name)
        except UnansweredError as error:
            say(f"the API does not answer: {error}")
            pause = min(pause * 2, SLOWEST)
            wait(pause)


def run(api: Api, job_name: str, folder: Path, wait: Callable[[float], None] = time.sleep) -> int:
    """One execution from its beginning to its end; the exit code."""
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    execution = Execution(plan, own_job(api, job_name, wait))
    steps, told = (
        [Step(one, (folder / f"{one['name']}.json").read_text("utf-8"), execution) for one in plan[key]]
        for key in ("steps", "onFailure")
    )
    if execute(steps, api, execution.deadline, wait):
        say("the pipeline has succeeded")
        return 0
    say("the pipeline has failed")
    execute(told, api, datetime.now(timezone.utc) + timedelta(seconds=TOLD_IN), wait)
    return FAILED


def main() -> int:
    """In a pod of the pipeline's Job."""
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST", ""), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    base = os.environ.get("MLGEN_API") or f"https://{f'[{host}]' if ':' in host else host}:{port}"
    account = Path(os.environ.get("MLGEN_ACCOUNT", ACCOUNT))
    return run(Api(base, os.environ["MLGEN_NAMESPACE"], account), os.environ["MLGEN_JOB"], HERE)


if __name__ == "__main__":
    sys.exit(main())
