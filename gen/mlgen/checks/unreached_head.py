"""Ray in a closed network that does not let its operator in."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="unreached-head",
    title="Ray in a closed network that does not let its operator in",
    why="KubeRay asks the head of each cluster how the run is. Where it gets no answer, the run is never over, and its "
    "cluster stays. The head takes programs from whoever reaches it, so only the operator's namespace is let in.",
    bad="network: {default: deny}",
    good="network: {default: deny}\noperators: {ray: kuberay}            # the namespace of KubeRay's operator",
    source="kuberay 1.4, ray-operator/controllers/ray/rayjob_controller.go: GetJobInfo",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Asks for the namespace where the network is closed."""
    offer = workload.site.offer
    closed = offer["network"]["default"]
    if on_ray(workload) and closed.value == "deny" and offer.find("operators", "ray") is None:
        message = f"nothing lets KubeRay reach the head of `{workload.name}` in `{said(offer['name'])}`"
        hint = "add `operators: {ray: NAMESPACE}`, the namespace of the operator's pod, to the environment"
        yield Problem(RULE.id, closed.span, message, hint, related=((workload.key.span, "this runs on Ray"),))


def on_ray(workload: Workload) -> bool:
    """Whether KubeRay makes a cluster of it."""
    server, backend = workload.spec.get("server"), workload.site.offer.find("platform", workload.kind)
    serves = server is not None and said(server) == "ray" and backend is not None
    return workload.kind == "ray" or (serves and said(backend or workload.key).startswith("kuberay-"))
