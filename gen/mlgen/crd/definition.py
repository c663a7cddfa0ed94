"""A CustomResourceDefinition -> the schemas of the versions that it serves, each as the text of a file.

Source: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mlgen.body import Body, at, list_at, map_at, maps_at, text_at
from mlgen.crd import closing, sharing
from mlgen.crd.imported import Resource, refused
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault

API_VERSION, KIND = "apiextensions.k8s.io/v1", "CustomResourceDefinition"
GROUP = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+")
VERSION = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,62}")
GET = "`kubectl get crd -o yaml` prints them"


class Import(NamedTuple):
    """What one definition says: resources, and what keeps others of its versions from being read."""

    resources: list[Resource]
    faults: list[Fault]


def read(body: Body) -> Import:
    """The resources of a definition. Paths of the faults are those of ``body``."""
    faults = list(unreadable(body))
    found: list[Resource] = []
    for path, version in () if faults else maps_at(body, "spec", "versions"):
        if version.get("served") is not False:
            wrong = list(_version_faults(version, path))
            faults += wrong
            if not wrong:
                found.append(_resource(map_at(body, "spec"), version))
                faults += (Fault((*path, "schema"), "bad-definition", message) for message in refused(found[-1]))
    return Import(found, faults)


def unreadable(body: Body) -> Iterator[Fault]:
    """Why it is no definition that could be read at all."""
    said = body.get("apiVersion"), body.get("kind")
    if said[1] != KIND:
        yield Fault(("kind",), "bad-definition", f"{code(said[1])} is no {KIND}", GET)
    elif said[0] != API_VERSION:
        message = f"a {KIND} is read in {code(API_VERSION)}, not in {code(said[0])}"
        yield Fault(("apiVersion",), "bad-definition", message, GET)
    else:
        yield from _unnamed(body)


def _unnamed(body: Body) -> Iterator[Fault]:
    for path, form in (
        (("spec", "group"), GROUP),
        (("spec", "names", "kind"), NAME),
        (("spec", "names", "plural"), VERSION),
    ):
        if not form.fullmatch(text_at(body, *path)):
            where, label = _present(body, path), code(".".join(path))
            wrong = f"{label} is missing" if at(body, *path) is None else f"{label} cannot be {code(at(body, *path))}"
            yield Fault(where, "bad-definition", wrong, GET)
    if not list_at(body, "spec", "versions"):
        yield Fault(_present(body, ("spec", "versions")), "bad-definition", "`spec.versions` is missing", GET)


def _version_faults(version: Body, path: Path) -> Iterator[Fault]:
    if not VERSION.fullmatch(text_at(version, "name")):
        yield Fault(path, "bad-definition", f"a version cannot be named {code(version.get('name'))}", GET)
    elif not map_at(version, "schema", "openAPIV3Schema"):
        message = f"the version {code(version['name'])} has no schema"
        yield Fault(path, "bad-definition", message, "every version of a definition has `schema.openAPIV3Schema`")


def _resource(spec: Body, version: Body) -> Resource:
    group, kind, name = text_at(spec, "group"), text_at(spec, "names", "kind"), text_at(version, "name")
    shape = closing.root(
        {**map_at(version, "schema", "openAPIV3Schema"), **_preserved(spec)},
        status="status" in map_at(version, "subresources"),
    )
    about = {
        "x-apiVersion": f"{group}/{name}",
        "x-plural": text_at(spec, "names", "plural"),
        "x-scope": "Cluster" if spec.get("scope") == "Cluster" else "Namespaced",
    }
    return Resource(f"{group}/{name}", kind, sharing.text({**about, **sharing.shared(shape, kind)}))


def _preserved(spec: Body) -> Body:
    """A definition that came from `v1beta1` may keep what it does not know, at every level."""
    return {"x-kubernetes-preserve-unknown-fields": True} if spec.get("preserveUnknownFields") is True else {}


def _present(body: Body, path: Path) -> Path:
    """As much of ``path`` as there is."""
    return next(path[:end] for end in range(len(path), -1, -1) if at(body, *path[:end]) is not None)
