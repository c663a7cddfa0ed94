"""A plain pipeline's program, run whole against an API server on the loopback: it starts, waits, fails, goes on."""

import ast
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import ROOT

from mlgen.pipelines import execution
from mlgen.pipelines.execution import FAILED, Api, run
from mlgen.pipelines.outcome import OUTCOMES

SOURCE = ROOT / "gen" / "mlgen" / "pipelines" / "execution.py"
UID = "3f2a9c1b-0d4e-4c55-9f30-1b2c3d4e5f60"
JOB_KIND = "batch/v1 Job"
Answer = tuple[int, dict[str, Any]]
Rule = Callable[[str, str, Any], Answer | None]


class Cluster:
    """What an API server of one namespace would hold, and what it is asked.

    ``status`` says what an object's status is when it is looked at for the n-th time; ``rules`` answer before it does.
    """

    def __init__(self, *, began: datetime | None = None, annotations: dict[str, str] | None = None) -> None:
        when = (began or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
        metadata = {"name": "nightly-1", "uid": UID, "creationTimestamp": when, "annotations": annotations or {}}
        self.objects: dict[str, dict[str, Any]] = {"jobs/nightly-1": {"metadata": metadata}}
        self.asked: list[str] = []
        self.looks: dict[str, int] = {}
        self.statuses: dict[str, list[Any]] = {}
        self.rules: list[Rule] = []
        self.deleted: list[str] = []

    def answer(self, method: str, path: str, body: Any) -> Answer:
        plural, _, name = path.partition("/namespaces/ml/")[2].partition("/")
        self.asked.append(f"{method} {plural}/{name or body['metadata']['name']}")
        for rule in self.rules:
            if (found := rule(method, f"{plural}/{name}", body)) is not None:
                return found
        if method == "POST":
            key = f"{plural}/{body['metadata']['name']}"
            if key in self.objects:
                return 409, {"message": "already exists"}
            self.objects[key] = body
            return 201, body
        key = f"{plural}/{name}"
        if key not in self.objects:
            return 404, {"message": f"{key} not found"}
        if method == "DELETE":
            self.deleted.append(self.step(self.objects.pop(key)))
            return 200, {}
        return 200, self.seen(key)

    def seen(self, key: str) -> dict[str, Any]:
        found = self.objects[key]
        statuses = self.statuses.get(self.step(found), [DONE]) if "spec" in found else [{}]
        self.looks[key] = self.looks.get(key, 0) + 1
        return {**found, "status": statuses[min(self.looks[key], len(statuses)) - 1]}

    @staticmethod
    def step(found: dict[str, Any]) -> str:
        return str(found.get("spec", {}).get("step"))

    def created(self) -> list[str]:
        """The steps whose objects are there, in the order in which they were made."""
        return [self.step(found) for found in self.objects.values() if "spec" in found]


DONE = {"conditions": [{"type": "SuccessCriteriaMet", "status": "True"}, {"type": "Complete", "status": "True"}]}
RUNS: dict[str, Any] = {"active": 1}
BROKEN = {"failed": 3, "conditions": [{"type": "Failed", "status": "True", "message": "backoff limit"}]}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def served(cluster: Cluster) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            assert self.headers["Authorization"] == "Bearer sesame"
            code, found = cluster.answer(self.command, self.path, body)
            data = json.dumps(found).encode() if code else b""
            if not code:  # the connection breaks
                self.close_connection = True
                return
            self.send_response(code)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = do_any  # noqa: N815  # http.server looks them up by these names

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def kind_of(named: str, name: str) -> dict[str, Any]:
    version, _, kind = named.partition(" ")
    outcome = OUTCOMES[named]
    words = {"state": list(outcome.state), "succeeded": list(outcome.succeeded), "failed": list(outcome.failed)}
    return {"apiVersion": version, "kind": kind, "plural": outcome.plural, "name": name, **words}


def step(name: str, *after: str, retries: int = 0) -> dict[str, Any]:
    return {"name": name, "after": list(after), "retries": retries, "kind": kind_of(JOB_KIND, name)}


def written(folder: Path, *steps: dict[str, Any], **more: Any) -> Path:
    """The folder that the ConfigMap becomes."""
    plan = {"timeout": 3600, "timeZone": "Etc/UTC", "parameters": {}, "steps": steps, "onFailure": [], **more}
    (folder / "plan.json").write_text(json.dumps(plan), "utf-8")
    for one in (*steps, *plan["onFailure"]):
        variables = [{"name": "MLGEN_RUN", "value": "<run>"}, {"name": "DAY", "value": "<parameter.DAY>"}]
        body = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "<run>", "namespace": "ml"},
            "spec": {"step": one["name"], "env": variables},
        }
        (folder / f"{one['name']}.json").write_text(json.dumps(body), "utf-8")
    (folder / "token").write_text("sesame\n", "utf-8")
    return folder


