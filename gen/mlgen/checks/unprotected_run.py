"""A run, or what it stands on, that somebody lets be pruned."""

from collections.abc import Iterator

from mlgen import hatch, kinds
from mlgen.problem import MlgenError, Problem
from mlgen.protection import KEPT, MEND, RULE_ID
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id=RULE_ID,
    title="A run, or what it stands on, is said to be pruned",
    why="When another run takes its place, Argo CD or Flux would delete it: it is killed if it still runs, and its "
    "record and its logs are lost. Without the claim or the account that it stands on it would fail. An environment "
    "that wants neither kept says `history: prune`.",
    bad="patches: [{kind: TFJob, metadata: {annotations: {kustomize.toolkit.fluxcd.io/prune: enabled}}}]",
    good="history: prune            # in the environment",
    source="argo-cd, docs/user-guide/sync-options.md; fluxcd/kustomize-controller, docs/spec/v1/kustomizations.md",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Patches of a run that take its protection away. What contradicts it is found where it is protected."""
    if said(workload.site.offer["history"]) == "prune":
        return
    for patch in hatch.patches(workload):
        annotations = patch.find("metadata", "annotations")
        for key, node in annotations.entries.items() if annotations is not None else ():
            if key in KEPT and node.value is None and _runs(workload):
                where = said(workload.site.offer["name"])
                message = f"without `{key}`, Argo CD or Flux would delete what `{workload.name}` runs in `{where}`"
                yield Problem(RULE.id, node.span, message, MEND)


def _runs(workload: Workload) -> bool:
    try:
        return any(draft.run for draft in kinds.build(workload))
    except MlgenError:  # the build says why
        return False
