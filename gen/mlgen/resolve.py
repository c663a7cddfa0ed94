"""A project's document, an environment's and a release -> Resolved: complete workloads with nothing left open."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mlgen import override, plans, schema, template
from mlgen.merge import layered
from mlgen.node import Node
from mlgen.own.kind import NONE, Kinds
from mlgen.problem import Problem, errors
from mlgen.site import Pipeline, Resolved, Site, Workload, pin
from mlgen.template import Absent
from mlgen.trace import key_of, said

Names = Mapping[str, Mapping[str, str]]
IMAGE = "image"
CONNECTIONS = "connections"
PATCHES = "patches"
PIPELINE = "#/definitions/pipeline"
NO_FILES: Mapping[str, Node | None] = {}
NOTHING = Node({}, None)  # type: ignore[arg-type]  # never pointed at


def resolve(
    project: Node,
    environment: Node,
    release: Node | None,
    sealed: Mapping[str, Node | None] = NO_FILES,
    kinds: Kinds = NONE,
) -> tuple[Resolved, list[Problem]]:
    """Lay the layers over each other, fill in the templates and the defaults.

    Weakest first: the schema's defaults, the environment's for the kind, the project, what the project says for the
    environment, the release.

    ``project`` and ``release`` have passed their schemas; ``environment`` is complete; ``release`` is the part of
    releases.yaml for this environment, ``sealed`` and ``kinds`` the Site's. A workload with errors is left out, and the
    problems say why.
    """
    return _Resolver(project, environment, release, sealed, kinds).run()


class _Resolver:
    """One project in one environment, and the problems found on the way."""

    def __init__(
        self,
        project: Node,
        environment: Node,
        release: Node | None,
        sealed: Mapping[str, Node | None],
        kinds: Kinds,
    ) -> None:
        self.project = project
        self.environment = environment
        self.release = release
        self.sealed = sealed
        self.kinds = kinds
        self.name = said(environment["name"])
        self.override = project["environments"].get(self.name) or NOTHING
        self.names = _names(project, environment, release)
        self.schema = schema.load("project", kinds.schemas)
        self.problems: list[Problem] = []
        self.broken: set[str] = set()  # data and image with errors, which are said once, where they stand

    def run(self) -> tuple[Resolved, list[Problem]]:
        self.problems += override.misses(self.project, self.override, self.name)
        data, connections = self.data(), self.connections()
        site, image = self.site(), self.image()
        pipelines = self.pipelines(site, image)
        stepped = {said(name) for one in pipelines for name in one.started}
        workloads, absent = [], set()
        for key, node in self.project["workloads"].entries.items():
            patch = self.override.find("workloads", key)
            if override.runs_in(node, self.name) and not (patch is not None and patch.value is None):
                spec = self.workload(key, node, patch) if said(node["kind"]) not in self.kinds.broken else None
                if spec is not None and self.broken.isdisjoint(_uses(spec)):
                    whole = self.complete(key, _connected(spec, connections), image, data, site)
                    workloads.append(replace(whole, stepped=key in stepped))
                else:
                    absent.add(key)
        return Resolved(site, tuple(workloads), tuple(pipelines), frozenset(absent)), self.problems

    def pipelines(self, site: Site, image: Node | None) -> list[Pipeline]:
        """What runs on a schedule of its own, one workload after another."""
        found = []
        for name, node, patch in plans.here(self.project, self.override, self.name):
            key = key_of(self.project[plans.KEY], name)
            names = {**self.names, "pipeline": {"name": name}}
            written = layered(node, patch)
            whole, problems = plans.plan(key, written, image, site, names, self.checked)
            self.problems += problems
            if whole is not None and IMAGE not in self.broken:
                found.append(whole)
                if patch is not None:
                    before, after = (schema.defaults(one, self.schema, pointer=PIPELINE) for one in (node, written))
                    self.problems += override.idle(patch, before, after)
        return found

    def site(self) -> Site:
        namespace = self.environment["namespace"]
        existing = namespace.get("existing")
        name = self.filled(existing or namespace, self.names)
        owned = existing is None
        return Site(self.project, self.environment, name, owned, self.release, self.names, self.sealed, self.kinds)

    def connections(self) -> Node | None:
        """What every workload connects to here."""
        own, there = self.project.get(CONNECTIONS), self.override.get(CONNECTIONS)
        if there is not None:
            before, after = ({CONNECTIONS: node} if node is not None else {} for node in (own, there))
            patch = replace(self.override, value=after)
            self.problems += override.idle(patch, replace(self.override, value=before), patch)
        return layered(own, there) if own is not None or there is not None else None

    def data(self) -> dict[str, Node]:
        result = {}
        for key, node in (self.project["data"].entries if "data" in self.project else {}).items():
            patch = self.override.find("data", key)
            if patch is not None and patch.value is None:
                continue
            start = len(self.problems)
            whole = self.checked(layered(node, patch), "data", self.names)
            if patch is not None:
                self.problems[start:] = map(_added, self.problems[start:])
            if whole is None:
                self.broken.add(f"data/{key}")
            else:
                result[key] = whole
                if patch is not None:
                    self.problems += override.idle(
                        patch, schema.defaults(node, self.schema, pointer="#/definitions/data"), whole
                    )
        return result

    def workload(self, key: str, node: Node, patch: Node | None) -> Node | None:
        """The workload's layers as one, checked and complete; None if it has errors."""
        kind = f"kind-{said(node['kind'])}"
        weakest = self.environment.find("defaults", said(node["kind"]))
        names = {**self.names, "workload": {"name": key}}
        whole = self.checked(layered(weakest, node, patch), kind, names)
        if whole is not None and patch is not None:
            before = _filled(layered(weakest, node), names)[0]
            self.problems += override.idle(
                patch, schema.defaults(before, self.schema, pointer=f"#/definitions/{kind}"), whole
            )
        return whole

    def complete(self, key: str, spec: Node, image: Node | None, data: dict[str, Node], site: Site) -> Workload:
        keys = {
            f"{place}/{name}": key_of(self.project[place], name)
            for place in ("data", "secrets")
            if place in self.project
            for name in self.project[place].entries
        }
        return Workload(
            key=key_of(self.project["workloads"], key),
            spec=_with_model(spec, self.release),
            image=image,
            data=data,
            secrets=self.project["secrets"].entries if "secrets" in self.project else {},
            names=keys,
            site=site,
        )

    def image(self) -> Node | None:
        """The image of workloads that have none of their own; None if there is none, or it has errors."""
        own, there = self.project.get("image"), self.override.get("image")
        if own is None and there is None:
            return None
        written = layered(own, there)
        whole = self.checked(Node({IMAGE: written}, written.span), "override", self.names)
        if whole is None:
            self.broken.add(IMAGE)
        return whole[IMAGE] if whole is not None else None

    def checked(self, node: Node, definition: str, names: Names) -> Node | None:
        """``node`` with templates filled in, held against its schema, complete with defaults."""
        pointer = f"#/definitions/{definition}"
        filled, problems = _filled(node, names)
        problems = [*problems, *schema.check(filled, self.schema, pointer=pointer)]
        self.problems += problems
        return None if errors(problems) else schema.defaults(filled, self.schema, pointer=pointer)

    def filled(self, node: Node, names: Names) -> Node:
        result, problems = template.fill(node, names)
        self.problems += problems
        return result


