"""A project in an environment -> an AppProject that bounds it and an Application that Argo CD keeps in sync.

An Application a file, and no ApplicationSet: that would list a project's environments in one file, which two branches
would both edit, and an error in its template would stop them all.
"""

from collections.abc import Iterator, Sequence

from mlgen.body import map_at, text_at
from mlgen.manifest import Manifest
from mlgen.node import Node
from mlgen.objects import Object, labels
from mlgen.pointers.aim import Aim
from mlgen.pointers.waves import FIRST, WAVE
from mlgen.pointers.waves import marked as marked
from mlgen.trace import Draft, made, said, text

TITLE = "Argo CD"
API = "argoproj.io/v1alpha1"
# How Argo CD calls the cluster that it runs in.
LOCAL = ("https://kubernetes.default.svc", "in-cluster")
# Deleting an Application that has it deletes what it applied, and Argo CD keeps an AppProject with it while it is used.
FINALIZER = "resources-finalizer.argocd.argoproj.io"
SCALERS = ("HorizontalPodAutoscaler", "ScaledObject")
# No `PruneLast`: see the waves.
OPTIONS = ("ApplyOutOfSyncOnly=true", "FailOnSharedResource=true", "ServerSideApply=true")
# A failed sync is tried again, with what is newest by then: a mended commit must not wait for the broken one.
RETRY: dict[str, Draft] = {
    "limit": 5,
    "backoff": {"duration": "10s", "factor": 2, "maxDuration": "5m"},
    "refresh": True,
}


def objects(aim: Aim) -> Iterator[Object]:
    """The AppProject first: an Application without it is refused."""
    yield _app_project(aim)
    yield _application(aim)


def _app_project(aim: Aim) -> Object:
    """What the project's repository may do: nothing outside its own namespace but what stands for it in the cluster."""
    project = aim.site.project
    namespaces = dict.fromkeys(manifest.ref.namespace for manifest in aim.manifests if manifest.ref.namespace)
    places: list[Draft] = [aim.site.namespace, *(one for one in sorted(namespaces) if one != said(aim.site.namespace))]
    secrets = any(manifest.ref[:2] == ("", "Secret") for manifest in aim.manifests)
    spec: dict[str, Draft] = {
        "description": text("{} in {}", project["name"], aim.site.offer["name"]),
        "sourceRepos": [aim.gitops["repository"]],
        "destinations": [_destination(aim, place) for place in places],
        "clusterResourceWhitelist": _cluster_wide(aim),
        "namespaceResourceBlacklist": None if secrets else [{"group": "", "kind": "Secret"}],
    }
    # Before the Application, and taken away after it.
    return _object(aim, "AppProject", spec, annotations={WAVE: FIRST})


def _application(aim: Aim) -> Object:
    ignored = _autoscaled(aim.manifests)
    options = [*OPTIONS, *(["RespectIgnoreDifferences=true"] if ignored else [])]
    spec: dict[str, Draft] = {
        "project": aim.name,
        "source": {
            "repoURL": aim.gitops["repository"],
            "targetRevision": aim.gitops["revision"],
            "path": aim.folder,
        },
        "destination": _destination(aim, aim.site.namespace),
        "syncPolicy": {
            "automated": {"prune": True, "selfHeal": True},
            "retry": RETRY,
            "syncOptions": sorted(options),
        },
        "ignoreDifferences": ignored or None,
    }
    return _object(aim, "Application", spec)


def _object(aim: Aim, kind: str, spec: Draft, annotations: Draft = None) -> Object:
    metadata: dict[str, Draft] = {
        "name": aim.name,
        "namespace": aim.gitops["namespace"],
        "labels": labels(aim.site, None),
        "annotations": annotations,
        # Where an environment is protected, what runs outlives its Application until somebody deletes it.
        "finalizers": None if aim.site.offer["protected"].value else [FINALIZER],
    }
    return Object({"apiVersion": API, "kind": kind, "metadata": metadata, "spec": spec}, (aim.gitops["engine"],))


def _destination(aim: Aim, namespace: Draft) -> Draft:
    where = aim.gitops["destination"]
    return {"server" if said(where).startswith("https://") else "name": where, "namespace": namespace}


def _cluster_wide(aim: Aim) -> list[Draft]:
    """The cluster's own objects by name; of a volume, whose name changes with its content, all names it may have.

    Argo CD looks away from what is not listed (`IsLiveResourcePermitted`) and would never prune it: so volumes are
    listed as long as the environment has storage, also when the last one goes.
    """
    own = made(f"{said(aim.site.namespace)}-*", aim.site.namespace)
    volumes = any(name in aim.site.offer["storage"] for name in ("blob", "files"))
    found: dict[tuple[str, str, str], Draft] = {}
    for manifest in aim.manifests:
        if not manifest.ref.namespace:
            pattern = manifest.ref.kind == "PersistentVolume" and manifest.ref.name.startswith(said(own)[:-1])
            name = said(own) if pattern else manifest.ref.name
            found[manifest.ref.group, manifest.ref.kind, name] = own if pattern else name
    if volumes:
        found.setdefault(("", "PersistentVolume", said(own)), own)
    return [{"group": group, "kind": kind, "name": name} for (group, kind, _), name in sorted(found.items(), key=_key)]


def _key(item: tuple[tuple[str, str, str], Draft]) -> tuple[str, str, str]:
    return item[0]


def _autoscaled(manifests: Sequence[Manifest]) -> list[Draft]:
    """The number of replicas of exactly what an autoscaler scales."""
    found: list[Draft] = []
    for manifest in manifests:
        if manifest.ref.kind in SCALERS:
            target = map_at(manifest.body, "spec", "scaleTargetRef")
            group = text_at(target, "apiVersion").rpartition("/")[0] or "apps"
            one: dict[str, Draft] = {
                "group": group,
                "kind": text_at(target, "kind") or "Deployment",
                "name": text_at(target, "name"),
                "namespace": manifest.ref.namespace,
                "jsonPointers": ["/spec/replicas"],
            }
            found.append(made(one, *_because(manifest)))
    return found


def _because(manifest: Manifest) -> tuple[Node, ...]:
    return manifest.origins.get(("spec", "scaleTargetRef", "name"), ())