def executed(served: str, folder: Path, waits: list[float] | None = None) -> int:
    """The exit code; time passes at once."""
    return run(Api(served, "ml", folder), "nightly-1", folder, (waits if waits is not None else []).append)


def test_each_step_starts_when_those_before_it_have_succeeded(cluster: Cluster, served: str, tmp_path: Path) -> None:
    cluster.statuses = {"a": [RUNS, RUNS, DONE], "b": [RUNS, DONE]}
    assert executed(served, written(tmp_path, step("c", "a", "b"), step("b"), step("a"))) == 0
    assert cluster.created() == ["b", "a", "c"]
    last = [line for line in cluster.asked if line.startswith("POST")][-1]
    assert cluster.asked.index(last) > 6, "c waits for a"


def test_what_it_creates_belongs_to_its_job_and_has_a_name_of_its_own(
    cluster: Cluster, served: str, tmp_path: Path
) -> None:
    assert executed(served, written(tmp_path, step("a"), step("b", "a"))) == 0
    made = [found for found in cluster.objects.values() if "spec" in found]
    names = [found["metadata"]["name"] for found in made]
    assert len({name.rpartition("-")[2] for name in names}) == 1, "one execution and attempt, one suffix"
    for found, name in zip(made, names, strict=True):
        assert found["metadata"]["ownerReferences"] == [
            {"apiVersion": "batch/v1", "kind": "Job", "name": "nightly-1", "uid": UID}
        ]
        assert found["spec"]["env"][0]["value"] == name
        assert name[:2] in ("a-", "b-")
        assert len(name) == len("a-") + 10


def test_a_failure_stops_what_has_not_started_and_waits_for_what_runs(
    cluster: Cluster, served: str, tmp_path: Path
) -> None:
    cluster.statuses = {"a": [BROKEN], "b": [RUNS] * 5 + [DONE]}
    steps = [step("a"), step("b"), step("c", "b"), step("d", "a")]
    told = [step("notify")]
    assert executed(served, written(tmp_path, *steps, onFailure=told)) == FAILED
    assert cluster.created() == ["a", "b", "notify"]
    assert cluster.looks[next(key for key in cluster.objects if key.startswith("jobs/b-"))] == 6


def test_a_failed_step_is_started_again_under_another_name(cluster: Cluster, served: str, tmp_path: Path) -> None:
    tries: Iterator[dict[str, Any]] = iter([BROKEN, BROKEN, DONE])
    statuses: dict[str, dict[str, Any]] = {}

    def by_name(method: str, key: str, body: Any) -> Answer | None:
        if method == "GET" and key.startswith("jobs/a-"):
            if key not in statuses:
                statuses[key] = next(tries)
            return 200, {**cluster.objects[key], "status": statuses[key]}
        return None

    cluster.rules = [by_name]
    assert executed(served, written(tmp_path, step("a", retries=2))) == 0
    assert cluster.created() == ["a", "a", "a"]
    assert len({found["metadata"]["name"] for found in cluster.objects.values()}) == 4


def test_retries_have_an_end(cluster: Cluster, served: str, tmp_path: Path) -> None:
    cluster.statuses = {"a": [BROKEN]}
    assert executed(served, written(tmp_path, step("a", retries=1))) == FAILED
    assert cluster.created() == ["a", "a"]


