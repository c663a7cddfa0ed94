"""The bytes of a platform repository -> Platform: every document read, checked against its schema and named."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

from mlgen import document, override, profiles, schema
from mlgen.components import FOLDER as COMPONENTS
from mlgen.components import NONE as NO_COMPONENTS
from mlgen.components import Components
from mlgen.merge import layered
from mlgen.node import Node
from mlgen.own.kind import FOLDER, NONE, Kinds
from mlgen.problem import Problem, Span, errors
from mlgen.site import MANIFESTS, SEALED
from mlgen.sources import Shown
from mlgen.suggest import did_you_mean

BASE = "base"
POLICIES, SCHEMAS = "policies/", "schemas/"
COMPLETE = "#/definitions/complete"
CONTENTS = {
    "environment": "what an environment offers",
    "project": "what a project runs",
    "releases": "what each environment runs",
    "sealed": "what a secret holds, sealed or encrypted",
    "manifests": "whole Kubernetes objects",
    "policies": "ValidatingAdmissionPolicies, their bindings and what these refer to",
}
START = {
    "environment": "`mlgen init DIR` writes some to look at",
    "project": "`mlgen new NAME` writes one to start from",
    "releases": "delete it: nothing is released yet",
    "sealed": "write it with `kubeseal --format yaml` or `sops --encrypt`, or delete it",
    "manifests": "write objects into it, or delete it",
    "policies": "write policies into it, or delete it",
}
OWN_FILE = "give it a file of its own"
HEAD = ("apiVersion", "kind", "name")
# `base` and `clusters` are folders that mlgen writes beside a project's environments; the device names of
# Windows cannot be folders there; YAML's words would have to be quoted wherever a person writes them.
RESERVED = frozenset(
    ["base", "clusters", "con", "prn", "aux", "nul", "true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    + [f"{device}{number}" for device in ("com", "lpt") for number in range(10)]
)


class Platform(NamedTuple):
    """A platform repository in memory: documents that passed their schema, by name.

    An environment is laid over base and complete with defaults. ``sources`` has the text of every file, for
    excerpts, without what looks like a secret. ``problems`` is all that is wrong so far; what could not be read or
    is against its schema is not among the documents. ``sealed`` has the sealed secrets in projects' folders by their
    files, None in the place of one that could not be read; ``manifests`` likewise has the further objects there, and
    ``policies`` the cluster's admission policies. ``schemas`` has the texts of imported schemas; ``kinds`` are the
    kinds of workload that the repository adds, ``components`` those of Kustomize that environments name.
    """

    environments: Mapping[str, Node]
    projects: Mapping[str, Node]
    releases: Mapping[str, Node]
    sources: Mapping[str, str]
    problems: tuple[Problem, ...]
    sealed: Mapping[str, Node | None]
    manifests: Mapping[str, tuple[Node, ...] | None]
    policies: Mapping[str, tuple[Node, ...] | None]
    schemas: Mapping[str, str]
    kinds: Kinds = NONE
    components: Components = NO_COMPONENTS


def load(files: Mapping[str, bytes], problems: tuple[Problem, ...] = (), wish: profiles.Wish | None = None) -> Platform:
    """Read every file of a platform repository: its path below the root -> its bytes. ``wish`` is another profile."""
    documents: dict[str, dict[str, Node]] = {"environment": {}, "project": {}, "releases": {}}
    sources: dict[str, str] = {}
    found = list(problems)
    names: dict[str, str] = {}  # of the projects, by their folders
    sealed = {file: _read_sealed(file, data, sources, found) for file, data in files.items() if _is_sealed(file, files)}
    manifests = {
        file: _read_manifests(file, data, sources, found) for file, data in files.items() if _is_manifests(file, files)
    }
    policies = {
        file: _read_manifests(file, data, sources, found, "policies")
        for file, data in files.items()
        if file.startswith(POLICIES)
    }
    schemas = {file: data.decode(errors="replace") for file, data in files.items() if file.startswith(SCHEMAS)}
    kinds, others = _kinds(files, sources, found)
    others |= {file for file in files if file.startswith(f"{COMPONENTS}/")}
    for file in sorted(files.keys() - sealed.keys() - manifests.keys() - policies.keys() - schemas.keys() - others):
        kind, name = _identify(file)
        parsed = document.parse(files[file], file=file)
        sources[file] = parsed.text
        here = [*parsed.problems]
        if parsed.documents and not errors(here):
            here += _check(parsed.documents[0], kind, name, kinds)
            if not errors(here):
                own, folder = parsed.documents[0], file.rpartition("/")[0]
                if kind == "project":
                    names[folder] = name = str(own["name"].scalar)
                documents[kind][name or names.get(folder, "")] = (
                    own if kind != "environment" else profiles.spelt_out(own)
                )
        elif not parsed.documents and not here:
            here.append(_empty(file, kind))
        found += here
    environments = _complete(documents["environment"], kinds, found, wish)
    components = _components(files, environments, sources, found)
    return Platform(
        environments,
        documents["project"],
        documents["releases"],
        Shown(sources, sources.__getitem__),
        tuple(found),
        sealed,
        manifests,
        policies,
        schemas,
        kinds,
        components,
    )


def _kinds(files: Mapping[str, bytes], sources: dict[str, str], problems: list[Problem]) -> tuple[Kinds, set[str]]:
    """The repository's own kinds, and their files."""
    own = {file: data for file, data in files.items() if file.startswith(f"{FOLDER}/")}
    if not own:
        return NONE, set()
    from mlgen.own import reading  # what most platforms do without

    read = reading.read(own)
    sources.update(read.sources)
    problems += read.problems
    return read.kinds, set(own)


