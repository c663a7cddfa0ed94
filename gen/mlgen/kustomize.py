"""The manifests of base and of one environment -> their Kustomize folders: an overlay is the difference."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlgen import emit, lock, patch
from mlgen.manifest import Manifest, Ref
from mlgen.node import Json
from mlgen.ownership import CLUSTERS

KUSTOMIZATION = "kustomization.yaml"
Files = dict[str, str]


class Laid(NamedTuple):
    """The components of an overlay by their paths below the root, what is built ``bare`` of them, and what Kustomize
    makes of base, of that and of them, ``before`` it comes to the overlay's patches."""

    paths: tuple[str, ...]
    bare: list[Manifest]
    before: list[Manifest]


def base(manifests: Iterable[Manifest], source: str) -> Files:
    """The files of a project's base: every object that environments can share. Empty if there is none.

    ``source`` is the spec's path, for the first line of every file.
    """
    shared = {manifest.ref: manifest for manifest in manifests if manifest.shared}
    if not shared:
        return {}
    files = objects(shared.values(), source)
    return {KUSTOMIZATION: _kustomization(sorted(files), [], source), **files}


def gathered(of_base: Iterable[Manifest], manifests: Iterable[Manifest]) -> list[Manifest]:
    """What an overlay begins with: base's objects, where any is left, and the whole ones of the environment."""
    old = {_key(manifest.ref): manifest for manifest in of_base if manifest.shared}
    new = {_key(manifest.ref): manifest for manifest in manifests}
    shared = [*old.values()] if old.keys() & new.keys() else []
    return [*shared, *(one for key, one in new.items() if not shared or key not in old)]


def overlay(of_base: Iterable[Manifest], manifests: Iterable[Manifest], source: str, laid: Laid | None = None) -> Files:
    """The files of one environment's folder beside base: whole objects, and patches of base's.

    A base object is known again by its kind and name; its namespace may differ. Where nothing of base is left,
    the overlay stands alone. ``laid`` are the components between what it begins with and its patches.
    """
    old = {_key(manifest.ref): manifest for manifest in of_base if manifest.shared}
    new = {_key(manifest.ref): manifest for manifest in manifests}
    bare = new if laid is None else {_key(manifest.ref): manifest for manifest in laid.bare}
    kept = [key for key in old if key in bare]
    files = objects([manifest for key, manifest in bare.items() if not kept or key not in old], source)
    resources = sorted(files)
    paths = [f"../../../{path}" for path in laid.paths] if laid is not None else []
    if not kept and laid is None:
        return {KUSTOMIZATION: _kustomization(resources, [], source), **files}
    if laid is not None:
        old = {_key(manifest.ref): manifest for manifest in laid.before}
    patches: list[Json] = []
    for key, manifest in old.items():
        path = f"patches/{_file_name(manifest.ref)}"
        if key not in new:
            files[path] = emit.dump(_deletion(manifest), header=_header(source))
            patches.append({"path": path})
        elif operations := patch.diff(manifest.body, new[key].body):
            files[path] = emit.dump([dict(operation) for operation in operations], header=_header(source))
            patches.append({"path": path, "target": _target(manifest)})
    begun = ["../base", *resources] if kept else resources
    return {KUSTOMIZATION: _kustomization(begun, patches, source, paths), **files}


def objects(manifests: Iterable[Manifest], source: str) -> Files:
    """One file for each whole object, by its name."""
    return {_file_name(manifest.ref): emit.dump(manifest.body, header=_header(source)) for manifest in manifests}


def pointing(pointers: Iterable[Manifest], project: str, environment: str, source: str) -> Files:
    """The one file of what points at an overlay, by its path from there; nothing where nothing does."""
    bodies = [manifest.body for manifest in pointers]
    path = f"{CLUSTERS}{environment}/{project}.yaml"
    return {path: lock.stamped(f"# {_header(source)}\n{emit.dump_all(bodies)}")} if bodies else {}


def _key(ref: Ref) -> tuple[str, str, str]:
    return ref.group, ref.kind, ref.name


def _file_name(ref: Ref) -> str:
    """One file an object. A name may hold a colon or a dot; a file's name stays plain."""
    return f"{ref.kind.lower()}-{re.sub(r'[^a-z0-9.-]', '-', ref.name.lower())}.yaml"


def _header(source: str) -> str:
    return f"{lock.SIGNATURE} from {source}. Do not edit."


def _kustomization(resources: Sequence[str], patches: list[Json], source: str, components: Sequence[str] = ()) -> str:
    body: dict[str, Json] = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": list(resources),
        **({"components": list(components)} if components else {}),
        **({"patches": patches} if patches else {}),
    }
    return emit.dump(body, header=_header(source))


def _target(manifest: Manifest) -> Json:
    """What a patch applies to. Kustomize reads these as anchored regular expressions."""
    ref = manifest.ref
    version = str(manifest.body["apiVersion"]).rpartition("/")[2]
    target: dict[str, str] = {
        "group": ref.group,
        "version": version,
        "kind": ref.kind,
        "name": ref.name,
        "namespace": ref.namespace,
    }
    return {
        key: re.escape(value).replace("\\-", "-") if key == "name" else value for key, value in target.items() if value
    }


def _deletion(manifest: Manifest) -> Json:
    names = {"name": manifest.ref.name, **({"namespace": manifest.ref.namespace} if manifest.ref.namespace else {})}
    return {
        "apiVersion": manifest.body["apiVersion"],
        "kind": manifest.ref.kind,
        "metadata": dict(names),
        "$patch": "delete",
    }
