"""A project's Manifests -> the same, with what its runs refer to protected from pruning as the runs are.

A run outlives the spec that made it: its record stays, and it may still be running. Whatever it stands on has to stay
with it. This changes metadata only, and so never the name of a run.
"""

from collections.abc import Iterable, Iterator, Mapping

from mlgen.body import Body, map_at
from mlgen.manifest import Manifest
from mlgen.node import Json, Node
from mlgen.problem import Problem
from mlgen.trace import Origins, place_of, said, span_of

RULE_ID = "unprotected-run"
MEND = "remove it; `history: prune` in the environment lets every run be pruned"
OPTIONS = "argocd.argoproj.io/sync-options"
ASKS = "Prune=confirm"  # somebody has to agree first: what holds data may be more than one run's
FLUX = "kustomize.toolkit.fluxcd.io/prune"
# Pruning a run's object kills the run and loses its record (facts of both engines: Argo CD's sync options,
# kustomize-controller's prune annotation).
KEPT: Mapping[str, str] = {
    OPTIONS: "Prune=false",
    "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
    FLUX: "disabled",
}
# Keys whose value is the name of an object, and the kind of that object.
NAMED: Mapping[str, str] = {
    "claimName": "PersistentVolumeClaim",
    "volumeName": "PersistentVolume",
    "serviceAccountName": "ServiceAccount",
    "serviceAccount": "ServiceAccount",  # as the Spark operator calls it
    "subdomain": "Service",
    "secretName": "Secret",
    "secretProviderClass": "SecretProviderClass",
}
# Keys whose value is a map with the name, or a list of such maps.
NAMING: Mapping[str, str] = {
    "configMap": "ConfigMap",
    "configMapRef": "ConfigMap",
    "configMapKeyRef": "ConfigMap",
    "configMaps": "ConfigMap",
    "secretKeyRef": "Secret",
    "secretRef": "Secret",
    "nodeStageSecretRef": "Secret",
    "imagePullSecrets": "Secret",
    "secretStoreRef": "SecretStore",
    "serviceAccountRef": "ServiceAccount",
}
RIGHTS = ("RoleBinding", "ClusterRoleBinding")
Known = tuple[str, str]  # kind and name: a project has one namespace in an environment


def protected(manifests: Iterable[Manifest], history: Node) -> tuple[list[Manifest], list[Problem]]:
    """``manifests`` in their order, and what of theirs would let one be pruned all the same.

    ``history`` is what the environment says about runs that are rendered no more. A CronJob is no run: git owns it, and
    it owns its Jobs.
    """
    every = list(manifests)
    if said(history) == "prune":
        return every, []
    keepers: dict[Known, Manifest] = {}
    for run in every:
        if run.run:
            for manifest in _stands_on(run, every):
                keepers.setdefault(_known(manifest), run)
    problems = [fault for one in every if _known(one) in keepers for fault in _denied(one, keepers[_known(one)])]
    kept = [_kept(one, keepers[_known(one)], history) if _known(one) in keepers else one for one in every]
    return kept, problems


def keeps(body: Body) -> bool:
    """Whether neither engine prunes an object."""
    annotations = map_at(body, "metadata", "annotations")
    return annotations.get(FLUX) == KEPT[FLUX] and KEPT[OPTIONS] in _options(annotations.get(OPTIONS))


def asks(body: Body) -> bool:
    """Whether Argo CD asks somebody before it prunes an object."""
    return ASKS in _options(map_at(body, "metadata", "annotations").get(OPTIONS))


def _denied(one: Manifest, run: Manifest) -> Iterator[Problem]:
    """What somebody wrote that contradicts the protection."""
    for key, value in _at(one.body, "metadata", "annotations").items():
        if key in KEPT and _with(key, value) is None:
            why = "it" if one.run else f"it, and the run {run.title} stands on it"
            message = f"{one.title}: `{key}: {value}` lets Argo CD or Flux delete {why}"
            yield Problem(RULE_ID, span_of(one.origins, ("metadata", "annotations", key)), message, MEND)


def _stands_on(run: Manifest, every: list[Manifest]) -> list[Manifest]:
    """The run, and all that it needs, and what that needs in turn."""
    found = {_known(run): run}
    waiting = [run]
    while waiting:
        one = waiting.pop()
        names = set(_names(one.body.get("spec")))
        for other in every:
            if _known(other) not in found and (not names.isdisjoint(_known_as(other)) or _serves(other, one)):
                found[_known(other)] = other
                waiting.append(other)
            elif one.ref.kind in RIGHTS and _known(other) not in found and _known(other) == _role(one):
                found[_known(other)] = other
    return list(found.values())


