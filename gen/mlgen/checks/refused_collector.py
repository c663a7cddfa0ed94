"""A sweep on Katib, in a namespace that refuses what Katib puts beside its trials."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="refused-collector",
    title="A sweep on Katib in a namespace with restricted pod security",
    why="Into the pod of each trial Katib puts a container that reads what the trial prints, and it starts a pod that "
    "suggests what to try next. By themselves neither has a security context: the namespace refuses both, and the "
    "sweep waits for ever. No field of an Experiment changes that; Katib's own configuration does.",
    bad="platform: {sweep: katib-0.19}            # and the environment has `podSecurity: restricted`",
    good="init: {controller: {injectSecurityContext: true}}            # in katib-config; and a `securityContext` in "
    "each of its `suggestions`",
    source="katib 0.19, pkg/webhook/v1beta1/pod/inject_webhook.go, pkg/controller.v1beta1/suggestion/composer; "
    "kubernetes.io, Pod Security Standards",
    severity="warning",
)
RESTRICTED = "restricted"
OPERATOR = "katib-"


def check(workload: Workload) -> Iterator[Problem]:
    """A warning, for how Katib is configured cannot be seen here."""
    offer = workload.site.offer
    backend = offer.find("platform", workload.kind)
    if backend is None or not said(backend).startswith(OPERATOR) or offer["podSecurity"].value != RESTRICTED:
        return
    name = said(offer["name"])
    message = f"the trials of `{workload.name}` are refused, unless Katib was prepared, in `{name}`"
    hint = (
        "give Katib's configuration `injectSecurityContext: true`, and each of its `suggestions` a restricted "
        f"`securityContext`; or give `{name}` `podSecurity: baseline`"
    )
    yield Problem(RULE.id, workload.spec["kind"].span, message, hint, "warning", ((backend.span, "Katib"),))
