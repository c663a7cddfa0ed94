"""The pieces every Kubernetes object has: its identity, its labels, and names made from content."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mlgen.node import Node
from mlgen.site import Site, Workload
from mlgen.trace import Draft, Made, made, split

MANAGED_BY = "mlgen"
OWNER = "mlgen.dev/owner"
# What holds data, and a namespace, which takes every claim in it with it: Argo CD asks somebody before it goes, and
# Flux never lets it go by itself.
ASK_FIRST: Mapping[str, Draft] = {
    "argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm",
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
}

# What ties an account to an identity of a cloud, by the word of an environment for that identity. Each cloud then gives
# the account's pods a token: Azure to those with a label (Azure/azure-workload-identity, "Service Account Labels and
# Annotations"), AWS (aws/amazon-eks-pod-identity-webhook) and Google (Workload Identity Federation for GKE) to all.
ACCOUNTS: Mapping[str, str] = {
    "clientId": "azure.workload.identity/client-id",
    "role": "eks.amazonaws.com/role-arn",
    "serviceAccount": "iam.gke.io/gcp-service-account",
}


class Object(NamedTuple):
    """One Kubernetes object as a builder drafts it.

    ``because`` are the places that made it be there. ``shared`` is False for what cannot stand in base: its name
    depends on its content or on the environment. ``run`` is True for what runs once and is named by its content;
    patches are part of that, so its body has them already, and ``bare`` is the body without them. ``within`` is True
    for what something else will create: it is judged, and stands in no file of its own.
    """

    body: Mapping[str, Draft]
    because: tuple[Node, ...]
    shared: bool = True
    run: bool = False
    bare: Mapping[str, Draft] | None = None
    within: bool = False


def labels(site: Site, component: Node | Made | None, **more: Draft) -> dict[str, Draft]:
    """The labels of an object and of every pod template. ``mlgen.dev/*`` never change: selectors use those.

    ``component`` is None for what a project has once.
    """
    project = site.project["name"]
    return {
        "app.kubernetes.io/name": project,
        "app.kubernetes.io/component": component,
        "app.kubernetes.io/managed-by": MANAGED_BY,
        OWNER: site.project["owner"],
        "mlgen.dev/project": project,
        **more,
    }


def workload_labels(workload: Workload, user: Node | None = None) -> dict[str, Draft]:
    """The labels of a workload's objects; of those of one user, with the user."""
    name = made(f"{workload.name}-{workload.part}", workload.key) if workload.part else workload.key
    more: dict[str, Draft] = {"mlgen.dev/workload": name}
    return labels(workload.site, name, **more, **({"mlgen.dev/user": user} if user is not None else {}))


def pod_labels(workload: Workload, user: Node | None = None) -> dict[str, Draft]:
    """The labels of its pods, and not the owner: a team that is renamed would start every training anew.

    That they act as the environment's identity is a label of theirs, not of the account.
    """
    client = workload.site.offer.find("workloadIdentity", "clientId")
    use: dict[str, Draft] = {} if client is None else {"azure.workload.identity/use": made("true", client)}
    kept = {key: value for key, value in workload_labels(workload, user).items() if key != OWNER}
    return {**kept, **use}


def identity(site: Site) -> dict[str, Draft] | None:
    """The annotation by which an account becomes the environment's identity, where it has one."""
    offered = site.offer.get("workloadIdentity")
    found = {ACCOUNTS[key]: node for key, node in offered.entries.items()} if offered is not None else {}
    return dict(found) or None


def selector(all_labels: Mapping[str, Draft]) -> dict[str, Draft]:
    """The labels that select a workload's pods: those that never change."""
    return {
        key: all_labels[key]
        for key in ("mlgen.dev/project", "mlgen.dev/workload", "mlgen.dev/user")
        if key in all_labels
    }


def metadata(site: Site, name: Draft, all_labels: Mapping[str, Draft], **more: Draft) -> dict[str, Draft]:
    """The metadata of a namespaced object."""
    return {"name": name, "namespace": site.namespace, "labels": all_labels, **more}


def content_hash(*parts: Draft) -> str:
    """Ten hexadecimal digits that say what ``parts`` are, whatever the order of their keys."""
    import hashlib  # with OpenSSL behind it, and most commands name nothing

    plain = [split(part, ())[0] for part in parts]
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def service_account(workload: Workload) -> Object:
    """An account of the workload's own, with no rights."""
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata(
            workload.site, named(workload), workload_labels(workload), annotations=identity(workload.site)
        ),
        "automountServiceAccountToken": False,
    }
    return Object(body, (workload.key,))


def named(workload: Workload, *suffixes: str, sources: Iterable[Node] = ()) -> Made:
    """The name of one of a workload's objects: the workload's own with ``suffixes`` after it."""
    return made("-".join([workload.object_name, *suffixes]), workload.key, *sources)
