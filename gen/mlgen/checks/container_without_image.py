"""A container that has no image to run."""

from collections.abc import Iterator, Sequence

from mlgen.checks.containers import containers
from mlgen.manifest import Manifest
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import span_of

RULE = Rule(
    id="container-without-image",
    title="A container without an image",
    why="The schema leaves the image open, and the API server refuses the pod. A patch whose container has a name of "
    "its own makes another container, and does not change the one that was meant.",
    bad="patches: [{kind: Job, spec: {template: {spec: {containers: [{name: mian, tty: true}]}}}}]",
    good="patches: [{kind: Job, spec: {template: {spec: {containers: [{name: main, tty: true}]}}}}]",
    source="kubernetes/pkg/apis/core/validation, validateContainerCommon",
)
# Others' operators may fill the image in.
GROUPS = ("", "apps", "batch")


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """Every container in Kubernetes' own kinds."""
    for manifest in manifests:
        if manifest.ref.group in GROUPS:
            every = list(containers(manifest.body))
            named = [f"`{container.get('name')}`" for _, container in every if "image" in container]
            for path, container in every:
                if "image" not in container:
                    whose = f"{manifest.ref.kind}/{manifest.ref.name}"
                    message = f"the container `{container.get('name')}` of {whose} has no image"
                    hint = f"give it one, or name the container that is meant: {', '.join(named)}" if named else ""
                    yield Problem(RULE.id, span_of(manifest.origins, path), message, hint or "give it one")
