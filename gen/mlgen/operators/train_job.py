"""A TrainJob that its webhook refuses."""

import re
from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="train-job",
    title="A TrainJob that Kubeflow Trainer refuses",
    why="The runtime decides how processes find each other and what runs; its webhook and the CRD's rules refuse what "
    "would undo that.",
    bad="runtimeRef: {name: torch-distributed, kind: Runtime}",
    good="runtimeRef: {name: torch-distributed, kind: ClusterTrainingRuntime}",
    source="kubeflow/trainer v2.3, pkg/webhooks/trainjob_webhook.go, pkg/runtime/framework/plugins/torch: "
    "Validate; the CRD's rules",
)
GROUP = "trainer.kubeflow.org"
KINDS = ("ClusterTrainingRuntime", "TrainingRuntime")
MANAGERS = ("trainer.kubeflow.org/trainjob-controller", "kueue.x-k8s.io/multikueue")
RESERVED = ("PET_NNODES", "PET_NPROC_PER_NODE", "PET_NODE_RANK", "PET_MASTER_ADDR", "PET_MASTER_PORT")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.+")
PREFIXED = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?/.+")


def check(body: Body) -> Iterator[Fault]:
    """What it refers to, what it sets, and who set it."""
    spec = map_at(body, "spec")
    kind, group = (text_at(spec, "runtimeRef", field) for field in ("kind", "apiGroup"))
    if kind and (not group or group == GROUP) and kind not in KINDS:
        yield Fault(("spec", "runtimeRef", "kind"), RULE.id, f"no runtime is a {code(kind)}", did_you_mean(kind, KINDS))
    if group and group != GROUP:
        message = f"runtimes are of the group {code(GROUP)}, not {code(group)}"
        yield Fault(("spec", "runtimeRef", "apiGroup"), RULE.id, message, "remove it")
    manager = text_at(spec, "managedBy")
    if manager and manager not in MANAGERS:
        yield Fault(("spec", "managedBy"), RULE.id, f"nobody is {code(manager)}", did_you_mean(manager, MANAGERS))
    for path, variable in maps_at(spec, "trainer", "env"):
        if variable.get("name") in RESERVED:
            message = f"the runtime sets {code(variable['name'])}"
            yield Fault(("spec", *path, "name"), RULE.id, message, "use `numNodes` and `numProcPerNode`")
    for part in ("dataset", "model"):
        uri = text_at(spec, "initializer", part, "storageUri")
        if uri and not URI.fullmatch(uri):
            where = ("spec", "initializer", part, "storageUri")
            yield Fault(where, RULE.id, f"{code(uri)} is no address", "begin it with a scheme: `hf://` or `s3://`")
    yield from _patches(spec)


def _patches(spec: Body) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, patch in maps_at(spec, "runtimePatches"):
        name, where = text_at(patch, "manager"), ("spec", *path, "manager")
        if name and not PREFIXED.fullmatch(name):
            message = f"{code(name)} does not say whose patch this is"
            yield Fault(where, RULE.id, message, "write a domain before it: `acme.example/team`")
        elif name and name in seen:
            yield Fault(where, RULE.id, f"{code(name)} has two patches", "join the two")
        seen.add(name)