def _filled(node: Node, names: Names) -> tuple[Node, list[Problem]]:
    """``node`` with its templates filled in, but not in its patches: those are Kubernetes' own words."""
    patches = node.get(PATCHES)
    if patches is None:
        return template.fill(node, names)
    entries = {key: entry for key, entry in node.entries.items() if key != PATCHES}
    filled, problems = template.fill(replace(node, value=entries), names)
    return replace(filled, value={**filled.entries, PATCHES: patches}), problems


def _added(problem: Problem) -> Problem:
    """A choice that is made twice because an environment made it again."""
    hint = "what an environment says comes on top: take the other away too, such as `{blob: null, claim: NAME}`"
    return problem._replace(help=hint) if problem.rule == "one-of" else problem


def _uses(spec: Node) -> Iterator[str]:
    """What of the project a workload uses: data, and the project's image where it has none of its own."""
    model = spec.find("model", "data")
    for name in [*(spec["data"].items if "data" in spec else []), *([model] if model is not None else [])]:
        yield f"data/{said(name)}"
    if IMAGE not in spec:
        yield IMAGE


def _connected(spec: Node, shared: Node | None) -> Node:
    """A workload's connections are the whole project's, and then its own."""
    own = spec.get(CONNECTIONS)
    if shared is None:
        return spec
    listed = replace(own or shared, value=[*shared.items, *(own.items if own is not None else [])])
    return replace(spec, value={**spec.entries, CONNECTIONS: listed})


def _with_model(spec: Node, release: Node | None) -> Node:
    """The version of a model as the release has it."""
    model = spec.get("model")
    version = release.find("models", said(model["name"])) if model is not None and release is not None else None
    if model is None or version is None:
        return spec
    pinned = replace(model, value={**model.entries, "version": layered(model.get("version"), version)})
    return replace(spec, value={**spec.entries, "model": pinned})


def _names(project: Node, environment: Node, release: Node | None) -> dict[str, dict[str, str]]:
    """What templates may name. ``release.tag`` is the tag of the project's own image."""
    where = f"in `{said(environment['name'])}`"
    names: dict[str, dict[str, str]] = {
        "project": {key: said(project[key]) for key in ("name", "owner")},
        "environment": {
            key: said(environment[key]) if key in environment else Absent(f"there is no `{key}` {where}")
            for key in ("name", "cluster", "domain")
        },
        "release": {"tag": Absent(f"releases.yaml has no tag of the project's image {where}")},
    }
    image = project.get("image")
    pinned = release.find("images", said(image)) if image is not None and release is not None else None
    tag, _ = pin(said(pinned)) if pinned is not None else ("", "")
    if tag:
        names["release"]["tag"] = tag
    return names
