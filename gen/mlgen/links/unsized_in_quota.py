"""A container that does not say what the quota of its namespace demands to know."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting, together
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="unsized-in-quota",
    title="A container does not say what the quota of its namespace counts",
    why="The API server refuses every such pod: `must specify limits.memory`.",
    bad="kind: ResourceQuota\nspec: {hard: {limits.memory: 64Gi}}            # and a container with `resources: {}`",
    good="resources: {limits: {memory: 2Gi}}",
    source="kubernetes/pkg/quota/v1/evaluator/core/pods.go: enforcePodContainerConstraints",
)
# What must be said, and where a container, or a LimitRange in its place, says it.
DEMANDS = {
    "cpu": ("requests", "cpu"),
    "memory": ("requests", "memory"),
    "requests.cpu": ("requests", "cpu"),
    "requests.memory": ("requests", "memory"),
    "limits.cpu": ("limits", "cpu"),
    "limits.memory": ("limits", "memory"),
}


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Each container against each quota and the defaults of its namespace; the first amount that is missing."""
    for index, quota in objects.of("ResourceQuota"):
        if list_at(quota, "spec", "scopes") or map_at(quota, "spec", "scopeSelector"):
            continue
        namespace = text_at(quota, "metadata", "namespace")
        given = _given(objects, namespace)
        keys = [key for key in map_at(quota, "spec", "hard") if key in DEMANDS and DEMANDS[key] not in given]
        for subject, pod in objects.pods if keys else ():
            if not together(text_at(pod.holder, "metadata", "namespace"), namespace):
                continue
            for path, container in pod.containers():
                missing = next((key for key in keys if not _says(container, *DEMANDS[key])), None)
                if missing is not None:
                    part, name = DEMANDS[missing]
                    message = f"this container has no {part[:-1]} for {code(name)}, and the quota counts them"
                    hint = f"write `resources: {{{part}: {{{name}: ...}}}}`, or give the namespace a LimitRange"
                    related = ((index, ("spec", "hard", missing), "the quota"),)
                    yield Finding(subject, Fault((*path, "name"), RULE.id, message, hint), related)


def _given(objects: Gathered, namespace: str) -> set[tuple[str, str]]:
    """What the LimitRanges of a namespace give to containers that say nothing."""
    found: set[tuple[str, str]] = set()
    for _, limits in objects.of("LimitRange"):
        if together(text_at(limits, "metadata", "namespace"), namespace):
            for _, one in maps_at(limits, "spec", "limits"):
                if one.get("type") == "Container":
                    found |= {("limits", name) for name in map_at(one, "default")}
                    found |= {("requests", name) for key in ("default", "defaultRequest") for name in map_at(one, key)}
                    found |= {(part, name) for part in ("limits", "requests") for name in map_at(one, "max")}
    return found


def _says(container: Body, part: str, name: str) -> bool:
    """What is limited is requested too."""
    resources = map_at(container, "resources")
    return name in map_at(resources, part) or (part == "requests" and name in map_at(resources, "limits"))