def _serves(other: Manifest, one: Manifest) -> bool:
    """Whether ``other`` is there for ``one``: rights of an account, or a way through the network for pods."""
    if other.ref.kind in RIGHTS and one.ref.kind == "ServiceAccount":
        subjects = other.body.get("subjects")
        listed = subjects if isinstance(subjects, list) else []
        return any(isinstance(subject, dict) and _subject(subject) == _known(one) for subject in listed)
    if other.ref.kind == "NetworkPolicy" and one.run:
        wanted = _at(other.body, "spec", "podSelector", "matchLabels")
        return bool(wanted) and any(wanted.items() <= labels.items() for labels in _labels(one.body.get("spec")))
    return False


def _names(value: Json) -> Iterator[Known]:
    """Every object that is referred to by name somewhere in ``value``."""
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in NAMED and isinstance(inner, str):
                yield NAMED[key], inner
            for one in inner if isinstance(inner, list) else [inner]:
                name = one.get("name") if isinstance(one, dict) else one  # Spark lists pull secrets by name alone
                if key in NAMING and isinstance(name, str):
                    yield NAMING[key], name
            yield from _names(inner)


def _labels(value: Json) -> Iterator[dict[str, Json]]:
    """The labels of every pod template in ``value``."""
    if isinstance(value, list):
        for item in value:
            yield from _labels(item)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "labels" and isinstance(inner, dict):
                yield inner
            yield from _labels(inner)


def _kept(manifest: Manifest, run: Manifest, history: Node) -> Manifest:
    """``manifest`` with the annotations that protect it; what was asked of an engine beside them stays."""
    metadata = _at(manifest.body, "metadata")
    annotations, origins = dict(_at(metadata, "annotations")), dict(manifest.origins)
    origins.pop(("metadata", "annotations"), None)  # where there was an empty map
    for key in KEPT:
        before, after = annotations.get(key), _with(key, annotations.get(key))
        if after is not None and after != before:
            annotations[key] = after
            origins[("metadata", "annotations", key)] = (*_because(run.origins), history)
    return manifest._replace(
        body={**manifest.body, "metadata": {**metadata, "annotations": annotations}}, origins=origins
    )


def _with(key: str, before: Json) -> str | None:
    """The annotation's value with the protection in it; None if what it says is the contrary."""
    if key == FLUX:
        return KEPT[FLUX] if before in (None, KEPT[FLUX]) else None
    options = _options(before)
    said = {option for option in options if key == OPTIONS and option.startswith("Prune=")}
    if said - {KEPT[key], ASKS}:
        return None
    return str(before) if said or KEPT[key] in options else ",".join([*([str(before)] if before else []), KEPT[key]])


def _options(value: Json) -> list[str]:
    """What Argo CD reads: options with commas between them, and blanks around them."""
    return [option.strip() for option in str(value or "").split(",")]


def _because(origins: Origins) -> tuple[Node, ...]:
    return place_of(origins, ("metadata", "name"))


def _role(binding: Manifest) -> Known:
    role = _at(binding.body, "roleRef")
    return str(role.get("kind")), str(role.get("name"))


def _subject(subject: Mapping[str, Json]) -> Known:
    return str(subject.get("kind")), str(subject.get("name"))


def _known(manifest: Manifest) -> Known:
    return manifest.ref.kind, manifest.ref.name


def _known_as(manifest: Manifest) -> set[Known]:
    """The object itself, and the Secrets that operators make of it: pods name those."""
    kind, name = _known(manifest)
    spec = _at(manifest.body, "spec")
    if kind == "ExternalSecret":
        return {(kind, name), ("Secret", str(_at(spec, "target").get("name", name)))}
    if kind == "SealedSecret":
        return {(kind, name), ("Secret", name)}
    synced = spec.get("secretObjects") if kind == "SecretProviderClass" else None
    made = [one.get("secretName") for one in synced if isinstance(one, dict)] if isinstance(synced, list) else []
    return {(kind, name), *(("Secret", str(secret)) for secret in made)}


def _at(value: Json, *path: str) -> dict[str, Json]:
    """The map at ``path``; an empty one where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
