"""A Kustomization of Flux that never becomes ready."""

import re
from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="flux-kustomization",
    title="A Kustomization of Flux that never becomes ready, or waits for less than it says",
    why="One that waits for itself never starts; a variable's name that is none fails the build; with `wait`, Flux "
    "passes over `healthChecks`.",
    bad="metadata: {name: train}\nspec: {dependsOn: [{name: train}]}",
    good="metadata: {name: train}\nspec: {dependsOn: [{name: features}]}",
    source="fluxcd/kustomize-controller v1.9, docs/spec/v1/kustomizations.md; fluxcd/pkg/kustomize; the CRD's rules",
)
VARIABLE = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")


def check(body: Body) -> Iterator[Fault]:
    """What it waits for, and what it fills in."""
    spec, meta = map_at(body, "spec"), map_at(body, "metadata")
    for path, one in maps_at(spec, "dependsOn"):
        namespace = text_at(one, "namespace") or text_at(meta, "namespace")
        if text_at(one, "name") and one.get("name") == meta.get("name") and namespace == text_at(meta, "namespace"):
            yield Fault(("spec", *path, "name"), RULE.id, "it waits for itself", "remove it, or name another")
    for name in map_at(spec, "postBuild", "substitute"):
        if not VARIABLE.fullmatch(name):
            where = ("spec", "postBuild", "substitute", name)
            yield Fault(where, RULE.id, f"{code(name)} is no name of a variable", "use letters, digits and underscores")
    if spec.get("wait") is True and list_at(spec, "healthChecks"):
        message = "`wait: true` waits for everything, and passes over `healthChecks`"
        yield Fault(("spec", "healthChecks"), RULE.id, message, "remove one of the two", "warning")
    kube = map_at(spec, "kubeConfig")
    if kube and bool(kube.get("secretRef")) == bool(kube.get("configMapRef")):
        message = "a cluster is named by `secretRef` or by `configMapRef`"
        yield Fault(("spec", "kubeConfig"), RULE.id, message, "say one of the two")
