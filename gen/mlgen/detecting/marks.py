"""The schemas of kinds, of pipelines and of environments -> how each back-end shows in a cluster's definitions.

What tells versions apart was found by comparing the definitions that the operators' releases publish.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from mlgen import profiles, shipped

WORD = "x-marks"
PIPELINES = "pipelines"


class Mark(NamedTuple):
    """A back-end of a key of ``platform``, and the definition that shows it by fields that it has and has no more."""

    key: str
    backend: str
    resource: str
    version: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@cache
def marks() -> tuple[Mark, ...]:
    """All of them. Of a key, what an environment would rather have is first; of a definition, what is older is last."""
    return tuple(mark for key in profiles.choices() for mark in _of(key))


def _of(key: str) -> Iterator[Mark]:
    file = "pipeline.json" if key == PIPELINES else f"kinds/{key}.json"
    choice = profiles.choices()[key]
    said = choice[WORD] if WORD in choice else json.loads(shipped.text("mlgen.schemas", file)).get(WORD, {})
    for backend, mark in said.items():
        fields = {word: tuple(mark.get(word, ())) for word in ("has", "lacks")}
        yield Mark(key, backend, mark["resource"], mark["version"], **fields)


# What else an environment may say of such a cluster, with what only people know in capitals: the definition, the
# version of it that is served, and the line. Where two are about one key, the first is meant.
BESIDE = (
    ("localqueues.kueue.x-k8s.io", "v1beta2", "queue: {from: kueue-0.19, cluster: NAME}"),
    ("localqueues.kueue.x-k8s.io", "v1beta1", "queue: {from: kueue-0.14, cluster: NAME}"),
    ("podgroups.scheduling.volcano.sh", "v1beta1", "scheduler: {from: volcano, queue: NAME}"),
    ("podgroups.scheduling.x-k8s.io", "v1alpha1", "scheduler: {from: coscheduling}"),
    ("externalsecrets.external-secrets.io", "v1", "secrets: {from: external-secrets, store: NAME}"),
    ("sealedsecrets.bitnami.com", "v1alpha1", "secrets: {from: sealed-secrets}"),
    ("podmonitors.monitoring.coreos.com", "v1", "monitoring: {from: prometheus-operator}"),
    ("httproutes.gateway.networking.k8s.io", "v1", "network: {gateway: {name: NAME, namespace: NAMESPACE}}"),
)
