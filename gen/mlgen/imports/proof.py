"""A spec as text, with the environments that fit it -> what it builds, in each, compared with what was imported."""

from collections.abc import Mapping
from typing import NamedTuple

from mlgen import engine
from mlgen.imports import differences, written
from mlgen.imports.aligned import aligned
from mlgen.imports.part import Here, Part
from mlgen.manifest import Manifest
from mlgen.node import Json, Node, Path
from mlgen.platform import Platform, load
from mlgen.problem import Problem, errors

ENVIRONMENT: dict[str, Json] = {"apiVersion": "mlgen.dev/v1", "kind": "Environment"}
WORKLOAD, COMPONENT = "mlgen.dev/workload", "app.kubernetes.io/component"


class Proven(NamedTuple):
    """One object: what is ``missing`` in what was built, with its patch, and what came ``on_top``.

    ``built`` is None where nothing of the kind was.
    """

    part: Part
    built: Manifest | None
    missing: list[tuple[Path, Node]]
    patch: dict[str, Json]
    on_top: list[Path]


class Proof(NamedTuple):
    """What came of one environment; ``problems`` are what mlgen says of the spec there."""

    proven: list[Proven]
    problems: list[Problem]

    @property
    def reason(self) -> str:
        """Why something could not be built; empty where nothing says so."""
        first = next(iter(errors(self.problems)), None)
        return "" if first is None else f"{first.message}{f'; {first.help}' if first.help else ''}"


def proofs(name: str, text: str, found: Mapping[str, Here]) -> dict[str, Proof]:
    """By environment."""
    platform = _platform(name, text, found)
    project = platform.projects.get(name)
    result = {}
    for environment, here in found.items():
        offer = platform.environments.get(environment)
        if project is None or offer is None:
            result[environment] = Proof([_absent(part) for part in here.parts], list(errors(platform.problems)))
            continue
        place = engine.place(platform, project, offer)
        proven = [_proven(part, place.manifests) for part in here.parts]
        result[environment] = Proof(proven, place.problems)
    return result


def _platform(name: str, text: str, found: Mapping[str, Here]) -> Platform:
    """A repository with this project and these environments, in memory."""
    files = {f"projects/{name}/mlgen.yaml": text, "environments/base.yaml": environment("base", {})}
    for place, here in found.items():
        files[f"environments/{place}.yaml"] = environment(place, here.shared.needs.lines())
    return load({file: content.encode() for file, content in files.items()})


def environment(name: str, lines: Mapping[str, Json]) -> str:
    """The text of an environment that offers what its objects need."""
    return written.text({**ENVIRONMENT, "name": name, **lines})


def _proven(part: Part, manifests: list[Manifest]) -> Proven:
    if part.form is None:
        return _whole(part, manifests)
    built = _built(part, manifests)
    if built is None:
        return _absent(part)
    spots = [*part.form.pods, *((*path, "spec") for path in part.form.moved.values())]
    body = aligned(part.wanted.body, built.body, dict.fromkeys(spots))
    missing, patch = differences.different(body, built.body, part.form.exact)
    version = part.source.body.get("apiVersion")
    if version is not None and _is_another(part, version.plain(), built.body["apiVersion"]):
        missing = [(("apiVersion",), version)]
    return Proven(part, built, missing, patch, list(differences.on_top(body, built.body)))


def _is_another(part: Part, old: Json, new: Json) -> bool:
    """Whether a custom resource is of another version: what its fields mean there, nobody has compared."""
    custom = "." in part.source.group and not part.source.group.endswith(".k8s.io")
    return custom and part.wanted.kind == part.source.kind and old != new


def _whole(part: Part, manifests: list[Manifest]) -> Proven:
    """An object that stands in the spec as it is."""
    for manifest in manifests:
        if (manifest.ref.kind, manifest.ref.name) == (part.source.kind, part.source.name):
            missing, patch = differences.different(part.wanted.body, manifest.body)
            return Proven(part, manifest, missing, patch, list(differences.on_top(part.wanted.body, manifest.body)))
    return _absent(part)


def _built(part: Part, manifests: list[Manifest]) -> Manifest | None:
    """The object of the workload, or of the data, that is of the kind."""
    for manifest in manifests:
        metadata = manifest.body.get("metadata")
        labels = metadata.get("labels") if isinstance(metadata, dict) else None
        label, name = (COMPONENT, part.data) if part.data else (WORKLOAD, part.name)
        mine = isinstance(labels, dict) and labels.get(label) == name
        if mine and manifest.ref.kind == part.wanted.kind:
            return manifest
    return None


def _absent(part: Part) -> Proven:
    return Proven(part, None, list(part.wanted.body.leaves()), {}, [])
