"""Where the values of secrets come from, and the module that speaks to each source."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from mlgen import connections
from mlgen.node import Node
from mlgen.objects import Object
from mlgen.problem import MlgenError, Problem
from mlgen.secrets import csi, existing, external_secrets, sealed_secrets, sops
from mlgen.site import Site, Workload
from mlgen.trace import Draft, Made, made, said


class Provider(Protocol):
    """A module that provides secrets."""

    def name(self, secret: Node, site: Site) -> Made:
        """The name of the Secret that holds ``secret``'s keys."""

    def objects(self, secret: Node, keys: Node, site: Site) -> Iterator[Object]:
        """What must stand in the cluster so that this Secret comes to be."""

    def volume(self, secret: Node, site: Site) -> Draft:
        """What a pod must mount so that this Secret is there; None if nothing."""


PROVIDERS: dict[str, Provider] = {
    "csi": csi,
    "existing": existing,
    "external-secrets": external_secrets,
    "sealed-secrets": sealed_secrets,
    "sops": sops,
}
FOLDER = "/mnt/secrets-store"  # where the driver's own documentation mounts


class Used(NamedTuple):
    """A secret that a workload uses: its name, its keys, and where the workload asks for it."""

    name: Node
    keys: Node
    asked: Node


class Mount(NamedTuple):
    """A volume that a pod needs for a secret, and where its container sees it."""

    name: Made
    path: Made
    source: Draft


def used(workload: Workload) -> Iterator[Used]:
    """The project's secrets that the workload names, then those of its connections. A check reports unknown ones."""
    listed = workload.spec.get("secrets")
    for asked in listed.items if listed is not None else []:
        if said(asked) in workload.secrets:
            yield Used(workload.names[f"secrets/{said(asked)}"], workload.secrets[said(asked)], asked)
    for name, offer in connections.used(workload):
        if "secret" in offer:
            yield Used(name, offer["secret"], name)


def variables(workload: Workload) -> Iterator[Draft]:
    """One environment variable for each key of each secret, as a container has it."""
    provider = _provider(workload.site)
    for secret, keys, asked in used(workload):
        for key in keys.items:
            reference: Draft = {"name": provider.name(secret, workload.site), "key": key}
            yield made({"name": key, "valueFrom": {"secretKeyRef": reference}}, asked)


def mounts(workload: Workload) -> Iterator[Mount]:
    """What the workload's pods must mount so that their variables have values."""
    for secret, _, asked in used(workload):
        source = _provider(workload.site).volume(secret, workload.site)
        if source is not None:
            name = said(secret)
            yield Mount(made(f"secret-{name}", asked), made(f"{FOLDER}/{name}", asked), source)


def objects(workload: Workload) -> Iterator[Object]:
    """What must stand in the cluster. Two workloads that use one secret make the same objects.

    Raises MlgenError for all secrets together that cannot come to be.
    """
    problems: list[Problem] = []
    for secret, keys, _ in used(workload):
        try:
            yield from _provider(workload.site).objects(secret, keys, workload.site)
        except MlgenError as error:
            problems += error.problems
    if problems:
        raise MlgenError(*problems)


def _provider(site: Site) -> Provider:
    return PROVIDERS[said(site.offer["secrets"]["from"])]
