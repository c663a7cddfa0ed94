"""A selector that selects nothing that is here."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting, together
from mlgen.labelled import Labelled
from mlgen.links.selection import candidates, selected
from mlgen.node import Path
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="selects-nothing",
    title="A selector selects nothing",
    why="A Service without pods answers nobody, a policy protects nothing, a monitor scrapes nothing, and none of them "
    "says so.",
    bad="spec: {selector: {app: serv}}                 # the pods have `app: serve`",
    good="spec: {selector: {app: serve}}",
    source="kubernetes.io, concepts/overview/working-with-objects/labels",
)
# Where a kind's selector of pods stands; that of a Service is labels alone.
SELECTORS: dict[str, Path] = {
    "Service": ("spec", "selector"),
    "PodDisruptionBudget": ("spec", "selector"),
    "NetworkPolicy": ("spec", "podSelector"),
    "PodMonitor": ("spec", "selector"),
    "ServiceMonitor": ("spec", "selector"),
}
SERVICES = "ServiceMonitor"
MONITORS = ("PodMonitor", "ServiceMonitor")


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Each selector against the pods, or the Services, that are here; an empty one selects all."""
    for subject, body in objects.of(*SELECTORS):
        kind = text_at(body, "kind")
        path, selector = SELECTORS[kind], selector_of(body)
        if not any(selector.values()) or "externalName" in map_at(body, "spec"):
            continue
        among = services(objects) if kind == SERVICES else candidates(selector, objects)
        if not any(_seen(body, one) and selected(selector, one.namespace, [one]) for one in among):
            every = services(objects) if kind == SERVICES else objects.labelled
            yield Finding(subject, _fault(kind, path, selector, [one for one in every if _seen(body, one)]))


def selector_of(body: Body) -> Body:
    """The LabelSelector of an object of one of these kinds."""
    kind = text_at(body, "kind")
    found = map_at(body, *SELECTORS[kind])
    return {"matchLabels": found} if kind == "Service" else found


def services(objects: Gathered) -> list[Labelled]:
    """Every Service; of those that operators make nobody knows the labels."""
    found = []
    for name in dict.fromkeys(one.name for one in objects.creations.get("Service", ())):
        for index, one in objects.there["Service", name]:
            own = objects.bodies[index].get("kind") == "Service"
            labels = map_at(objects.bodies[index], "metadata", "labels") if own else None
            found.append(Labelled(index, one.namespace, labels))
    return found


def _seen(body: Body, one: Labelled) -> bool:
    """Whether the object looks into the namespace: a monitor may look into others."""
    namespace, other = text_at(body, "metadata", "namespace"), map_at(body, "spec", "namespaceSelector")
    if body.get("kind") in MONITORS and other:
        return other.get("any") is True or not one.namespace or one.namespace in list_at(other, "matchNames")
    return together(one.namespace, namespace)


def _fault(kind: str, path: Path, selector: Body, among: list[Labelled]) -> Fault:
    """At the one label that nothing has, if there is one; else at the selector."""
    things = "Service" if kind == SERVICES else "pod"
    labels = map_at(selector, "matchLabels")
    inner: Path = path if kind == "Service" else (*path, "matchLabels")
    for key, value in labels.items():
        values = [str(one.labels[key]) for one in among if one.labels is not None and key in one.labels]
        if str(value) not in values:
            message = f"this selects nothing: no {things} here has the label {code(f'{key}: {value}')}"
            return Fault((*inner, key), RULE.id, message, did_you_mean(str(value), values) or _hint(things))
    message = f"this selects nothing: no {things} here has all of these labels"
    return Fault(inner if labels else path, RULE.id, message, _hint(things))


def _hint(things: str) -> str:
    return f"write labels that a {things} has, or remove this object"