def _components(
    files: Mapping[str, bytes], environments: Mapping[str, Node], sources: dict[str, str], problems: list[Problem]
) -> Components:
    """The components that environments name."""
    if not any(COMPONENTS in environment for environment in environments.values()):
        return NO_COMPONENTS
    from mlgen.components import reading  # what most platforms do without

    own = {file: data for file, data in files.items() if file.startswith(f"{COMPONENTS}/")}
    found, texts, wrong = reading.read(own, environments.values())
    sources.update(texts)
    problems += wrong
    return found


def _complete(
    documents: Mapping[str, Node], kinds: Kinds, problems: list[Problem], wish: profiles.Wish | None
) -> dict[str, Node]:
    """Each environment laid over base, with every default; those that are wrong as a whole are left out.

    All of them if base is wrong: what it says would seem to be missing.
    """
    whole: dict[str, Node] = {}
    contract = schema.load("environment", kinds.schemas)
    base = documents.get(BASE)
    if base is None and any(problem.span.file == f"environments/{BASE}.yaml" for problem in errors(problems)):
        return whole
    for name in sorted(documents, key=lambda name: (name != BASE, name)):
        own = documents[name]
        layers = [base, own] if base is not None and name != BASE else [own]
        if wish is not None and name != BASE and wish.environment in (None, name):
            layers = profiles.wished(layers, wish.profile)
        laid = layered(profiles.beneath(*layers), *layers)
        found = list(schema.check(laid, contract, pointer=COMPLETE))
        problems += found
        if not errors(found):
            whole[name] = schema.defaults(laid, contract, pointer=COMPLETE)
            if name != BASE and BASE in whole:
                problems += _idle(layers[-1], _before(layers[0], layers[-1], whole[BASE], contract), whole[name])
    return whole


def _before(base: Node, own: Node, complete: Node, contract: schema.Schema) -> Node:
    """What ``own`` changes: base, with the profile in it that ``own`` names."""
    if own.find(profiles.PLATFORM, profiles.PROFILE) is None:
        return complete
    return schema.defaults(layered(profiles.beneath(own), base), contract, pointer=COMPLETE)


def _idle(own: Node, base: Node, whole: Node) -> Iterator[Problem]:
    """What an environment says that base says too."""
    entries = {key: node for key, node in own.entries.items() if key not in HEAD}
    return override.idle(replace(own, value=entries), base, whole)


