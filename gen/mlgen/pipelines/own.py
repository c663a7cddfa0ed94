"""A pipeline -> what stands around whatever runs it: an account, with just the rights to start and watch its steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mlgen import rights
from mlgen.node import Json, Node
from mlgen.objects import Object, service_account
from mlgen.pipelines.step import Started
from mlgen.site import Pipeline, Workload
from mlgen.trace import Draft, made, said

# What its pods ask for: they only wait.
NEEDED: Mapping[str, Json] = {"resources": {"cpu": "100m", "memory": "128Mi"}, "runAsUser": 1000}
IMAGE = "image"


def workload(pipeline: Pipeline) -> Workload:
    """The pipeline as something that runs itself; its image is the environment's for pipelines, else the project's."""
    asked = {"kind": "pipeline", **NEEDED}
    spec = {key: _node(value, pipeline.key) for key, value in asked.items()}
    image = pipeline.site.offer.find("pipelines", IMAGE)
    if image is not None:
        spec[IMAGE] = image
    whole = Node(spec, pipeline.key.span)
    return Workload(pipeline.key, whole, pipeline.image, {}, {}, {}, pipeline.site)


def account(own: Workload, *, token: bool) -> Object:
    """Its account; ``token`` tells whether pods that say nothing get its token."""
    found = service_account(own)
    return found._replace(body={**found.body, "automountServiceAccountToken": token})


def rules(steps: Sequence[Started], verbs: Sequence[str], more: Mapping[str, Sequence[str]]) -> Iterator[Draft]:
    """A rule for each kind of object that it starts; ``more`` are resources, by "group/name", that its engine needs."""
    kinds: dict[tuple[str, str], Started] = {}
    for one in steps:
        group = str(one.body["apiVersion"]).partition("/")[0]
        kinds.setdefault((group, one.outcome.plural), one)
    for (group, plural), one in kinds.items():
        yield made({"apiGroups": [group], "resources": [plural], "verbs": list(verbs)}, one.step.name)
    for resource, needed in more.items():
        group, _, plural = resource.rpartition("/")
        yield {"apiGroups": [group], "resources": [plural], "verbs": list(needed)}


def around(own: Workload, found: Sequence[Draft], *, token: bool) -> Iterator[Object]:
    """The account, its role and the binding."""
    yield account(own, token=token)
    yield rights.role(own, found)
    yield rights.role_binding(own)


def _node(value: Json, key: Node) -> Node:
    if isinstance(value, dict):
        return replace(key, value={name: _node(entry, key) for name, entry in value.items()})
    return replace(key, value=value, text=said(key))  # type: ignore[arg-type]  # no lists here
