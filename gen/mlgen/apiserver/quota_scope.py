"""A quota that counts what its scopes leave out."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="quota-scope",
    title="A quota of something that its scopes do not have",
    why="The API server refuses the ResourceQuota. Scopes choose pods, so only pods and their resources can be "
    "limited, and those of the scope BestEffort ask for no cpu or memory.",
    bad='scopes: [BestEffort]\nhard: {requests.cpu: "10"}',
    good='scopes: [BestEffort]\nhard: {pods: "10"}',
    source="kubernetes/pkg/apis/core/validation: validateResourceQuotaScopes, "
    "validateScopedResourceSelectorRequirement",
)
OF_PODS = frozenset("pods cpu memory limits.cpu limits.memory requests.cpu requests.memory".split())
EPHEMERAL = frozenset("ephemeral-storage requests.ephemeral-storage limits.ephemeral-storage".split())
COUNTS = frozenset(
    "pods services replicationcontrollers resourcequotas secrets configmaps persistentvolumeclaims services.nodeports "
    "services.loadbalancers".split()
)
STANDARD = OF_PODS | EPHEMERAL | COUNTS | {"requests.storage"}
OF_SCOPE = {
    "BestEffort": frozenset({"pods"}),
    "Terminating": OF_PODS,
    "NotTerminating": OF_PODS,
    "NotBestEffort": OF_PODS,
    "PriorityClass": OF_PODS,
    "CrossNamespacePodAffinity": OF_PODS,
    "VolumeAttributesClass": frozenset({"persistentvolumeclaims", "requests.storage"}),
}
OPPOSITES = ({"BestEffort", "NotBestEffort"}, {"Terminating", "NotTerminating"})


def check(body: Body) -> Iterator[Fault]:
    """The scopes against what is limited."""
    hard = map_at(body, "spec", "hard")
    scopes = {("spec", "scopes", index): scope for index, scope in enumerate(list_at(body, "spec", "scopes"))}
    chosen = maps_at(body, "spec", "scopeSelector", "matchExpressions")
    yield from _fitting(hard, {path: scope for path, scope in scopes.items() if isinstance(scope, str)})
    yield from _fitting(hard, {(*path, "scopeName"): text_at(one, "scopeName") for path, one in chosen})


def _fitting(hard: Body, scopes: dict[Path, str]) -> Iterator[Fault]:
    for path, scope in scopes.items():
        wrong = [name for name in hard if name in STANDARD and scope in OF_SCOPE and name not in OF_SCOPE[scope]]
        if wrong:
            named = ", ".join(code(name) for name in wrong)
            can = ", ".join(code(name) for name in sorted(OF_SCOPE[scope]))
            message = f"the scope {code(scope)} has no {named}"
            yield Fault(path, RULE.id, message, f"take the scope away, or limit {can} only")
    for pair in OPPOSITES:
        if pair <= set(scopes.values()):
            last = [path for path, scope in scopes.items() if scope in pair][-1]
            yield Fault(last, RULE.id, f"no pod is both: {' and '.join(sorted(pair))}", "take one of the two away")
