"""A container uses a resource claim that its pod does not list."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="unlisted-claim",
    title="A container uses a resource claim that its pod does not list",
    why="The API server refuses the pod: a claim is the pod's, and its containers name those that they use.",
    bad="resourceClaims: [{name: gpu, resourceClaimTemplateName: gpu}]\n"
    "containers: [{resources: {claims: [{name: gpus}]}}]",
    good="resourceClaims: [{name: gpu, resourceClaimTemplateName: gpu}]\n"
    "containers: [{resources: {claims: [{name: gpu}]}}]",
    source="kubernetes/pkg/apis/core/validation: validateResourceClaimNames; KEP-4381",
)


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """Each name in `resources.claims`."""
    resources = container.get("resources")
    if not isinstance(resources, dict) or not resources.get("claims"):
        return
    known = [text_at(claim, "name") for _, claim in maps_at(pod.spec, "resourceClaims")]
    for where, claim in maps_at(resources, "claims"):
        name = text_at(claim, "name")
        if name and name not in known:
            hint = did_you_mean(name, filter(None, known)) or "add it to the pod's `resourceClaims`"
            yield Fault((*path, "resources", *where, "name"), RULE.id, f"the pod lists no claim {code(name)}", hint)