def _is_sealed(file: str, files: Container[str]) -> bool:
    """Whether it lies in the folder of a project's sealed secrets; outside of projects/, beside its mlgen.yaml."""
    below = PurePosixPath(*PurePosixPath(file).parts[-3:])
    top = file.removesuffix(str(below))
    return below.parts[0] == SEALED and (top.startswith("projects/") or f"{top}mlgen.yaml" in files)


def _is_manifests(file: str, files: Container[str]) -> bool:
    """The same of the folder of its further objects."""
    *_, folder, name = PurePosixPath("x", file).parts
    top = file.removesuffix(f"{folder}/{name}")
    inside = top.startswith("projects/") and len(PurePosixPath(file).parts) == 4
    return folder == MANIFESTS and (inside or f"{top}mlgen.yaml" in files)


def _read_manifests(
    file: str, data: bytes, sources: dict[str, str], problems: list[Problem], kind: str = "manifests"
) -> tuple[Node, ...] | None:
    """Every document of a file that others read too; None if it is no YAML, or empty."""
    parsed = document.parse(data, file=file, dialect="kubernetes")
    sources[file] = parsed.text
    found = list(parsed.problems)
    if not parsed.documents and not found:
        found.append(_empty(file, kind))
    problems += found
    return tuple(parsed.documents) if not errors(found) else None


def _read_sealed(file: str, data: bytes, sources: dict[str, str], problems: list[Problem]) -> Node | None:
    """The one document of a file that others read too; None if there is none, or more, or it is no YAML."""
    parsed = document.parse(data, file=file, dialect="kubernetes")
    sources[file] = parsed.text
    found = list(parsed.problems)
    if len(parsed.documents) > 1:
        span = parsed.documents[1].span
        found.append(Problem("several-documents", span, "a second document begins here; a file has one", OWN_FILE))
    elif not parsed.documents and not found:
        found.append(_empty(file, "sealed"))
    problems += found
    return parsed.documents[0] if parsed.documents and not errors(found) else None


def _identify(file: str) -> tuple[str, str]:
    """What a file is and what its path says that it is called; nothing of a project in a repository of its own."""
    path = PurePosixPath(file)
    if file.startswith("environments/"):
        return "environment", path.stem
    name = path.parent.name if file.startswith("projects/") else ""
    return ("releases" if path.name == "releases.yaml" else "project"), name


def _check(node: Node, kind: str, name: str, kinds: Kinds) -> Iterator[Problem]:
    found = list(schema.check(node, schema.load(kind, kinds.schemas)))
    yield from found
    said = node.get("name")
    if kind == "releases" or said is None or not isinstance(said.value, str):
        return
    if any(problem.span == said.span for problem in found):  # what is no name at all has said so
        return
    if said.value in RESERVED and not (kind == "environment" and said.value == BASE):
        yield Problem("reserved-name", said.span, f"`{said.value}` is a reserved name", "choose another name")
    elif said.value != name and name:
        where = f"its file is environments/{name}.yaml" if kind == "environment" else f"its folder is {name}/"
        yield Problem(
            "wrong-name", said.span, f"this {kind} is named `{said.value}`, but {where}", f"write `name: {name}`"
        )


def _empty(file: str, kind: str) -> Problem:
    return Problem(
        "empty-file",
        Span(file, 1, 1, 1, 1),
        f"this file is empty; it should say {CONTENTS[kind]}",
        START[kind],
    )


def unknown_environments(platform: Platform, project: Node) -> Iterator[Problem]:
    """Environments that a project lists and that the platform does not have. One that is wrong itself has said so."""
    listed = project["environments"]
    unread = {problem.span.file for problem in platform.problems}
    if "environments" in unread:
        return
    for name in listed.entries:
        if name == BASE or f"environments/{name}.yaml" not in {*platform.sources, *unread}:
            hint = did_you_mean(name, [known for known in platform.environments if known != BASE])
            message = f"there is no environment `{name}`: environments/{name}.yaml would describe it"
            if name == BASE:
                message = f"nothing runs in `{BASE}`: environments/{BASE}.yaml is what all environments share"
            yield Problem("unknown-environment", listed.key_span(name), message, hint)
