"""Annotations of a pod that Kubernetes reads."""

from collections.abc import Iterator

from mlgen.body import map_at, text_at
from mlgen.faults.case import code
from mlgen.pods import TEMPLATES, Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="pod-annotation",
    title="An annotation of a pod that Kubernetes reads and does not understand",
    why="The API server refuses the pod. AppArmor profiles are named by container, and the cost of deletion is a "
    "number.",
    bad='annotations: {controller.kubernetes.io/pod-deletion-cost: "low"}',
    good='annotations: {controller.kubernetes.io/pod-deletion-cost: "-100"}',
    source="kubernetes/pkg/apis/core/validation: ValidatePodSpecificAnnotations",
)
APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
PROFILES = ("", "runtime/default", "unconfined")
SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
SECCOMP_PROFILES = ("runtime/default", "docker/default", "unconfined")
COST = "controller.kubernetes.io/pod-deletion-cost"
LARGEST = 2**31


def check(pod: Pod) -> Iterator[Fault]:
    """The annotations of Kubernetes' own in the pod's metadata."""
    if pod.owner not in TEMPLATES:
        return
    for key, value in map_at(pod.metadata, "annotations").items():
        if ".kubernetes.io/" in key and isinstance(value, str):
            for message, hint in _wrong(pod, key, value):
                yield Fault((*pod.metadata_path, "annotations", key), RULE.id, message, hint)


def _wrong(pod: Pod, key: str, value: str) -> Iterator[tuple[str, str]]:
    if key.startswith(APP_ARMOR):
        names = [text_at(container, "name") for _, container in pod.containers()]
        name = key.removeprefix(APP_ARMOR)
        if name not in names:
            yield f"the pod has no container {code(name)}", did_you_mean(name, names)
        if value not in PROFILES and not value.startswith("localhost/"):
            yield f"{code(value)} is no AppArmor profile", "write `runtime/default`, `unconfined` or `localhost/...`"
    elif key == SECCOMP or key.startswith(SECCOMP_CONTAINER):
        if value not in SECCOMP_PROFILES and not value.startswith("localhost/"):
            yield f"{code(value)} is no seccomp profile", "write `runtime/default`, `unconfined` or `localhost/...`"
    elif key == COST and not _is_cost(value):
        yield f"{code(value)} is no cost", "write a whole number, without a plus or zeros in front"


def _is_cost(text: str) -> bool:
    digits = text.removeprefix("-")
    plain = digits.isascii() and digits.isdigit() and len(digits) < 11 and (digits[0] != "0" or text == "0")
    return plain and -LARGEST <= int(text) < LARGEST
