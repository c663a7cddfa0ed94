"""A model that is another one tomorrow."""

import re
from collections.abc import Iterator

from mlgen.body import maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.node import Json, Path
from mlgen.practice import containers
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="moving-model",
    title="A model that is another one tomorrow",
    why=(
        "A path that ends in `latest` is overwritten: what answers changes without a rollout, and nobody can go back."
    ),
    bad="storageUri: gs://models/churn/latest",
    good="storageUri: gs://models/churn/42",
    source="https://kserve.github.io/website/docs/model-serving/storage/overview",
    severity="warning",
    ignorable=True,
)

KEYS = frozenset(("storageUri", "storageURI", "modelUri"))
VARIABLES = frozenset(("MODEL_URI", "STORAGE_URI", "MODEL_PATH"))
MOVING = frozenset(("latest", "current", "newest", "head"))


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """The address of a model, in an InferenceService or a pod's variable, with a part that says no version."""
    for index, body in objects.of("InferenceService"):
        for path, uri in _models(body.get("spec"), ("spec",)):
            yield from _moving(index, path, uri)
    for index, pod in objects.pods:
        for path, container in containers.every(pod):
            for where, variable in maps_at(container, "env") if "env" in container else ():
                if text_at(variable, "name") in VARIABLES:
                    yield from _moving(index, (*path, *where, "value"), text_at(variable, "value"))


def _moving(index: int, path: Path, uri: str) -> Iterator[Finding]:
    found = next((part for part in re.split(r"[/:@=]", uri) if part.lower() in MOVING), None)
    if found is not None:
        message = f"{code(found)} is no version of a model"
        yield Finding(index, Fault(path, RULE.id, message, "write the version itself", "warning"))


def _models(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key in KEYS and isinstance(below, str):
                yield (*path, key), below
            else:
                yield from _models(below, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _models(item, (*path, index))
