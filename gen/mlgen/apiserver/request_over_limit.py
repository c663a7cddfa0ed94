"""A container asks for more than it may use."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, map_at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.pods import TEMPLATES, Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="request-over-limit",
    title="A container asks for more than it may use",
    why="The API server refuses the pod, and so every pod that the object would make. What cannot be shared by "
    "overcommitting it (GPUs and other extended resources, huge pages) needs a limit, and a request that equals it.",
    bad='resources: {requests: {cpu: "4"}, limits: {cpu: "2"}}',
    good='resources: {requests: {cpu: "2"}, limits: {cpu: "4"}}',
    source="kubernetes/pkg/apis/core/validation: ValidateContainerResourceRequirements",
)


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """Each request against the limit of the same resource."""
    requests = map_at(container, "resources", "requests")
    if not requests:
        return
    limits = map_at(container, "resources", "limits")
    for name, asked in requests.items():
        most = limits.get(name)
        if asked == most or asked is None:
            continue
        if most is None and pod.owner not in TEMPLATES:
            continue  # a LimitRange may give the pod its limit, and nothing refuses the object itself
        if found := _wrong(name, asked, most):
            yield Fault((*path, "resources", "requests", name), RULE.id, *found)


def _wrong(name: str, asked: Json, most: Json) -> tuple[str, str] | None:
    whole = _never_shared(name)
    if most is None:
        message = f"{code(name)} is asked for and has no limit"
        return (message, f"set `limits` to the same amount: {code(name)} cannot be overcommitted") if whole else None
    wanted, allowed = quantity(asked), quantity(most)
    if wanted is None or allowed is None or wanted == allowed:
        return None
    if whole:
        message = f"{code(name)} asks for {code(asked)}, and the limit is {code(most)}: they must be equal"
        return message, f"write the same amount twice, or the limit only: {code(name)} cannot be overcommitted"
    if wanted > allowed:
        return f"{code(name)} asks for {code(asked)}, and the limit is {code(most)}", "raise the limit, or ask for less"
    return None


def _never_shared(name: str) -> bool:
    """Source: kubernetes/pkg/apis/core/helper: IsOvercommitAllowed."""
    return name.startswith("hugepages-") or ("/" in name and "kubernetes.io/" not in name)