@pytest.mark.parametrize("trouble", [500, 503, 429, 401, 0])
def test_an_api_that_does_not_answer_is_asked_again_more_and_more_slowly(
    trouble: int, cluster: Cluster, served: str, tmp_path: Path
) -> None:
    left = [6]

    def busy(method: str, key: str, body: Any) -> Answer | None:
        left[0] -= 1
        return None if left[0] < 0 or left[0] % 3 == 2 else (trouble, {"message": "come back later"})

    cluster.rules = [busy]
    cluster.statuses = {"a": [RUNS, DONE]}
    waits: list[float] = []
    assert executed(served, written(tmp_path, step("a")), waits) == 0
    assert cluster.created() == ["a"]
    assert max(waits) > min(waits)
    assert max(waits) <= execution.SLOWEST


def test_an_object_that_was_made_though_the_answer_was_lost_is_found(
    cluster: Cluster, served: str, tmp_path: Path
) -> None:
    lost = [True]

    def loses(method: str, key: str, body: Any) -> Answer | None:
        if method == "POST" and lost:
            lost.pop()
            cluster.objects[f"jobs/{body['metadata']['name']}"] = body
            return 0, {}
        return None

    cluster.rules = [loses]
    assert executed(served, written(tmp_path, step("a"))) == 0
    assert cluster.created() == ["a"]


def test_a_new_pod_of_the_same_job_goes_on_where_the_last_one_stopped(
    cluster: Cluster, served: str, tmp_path: Path
) -> None:
    folder = written(tmp_path, step("a"), step("b", "a"))
    cluster.statuses = {"b": [RUNS]}

    class EvictedError(Exception):
        pass

    def evict(seconds: float) -> None:
        if cluster.created() == ["a", "b"]:
            raise EvictedError

    with pytest.raises(EvictedError):
        run(Api(served, "ml", folder), "nightly-1", folder, evict)
    assert cluster.created() == ["a", "b"]
    cluster.statuses = {}
    assert executed(served, folder) == 0
    assert cluster.created() == ["a", "b"], "nothing runs twice"


def test_another_jobs_object_of_that_name_is_not_taken_for_its_own(
    cluster: Cluster, served: str, tmp_path: Path
) -> None:
    def foreign(method: str, key: str, body: Any) -> Answer | None:
        if method == "POST":
            return 409, {"message": "already exists"}
        return (200, {"metadata": {}, "status": DONE}) if key.startswith("jobs/a-") else None

    cluster.rules = [foreign]
    assert executed(served, written(tmp_path, step("a"))) == FAILED


