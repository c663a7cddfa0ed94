"""How objects say that they are over: recorded statuses, as the plain program and as Argo Workflows reads them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import ROOT

from mlgen import engine, schema
from mlgen.kinds import KINDS
from mlgen.pipelines.execution import judged
from mlgen.pipelines.outcome import OUTCOMES, conditions
from mlgen.platform import load

RECORDED = [
    path
    for path in sorted((ROOT / "tests" / "health").glob("*/*.yaml"))
    if f"{(body := yaml.safe_load(path.read_text('utf-8')))['apiVersion']} {body['kind']}" in OUTCOMES
]
# What Argo cannot see: it is no success, and is over when the pipeline's time is.
UNSEEN = ("degraded-unbuildable",)
ENDED_WELL = ("complete", "succeeded")
TERM = re.compile(r"(?P<not>!)?(?P<key>[\w.]+)(?: in \((?P<some>[\w, ]+)\)| (?P<sign>==|>) (?P<value>\w+))?")


def argo(condition: str, found: Any) -> list[bool]:
    """Each part of a condition, as a selector of labels whose keys are paths in the object.

    (argo-workflows, workflow/executor/resource.go: gjsonLabels, matchConditions; apimachinery, labels.Requirement.)
    """
    terms = [match for match in TERM.finditer(condition) if match["key"].startswith("status.")]
    assert ", ".join(match[0] for match in terms) == condition, "nothing that a selector would not understand"
    return [matches(match, found) for match in terms]


def matches(term: re.Match[str], found: Any) -> bool:
    value = found
    for key in term["key"].split("."):
        if isinstance(value, list) and key.isdecimal():
            value = value[int(key)] if int(key) < len(value) else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
        if value is None:
            return term["not"] is not None
    if term["not"] is not None:
        return False
    if term["some"] is not None:
        return str(value) in term["some"].split(", ")
    if term["sign"] == ">":
        return int(value) > int(term["value"])
    return term["sign"] is None or str(value) == term["value"]


def meant(path: Path) -> bool | None:
    if path.stem.startswith("degraded"):
        return False
    return True if path.stem.startswith("healthy") and any(word in path.stem for word in ENDED_WELL) else None


def told(outcome: Any) -> dict[str, Any]:
    """As the plan of the plain program has it."""
    words = {"state": outcome.state, "succeeded": outcome.succeeded, "failed": outcome.failed, "unless": outcome.unless}
    return {key: list(value) for key, value in words.items()}


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_status_is_judged_as_it_is_meant(path: Path) -> None:
    """What is degraded has failed, what has ended well has succeeded, and nothing else is over."""
    found = yaml.safe_load(path.read_text("utf-8"))
    outcome = OUTCOMES[f"{found['apiVersion']} {found['kind']}"]
    assert judged(found, told(outcome)) is meant(path)
    succeeded, failed = (argo(one, found) for one in conditions(outcome))
    # Of a failure any part is enough, and it is asked for first; of a success all parts are needed.
    seen = False if any(failed) else True if all(succeeded) else None
    assert seen is (None if path.stem in UNSEEN else meant(path))


def test_every_kind_that_is_waited_for_has_a_failure_and_a_success_on_record() -> None:
    verdicts: dict[str, set[bool | None]] = {}
    for path in RECORDED:
        found = yaml.safe_load(path.read_text("utf-8"))
        verdicts.setdefault(f"{found['apiVersion']} {found['kind']}", set()).add(meant(path))
    assert verdicts == {named: {True, False, None} for named in OUTCOMES}


HEAD = "apiVersion: mlgen.dev/v1\n"
MORE = {
    "spark": "main: local:///a.py, executors: {count: 1}",
    "mpi": "command: [mpirun, train]",
    "ray": "command: [python, a.py]",
    "sweep": "command: [python, a.py], parameters: {a: [1, 2]}, objective: {metric: loss}",
}
SPECS: Any = {kind: schema.load("project").shape(f"#/definitions/kind-{kind}")["properties"] for kind in KINDS}
CHOICES = [
    (kind, backend) for kind, backends in KINDS.items() if kind not in ("notebook", "serving") for backend in backends
]


@pytest.mark.parametrize("orchestrator", ["job", "argo-workflows-3.7", "argo-workflows-4.1"])
@pytest.mark.parametrize(("kind", "backend"), CHOICES)
def test_every_kind_that_ends_can_be_a_step_on_every_engine(kind: str, backend: str, orchestrator: str) -> None:
    """`OUTCOMES` has a line for whatever such a workload becomes, of one pod or of several."""
    for workers in ("", ", workers: 2") if "workers" in SPECS[kind] else ("",):
        files = {
            "environments/base.yaml": f"{HEAD}kind: Environment\nname: base\nregistry: {{host: r.example.com}}\n",
            "environments/dev.yaml": f"{HEAD}kind: Environment\nname: dev\npodSecurity: baseline\n"
            f"platform: {{{kind}: {backend}, pipelines: {orchestrator}}}\n",
            "projects/demo/mlgen.yaml": f"{HEAD}kind: Project\nname: demo\nowner: ml\nimage: demo:1.0\n"
            f"workloads:\n  train: {{kind: {kind}, {MORE.get(kind, 'args: [x]')}{workers}}}\n"
            'pipelines:\n  nightly: {schedule: "0 2 * * *", steps: [train]}\nenvironments: {dev: {}}\n',
        }
        platform = load({path: text.encode() for path, text in files.items()})
        place = next(engine.places(platform, "demo"))
        severe = {problem.rule for problem in place.problems if problem.severity == "error"}
        if workers and severe == {"needs-operator"}:  # TensorFlow's rows of pods on a plain cluster
            continue
        assert not severe
        [inner] = place.within
        assert f"{inner.body['apiVersion']} {inner.ref.kind}" in OUTCOMES
        assert not [manifest for manifest in place.manifests if manifest.run]
