"""Something that a TrainJob cannot say, so that the cluster's runtime decides it."""

from collections.abc import Iterator

from mlgen import kinds, priority, schema
from mlgen.beside import network
from mlgen.kinds.trainjob import Version
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="runtime-decides",
    title="Something that only the runtime of a TrainJob can say",
    why="A TrainJob of Kubeflow Trainer runs the pods of a ClusterTrainingRuntime, and says differently what its "
    "operator's version has a field for. Retries and the class of a priority are in none; user, pod security and "
    "deadline are from 2.2 on, labels from 2.1 on: without them no network policy and no monitor finds the pods. Kueue "
    "places pods by fields of 2.2.",
    bad="workers: 4\nretries: 5            # and the environment has `platform: {pytorch: kubeflow-trainer-2.2}`",
    good="workers: 4            # how often a failed pod is tried again, `torch-distributed` says",
    source="kubeflow/trainer 2.0 to 2.3, pkg/apis/trainer/v1alpha1/trainjob_types.go",
)


def check(workload: Workload) -> Iterator[Problem]:
    """A warning for what is written in vain, an error where the pods would reach nobody."""
    version = _version(workload)
    if version is None or said(workload.spec["workers"]) == "1":
        return
    offer = workload.site.offer
    runtime, name = said(offer["runtimes"]["pytorch"]), said(offer["name"])
    related = ((offer["platform"]["pytorch"].span, "its operator"),)
    for key in _unsaid(version, workload):
        node = workload.spec.get(key)
        if node is not None and node.span.file != schema.load("project").file:
            message = f"`{key}` has no effect in `{name}`, where the runtime `{runtime}` decides it"
            hint = f"have it in `{runtime}`, and write `workloads: {{{workload.name}: {{{key}: null}}}}` for `{name}`"
            yield Problem(RULE.id, workload.spec.key_span(key), message, hint, "warning", related)
    if not version.entry_point and "command" not in workload.spec:
        message = f"without a `command`, `{workload.name}` runs that of `{runtime}` in `{name}`, not its image's own"
        hint = "write the `command`: that of the runtime which comes with 2.0 prints what is installed, and ends"
        yield Problem(RULE.id, workload.key.span, message, hint, "warning", related)
    yield from _unfit(workload, version)


def _unfit(workload: Workload, version: Version) -> Iterator[Problem]:
    """What the environment asks of the pods, and a TrainJob cannot say."""
    offer = workload.site.offer
    runtime, name = said(offer["runtimes"]["pytorch"]), said(offer["name"])
    related = ((offer["platform"]["pytorch"].span, "its operator"),)
    closed, level = offer["network"]["default"], offer["podSecurity"]
    if not version.labels and closed.value == "deny":
        message = f"the pods of `{workload.name}` would reach nobody in `{name}`: no network policy can name them"
        hint = "write `default: allow`, or have the operator brought to 2.1, where a TrainJob says its pods' labels"
        yield Problem(RULE.id, closed.span, message, hint, related=related)
    driver = offer.find("storage", "blob", "driver")
    if not version.labels and driver is not None and driver.value == "gcs" and network.used_data(workload, "blob"):
        message = f"the data of `{workload.name}` would not be mounted: nothing says that its pods ask for the bucket"
        hint = "keep the data on a claim, or have the operator brought to 2.1, where a TrainJob annotates its pods"
        yield Problem(RULE.id, workload.spec["workers"].span, message, hint, related=((driver.span, "the driver"),))
    queue = offer.get("queue")
    if not version.queue and queue is not None:
        message = f"`{workload.name}` would never leave the queue in `{name}`: Kueue starts TrainJobs of 2.2 and later"
        hint = "have the operator brought to 2.2, or take `queue` away: `queue: null`"
        yield Problem(RULE.id, queue.span, message, hint, related=related)
    scheduler, near = offer.get("scheduler"), offer.get("topology")
    if scheduler is not None:
        message = f"whether the pods of `{workload.name}` start together in `{name}`, `{runtime}` decides"
        hint = f"have a `podGroupPolicy` in `{runtime}`, or take `scheduler` away: `scheduler: null`"
        yield Problem(RULE.id, scheduler.span, message, hint, "warning", related)
    if near is not None and not version.labels:
        message = f"the pods of `{workload.name}` cannot say that they want to be near each other in `{name}`"
        hint = "have the operator brought to 2.1, where a TrainJob gives its pods an affinity, or an affinity in "
        yield Problem(RULE.id, near.span, message, f"{hint}`{runtime}`", "warning", related)
    if not version.security and level.value == "restricted":
        message = f"the pods of `{workload.name}` are refused in `{name}`, unless `{runtime}` has a security context"
        hint = f"have one in `{runtime}`, for the pod and the container `node`, or the operator brought to 2.2"
        yield Problem(RULE.id, workload.spec["workers"].span, message, hint, "warning", related)


def _version(workload: Workload) -> Version | None:
    found = getattr(kinds.backend(workload), "VERSION", None)
    return found if isinstance(found, Version) else None


def _unsaid(version: Version, workload: Workload) -> Iterator[str]:
    yield "retries"
    queued = priority.of(workload, "queue") if workload.site.offer.get("queue") is not None else None
    if priority.of(workload, "class") is not None and queued is None:
        yield "priority"
    if not version.deadline:
        yield "timeout"
    if not version.security:
        yield "runAsUser"
    if not version.labels:
        yield "metrics"