@pytest.mark.parametrize("refusal", [403, 404, 422])
def test_what_the_api_refuses_has_failed(
    refusal: int, cluster: Cluster, served: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.rules = [lambda method, key, body: (refusal, {"message": "no such kind"}) if method == "POST" else None]
    assert executed(served, written(tmp_path, step("a"))) == FAILED
    assert f"{refusal}" in capsys.readouterr().out


def test_an_object_that_somebody_deletes_has_failed(cluster: Cluster, served: str, tmp_path: Path) -> None:
    cluster.rules = [
        lambda method, key, body: (404, {"message": "gone"}) if method == "GET" and key.startswith("jobs/a-") else None
    ]
    assert executed(served, written(tmp_path, step("a"))) == FAILED


def test_when_the_time_is_up_what_runs_is_deleted(cluster: Cluster, served: str, tmp_path: Path) -> None:
    began = (datetime.now(UTC) - timedelta(seconds=3599)).strftime("%Y-%m-%dT%H:%M:%SZ")
    cluster.objects["jobs/nightly-1"]["metadata"]["creationTimestamp"] = began
    cluster.statuses = {"a": [RUNS], "b": [RUNS], "notify": [DONE]}
    folder = written(tmp_path, step("a"), step("b"), step("c", "a"), onFailure=[step("notify")])

    def wait(seconds: float) -> None:
        threading.Event().wait(0.2)

    assert run(Api(served, "ml", folder), "nightly-1", folder, wait) == FAILED
    assert sorted(cluster.deleted) == ["a", "b"]
    assert cluster.created() == ["notify"]


@pytest.mark.parametrize(
    ("meant", "zone", "value", "day"),
    [
        ("2026-11-24T23:30:00Z", "Etc/UTC", "<scheduled.date>", "2026-11-24"),
        ("2026-11-24T23:30:00Z", "Europe/Berlin", "<scheduled.date>", "2026-11-25"),
        ("2026-11-25T00:30:00+01:00", "Europe/Berlin", "<scheduled.date>", "2026-11-25"),
        ("2026-11-25T00:30:00+01:00", "Europe/Berlin", "at <scheduled.time>", "at 2026-11-24T23:30:00Z"),
        ("2026-11-24T23:30:00Z", "Etc/UTC", "always the same", "always the same"),
    ],
)
def test_the_steps_get_the_day_that_the_schedule_meant(
    meant: str, zone: str, value: str, day: str, cluster: Cluster, served: str, tmp_path: Path
) -> None:
    cluster.objects["jobs/nightly-1"]["metadata"]["annotations"] = {execution.SCHEDULED: meant}
    assert executed(served, written(tmp_path, step("a"), parameters={"DAY": value}, timeZone=zone)) == 0
    [made] = [found for found in cluster.objects.values() if "spec" in found]
    assert made["spec"]["env"][1]["value"] == day


def test_what_is_started_by_hand_means_now(cluster: Cluster, served: str, tmp_path: Path) -> None:
    cluster.objects["jobs/nightly-1"]["metadata"]["creationTimestamp"] = "2026-11-24T12:00:00Z"
    folder = written(tmp_path, step("a"), parameters={"DAY": "<scheduled.time>"}, timeout=10**9)
    assert executed(served, folder) == 0
    [made] = [found for found in cluster.objects.values() if "spec" in found]
    assert made["spec"]["env"][1]["value"] == "2026-11-24T12:00:00Z"


def test_an_unknown_time_zone_is_told_before_anything_starts(cluster: Cluster, served: str, tmp_path: Path) -> None:
    folder = written(tmp_path, step("a"), parameters={"DAY": "<scheduled.date>"}, timeZone="Mars/Olympus")
    with pytest.raises(SystemExit, match="Mars/Olympus"):
        executed(served, folder)
    assert cluster.created() == []


def test_the_program_runs_by_itself(cluster: Cluster, served: str, tmp_path: Path) -> None:
    """As the pod starts it: another Python, its own folder, its environment, nothing of mlgen to import."""
    folder = written(tmp_path, step("a"), parameters={"DAY": '"quoted" \\ and é'})
    (folder / "pipeline.py").write_bytes(SOURCE.read_bytes())
    environment = {"MLGEN_API": served, "MLGEN_NAMESPACE": "ml", "MLGEN_JOB": "nightly-1", "MLGEN_ACCOUNT": str(folder)}
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "pipeline.py")],
        env={**environment, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2:] == ["a: succeeded", "the pipeline has succeeded"]
    [made] = [found for found in cluster.objects.values() if "spec" in found]
    assert made["spec"]["env"][1]["value"] == '"quoted" \\ and é'


def test_it_needs_nothing_but_an_old_python() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 8))
    imported = {
        name.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    imported |= {str(node.module).partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names


def test_the_reference_platforms_own_pipeline_runs(cluster: Cluster, served: str, tmp_path: Path) -> None:
    """What is committed for its plain cluster, as the pod would have it."""
    text = (ROOT / "overlays" / "churn" / "dev" / "configmap-nightly.yaml").read_text("utf-8")
    for name, data in yaml.safe_load(text)["data"].items():
        (tmp_path / name).write_text(data, "utf-8")
    (tmp_path / "token").write_text("sesame", "utf-8")
    assert (tmp_path / "pipeline.py").read_bytes() == SOURCE.read_bytes()
    cluster.objects["jobs/nightly-1"]["metadata"]["annotations"] = {execution.SCHEDULED: "2026-11-24T02:00:00Z"}
    assert executed(served, tmp_path) == 0
    [made] = [found for found in cluster.objects.values() if "spec" in found]
    variables = {one["name"]: one.get("value") for one in made["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert variables["DATE"] == "2026-11-24"
    assert variables["MLGEN_RUN"] == made["metadata"]["name"]
    assert "<" not in json.dumps({**made, "spec": {**made["spec"], "template": variables}})
