"""A key that a Secret or ConfigMap does not have."""

from collections.abc import Iterator

from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.problem import Fault, Finding
from mlgen.references import TEMPLATED
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="no-such-key",
    title="A key that the Secret or ConfigMap does not have",
    why="The pod stays in CreateContainerConfigError, or its volume cannot be mounted.",
    bad="valueFrom: {secretKeyRef: {name: wandb, key: api-key}}            # it has `API_KEY`",
    good="valueFrom: {secretKeyRef: {name: wandb, key: API_KEY}}",
    source="kubernetes/pkg/kubelet: makeEnvironmentVariables; volume/secret: MakePayload",
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Each key of a Secret or ConfigMap that is here, or comes of an object that is here and lists its keys."""
    for subject, reference in objects.references:
        if not reference.key or reference.optional or any(mark in reference.key for mark in TEMPLATED):
            continue
        found = objects.made(reference.kind, reference.name, reference.namespace)
        keys = [one.keys for _, one in found if one.keys is not None]
        if found and len(keys) == len(found) and not any(reference.key in some for some in keys):
            message = f"the {reference.kind} {code(reference.name)} has no key {code(reference.key)}"
            hint = did_you_mean(reference.key, sorted(frozenset().union(*keys))) or "add the key, or correct it"
            related = ((found[0][0], ("metadata", "name"), f"the {reference.kind}"),)
            yield Finding(subject, Fault(reference.key_path, RULE.id, message, hint), related)
