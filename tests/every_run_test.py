"""Law 5, for every kind of run on every back-end: what render writes and Kustomize builds of it, before and after."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Build
from tests.terminal import HEAD, mlgen, repository

from mlgen.kinds import KINDS
from mlgen.manifest import Ref, ref
from mlgen.protection import asks, keeps

# Of each kind that runs to its end, what a workload says; `one` is an argument of what it runs.
WORKLOADS: Mapping[str, str] = {
    "job": "args: [--part, one]",
    "mpi": "command: [mpirun, python, -m, demo.train, one]\n    workers: 2",
    "pytorch": "command: [torchrun, -m, demo.train, one]\n    workers: 2",
    "ray": "command: [python, -m, demo.tune, one]\n    version: 2.52.0\n    workers: 2",
    "spark": 'main: "local:///opt/app.py"\n    args: [--part, one]\n    executors: {count: 2, cpu: 1, memory: 4Gi}',
    "sweep": "command: [python, -m, demo.train, one]\n    parameters: {depth: [1, 2]}\n    objective: {metric: loss}",
    "tensorflow": "command: [python, -m, demo.train, one]\n    workers: WORKERS",
}
STAY = {"notebook", "serving"}
ALONE = {("tensorflow", "job")}  # without an operator, TensorFlow trains in one pod
# Where networks are open: the labels of pods are the runtime's, or the operator has to be let in by name.
OPEN = {"kubeflow-trainer-2.0", "kuberay-1.4", "katib-0.19"}
RUNS = [(kind, backend) for kind, backends in KINDS.items() if kind not in STAY for backend in backends]
ENVIRONMENT = """\
podSecurity: baseline
registry: {{host: registry.example.com}}
network: {{default: {network}}}
storage:
  blob: {{driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}}
secrets: {{from: external-secrets, store: vault}}
existing: {{clusterSecretStores: [vault]}}
platform: {{{kind}: {backend}}}
"""
PROJECT = """\
owner: growth
image: demo:1.0
data:
  features: {{blob: demo/features}}
secrets:
  maps: [MAPS_KEY]
workloads:
  train:
    kind: {kind}
    {workload}
    data: [features]
    secrets: [maps]
    resources: {{cpu: 1, memory: 4Gi}}
environments: {{dev: {{}}}}
"""
SPEC = "projects/demo/mlgen.yaml"
Objects = dict[Ref, dict[str, Any]]


def test_every_kind_is_here() -> None:
    """A new kind of workload stays, or is a run that the tests below are about."""
    assert set(KINDS) == STAY | set(WORKLOADS)


def text(kind: str, backend: str) -> str:
    workload = WORKLOADS[kind].replace("WORKERS", "1" if (kind, backend) in ALONE else "2")
    written = HEAD.format("Project", "demo") + PROJECT.format(kind=kind, workload=workload)
    return written.replace("    resources: {cpu: 1, memory: 4Gi}\n", "") if kind == "spark" else written


def built(root: Path, kustomize: Build, spec: str) -> Objects:
    """What a cluster gets of ``spec``, once it is rendered."""
    repository(root, {SPEC: spec})
    done = mlgen(root, "render")
    assert done.code == 0, done
    return {ref(body): body for body in kustomize(root / "overlays" / "demo" / "dev")}


@pytest.fixture
def root(kind: str, backend: str, tmp_path: Path) -> Path:
    network = "allow" if backend in OPEN else "deny"
    offer = ENVIRONMENT.format(kind=kind, backend=backend, network=network)
    files = {
        "environments/base.yaml": HEAD.format("Environment", "base"),
        "environments/dev.yaml": HEAD.format("Environment", "dev") + offer,
    }
    return repository(tmp_path / "platform", files)


def rewritten(spec: str) -> str:
    """The same, written otherwise: quotes, a list in lines, another order, comments, Windows line ends."""
    lines = spec.replace("secrets: [maps]", "secrets:\n      - 'maps'   # for the maps").splitlines()
    data = next(line for line in lines if line.startswith("    data: "))
    lines.remove(data)
    end = next(number for number, line in enumerate(lines) if line.startswith("environments:"))
    lines[end:end] = ["    # what it reads", data]
    return "# demo\r\n" + "".join(f"{line}\r\n" for line in lines).replace("one", '"one"')


def stands_on(run: dict[str, Any], objects: Objects) -> Iterator[dict[str, Any]]:
    """What has to stay for as long as the run does: what its text names, as far as the cluster gets it from here."""
    words = str(run["spec"])
    for one, body in objects.items():
        if f"'{one.name}'" in words and one != ref(run):
            yield body


@pytest.mark.parametrize(("kind", "backend"), RUNS, ids=lambda value: str(value))
def test_what_says_the_same_keeps_the_name_and_another_argument_makes_one_new_run(
    kind: str, backend: str, root: Path, kustomize: Build
) -> None:
    """Reformatting keeps the name; a changed argument makes one new object and leaves the old one protected."""
    spec = text(kind, backend)
    first = built(root, kustomize, spec)
    assert built(root, kustomize, rewritten(spec)) == first
    second = built(root, kustomize, spec.replace("one", "two"))
    [new], [old] = second.keys() - first.keys(), first.keys() - second.keys()
    assert (new.kind, new.namespace, new.name[:-10]) == (old.kind, old.namespace, old.name[:-10])
    assert new.name.startswith("train-")
    assert keeps(first[old])
    assert keeps(second[new])
    needed = list(stands_on(first[old], first))
    assert {"PersistentVolumeClaim", "ServiceAccount"} <= {body["kind"] for body in needed}
    for body in needed:
        assert keeps(body) or asks(body), f"{body['kind']} would be pruned, and the run stands on it"
        assert second[ref(body)] == body, "what the old run stands on is as it was"


@pytest.mark.parametrize(("kind", "backend"), RUNS, ids=lambda value: str(value))
def test_where_history_is_pruned_the_name_is_the_same_and_nothing_is_kept(
    kind: str, backend: str, root: Path, kustomize: Build
) -> None:
    spec = text(kind, backend)
    first = built(root, kustomize, spec)
    path = root / "environments" / "dev.yaml"
    path.write_text(path.read_text("utf-8") + "history: prune\n", "utf-8")
    second = built(root, kustomize, spec)
    assert second.keys() == first.keys()
    assert any(keeps(body) for body in first.values())
    assert not any(keeps(body) for body in second.values())
