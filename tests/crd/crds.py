"""CRDs of upstream projects and samples of their resources, where ../shared is; and a small CRD of our own."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.conftest import ROOT
from tests.kubernetes_test import SHARED
from tests.samples import FOLDER, sound

from mlgen import document
from mlgen.crd import Imported, importing

CRDS = SHARED / "crds"
# Other versions of kinds that another folder has.
DOUBLES = ("kserve-v0.16.0", "kserve-minimal", "trainer-v2.1.0", "argo-workflows-v3.7")
LARGEST = 700_000  # bytes; the largest take a second each
HERE = ROOT / "tests" / "crd"
Manifest = dict[str, Any]


def crd(schema: str, *, more: str = "") -> bytes:
    """A CRD of `ml.example.com/v1 Model` whose schema has the spec ``schema``, in YAML."""
    indented = "".join(f"              {line}\n" for line in schema.strip("\n").splitlines())
    return f"""apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: models.ml.example.com}}
spec:
  group: ml.example.com
  names: {{plural: models, kind: Model}}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
{more}    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
{indented}""".encode()


def parse(text: bytes) -> Iterator[Manifest]:
    """The maps of a file as kubectl reads them."""
    for node in document.parse(text, file="x.yaml", dialect="kubernetes").documents:
        plain = node.plain()
        if isinstance(plain, dict):
            yield plain


def imported(*texts: bytes) -> Imported:
    """What `mlgen schema import` makes of files."""
    from mlgen.crd import imported as of_files

    found = importing.read({f"{number}.yaml": text for number, text in enumerate(texts)})
    assert not found.problems
    return of_files(found.files)


@cache
def files() -> list[bytes]:
    """The definitions in ../shared/crds that are soon read, one version of each kind."""
    paths = [path for path in sorted(CRDS.glob("*/*.yaml")) if path.parent.name not in DOUBLES]
    return [path.read_bytes() for path in paths if path.stat().st_size < LARGEST]


@cache
def upstream() -> Imported:
    """What `mlgen schema import` makes of them."""
    return imported(*files())


@cache
def definitions() -> list[Any]:
    """The specs of the same."""
    return [body["spec"] for text in files() for body in parse(text)]


def everywhere() -> list[tuple[str, Manifest]]:
    """Every object of the sound samples, each with its file."""
    return [(str(path.relative_to(FOLDER)), body) for path in sound() for body in parse(path.read_bytes())]


@cache
def samples() -> list[tuple[str, Manifest]]:
    """Those whose kind has a definition among the files."""
    known = upstream()
    return [(file, body) for file, body in everywhere() if known.find(body.get("apiVersion"), body.get("kind"), "1.34")]
