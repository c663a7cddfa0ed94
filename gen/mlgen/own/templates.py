"""A kind's templates and its schema -> what of them does not fit together, whatever workload is made of them."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen import schema
from mlgen.node import Node, Path
from mlgen.own import expression
from mlgen.own.contract import common, is_resources, is_time
from mlgen.own.expression import Part, Text
from mlgen.own.kind import SCHEMA, Kind
from mlgen.own.shapes import ALWAYS, ID
from mlgen.problem import MlgenError, Problem, Span
from mlgen.schema.branches import types
from mlgen.schema.contract import Schema, Shape
from mlgen.suggest import did_you_mean

OPTIONAL = ("command", "args", "resources")  # what a pod takes where it says nothing itself
MOST = 200  # expressions of one template
REQUIRED = frozenset(("image", "resources", "runAsUser"))  # without which no pod can be made
LEFT = ("data", "secrets", "connections", "env")  # what a pod may do without
NAMES = {
    "project": ("name", "owner"),
    "environment": ("name", "cluster", "domain"),
    "release": ("tag",),
    "run": ("name",),
    "object": ("name", "namespace", "labels", "selector"),
}
ABSENT = frozenset(("environment.cluster", "environment.domain", "release.tag"))  # what may not be there
MAPS = frozenset(("object.labels", "object.selector"))
FIXED = (("run", "apiVersion"), ("run", "kind"), ("run", "outcome"))
RESOURCES = "#/definitions/resources"
TIME = 'write it alone, of a key whose shape is `"$ref": "#/definitions/duration"`'
FIXED_OF_OBJECT = ("apiVersion", "kind", "name")


class Use(NamedTuple):
    """What a template names of the workload, and which of its pods."""

    keys: set[str]
    pods: set[str]


def judge(kind: Kind, project: Schema) -> Iterator[Problem]:
    """Defaults that their own shape refuses; expressions that name nothing; keys that nothing comes of."""
    shape = project.shape(f"#/definitions/kind-{kind.name}")
    yield from _defaults(kind.schema["properties"], project, f"#/definitions/kind-{kind.name}/properties")
    for name, template in kind.templates.items():
        use = Use(set(), set())
        found = list(_template(template, shape, project, use))
        yield from found
        if not found:
            yield from _unused(kind, name, template, shape, use)


def _defaults(properties: Node, project: Schema, pointer: str) -> Iterator[Problem]:
    for key, node in properties.entries.items():
        for word in ("default", *(("examples",) if "examples" in node else ())):
            values = [] if word not in node else node[word].items if word == "examples" else [node[word]]
            for value in values:
                for problem in schema.check(value, project, pointer=f"{pointer}/{key}"):
                    what = f"{'an example' if word == 'examples' else 'the default'} of `{key}`"
                    yield problem._replace(message=problem.message.replace("the file", what, 1))
        if "properties" in node:
            yield from _defaults(node["properties"], project, f"{pointer}/{key}/properties")


def _template(template: Node, shape: Shape, project: Schema, use: Use) -> Iterator[Problem]:
    if "run" not in template and "objects" not in template:
        hint = "write an object under `run` or `objects`"
        yield Problem(ID, template.span, "nothing would be made of a workload", hint)
    count = 0
    for path, leaf in template.leaves():
        try:
            text = expression.read(leaf)
        except MlgenError as error:
            yield from error.problems
            continue
        fixed = path[:2] in FIXED or (path[0] == "objects" and len(path) == 3 and path[2] in FIXED_OF_OBJECT)
        if text is not None and (fixed or path[-2:] == ("container", "name")):
            message = "no expression can stand here: what an object is has to be known before there is a workload"
            yield Problem("template-forbidden", leaf.span, message, "write it out")
            continue
        count += len(text.parts) if text is not None else 0
        if count > MOST:  # each may be as long as a spec
            hint = "name the map that has them all, or make two kinds of it"
            yield Problem("too-many", leaf.span, f"this is more than {MOST} expressions in one template", hint)
            return
        for part in text.parts if text is not None else ():
            if _elsewhere(part, path, template):
                hint = "a run's name is known in `run` and its pods" if part.group == "run" else "write the fields out"
                yield _undefined(part, hint)
                continue
            yield from _part(part, text is not None and text.alone, template, shape, project, use)
    yield from _resources(template, shape, project)
    yield from _keys(template)
    yield from _objects(template)
    yield from _outcome(template)


def _elsewhere(part: Part, path: Path, template: Node) -> bool:
    """Whether what an expression names is known, but not where it stands: a run's name, a pod."""
    if part.group == "run":
        return path[0] not in ("run", "pods") or "run" not in template
    return part.group == "pods" and path[0] not in ("run", "objects")


def _part(part: Part, alone: bool, template: Node, shape: Shape, project: Schema, use: Use) -> Iterator[Problem]:
    """One expression: what it names is there, and can stand where it stands."""
    if part.group == "pods":
        yield from _pod(part, alone, template, use)
        return
    if part.group == "workload" and part.path != ("name",):
        use.keys.add(part.path[0] if part.path else "")
        yield from _field(part, alone, shape, project)
        return
    every = [f"{group}.{name}" for group, names in NAMES.items() for name in names]
    if part.written == "workload.name" or part.written in every:
        if part.written in MAPS and not (alone and part.plain):
            yield _problem(part, f"`{part.written}` is a map and no text", "write it alone, without filters")
        elif part.makes == "seconds":
            yield _problem(part, "`seconds` makes a number of a time", TIME)
        elif part.written in ABSENT and not part.expression.optional:
            hint = f"say what to write instead: `{{{{ {part.written} | default('...') }}}}`"
            yield _problem(part, f"`{part.written}` is not there in every environment", hint)
        return
    hint = did_you_mean(part.written, ["workload.name", *every, *(f"workload.{key}" for key in shape["properties"])])
    yield _undefined(part, hint)


def _pod(part: Part, alone: bool, template: Node, use: Use) -> Iterator[Problem]:
    pods = template["pods"].entries if "pods" in template else {}
    name, *rest = part.path or ("",)
    if name not in pods or rest not in ([], ["spec"], ["metadata"]):
        known = [f"pods.{pod}{end}" for pod in pods for end in ("", ".spec", ".metadata")]
        yield _undefined(part, did_you_mean(part.written, known) or "write the pod under `pods`")
    elif not alone or not part.plain:
        yield _problem(part, f"`{part.written}` is a map and no text", "write it alone, without filters")
    use.pods.add(name)


def _field(part: Part, alone: bool, shape: Shape, project: Schema) -> Iterator[Problem]:
    """A key of the workload."""
    here, optional = shape, False
    for step in part.path:
        properties = here.get("properties", {})
        if step not in properties:
            hint = did_you_mean(step, properties) or "write the key into schema.json"
            yield _undefined(part, hint, f": the kind's schema has no `{step}` there")
            return
        optional = optional or not (step in here.get("required", ()) or "default" in project.full(properties[step]))
        here = project.full(properties[step])
    sorts = types(here)
    structure = bool(sorts & {"object", "array"})
    if part.makes == "seconds" and not (alone and is_time(here)):
        yield _problem(part, "`seconds` makes a number of a time", TIME)
    elif structure and (part.makes or not (alone and part.plain)):
        yield _problem(part, f"`{part.written}` is a map or a list, and no text", "write it alone, without filters")
    elif not (alone and part.typed) and optional and not part.expression.optional:
        hint = (
            "give it a `default` in schema.json, require it, or write the expression alone: then the key goes with it"
        )
        yield _problem(part, f"`{part.written}` may not be there, and a text needs it", hint)


def _keys(node: Node) -> Iterator[Problem]:
    for key, inner in node.entries.items():
        if "{{" in key:
            hint = "write the key out; a map that the workload has can stand as a value"
            yield Problem("template-forbidden", node.key_span(key), "no expression can stand in a key", hint)
        yield from _keys(inner)
    for item in node.items:
        yield from _keys(item)


def _objects(template: Node) -> Iterator[Problem]:
    """Objects that no project may have by itself."""
    for item in template["objects"].items if "objects" in template else ():
        kind = item["kind"]
        if kind.value in ("Secret", "List", "Namespace", "ServiceAccount"):
            hint = "remove it; the values of secrets live in the environment's store" if kind.value == "Secret" else ""
            yield Problem("not-allowed", kind.span, f"no template makes a {kind.value}", hint or "remove it")


def _resources(template: Node, shape: Shape, project: Schema) -> Iterator[Problem]:
    """What pods ask for is a key that says that, or amounts."""
    for pod in template["pods"].entries.values() if "pods" in template else ():
        asked = pod.get("resources")
        for key, node in asked.entries.items() if asked is not None else ():
            if not isinstance(node.value, str) or "{{" not in node.value:
                for problem in schema.check(node, project, pointer=f"{RESOURCES}/properties/{key}"):
                    yield problem._replace(message=problem.message.replace("the file", f"`{key}`", 1))
        text = expression.read(asked) if asked is not None and not asked.entries else None
        if asked is not None and not asked.entries and not (text is not None and _asks(text, shape, project)):
            hint = (
                'write `"{{ workload.KEY }}"` of a key whose shape is `"$ref": "#/definitions/resources"`, or amounts'
            )
            yield Problem(ID, asked.span, "this is not what a pod could ask for", hint)


def _asks(text: Text, shape: Shape, project: Schema) -> bool:
    here = shape
    for step in text.parts[0].path:
        here = project.full(here.get("properties", {}).get(step))
    return text.alone and text.parts[0].plain and text.parts[0].group == "workload" and is_resources(here)


def _outcome(template: Node) -> Iterator[Problem]:
    """A word that means two things."""
    outcome = template.find("run", "outcome")
    meant: dict[str, str] = {}
    for key in ("succeeded", "failed", "running"):
        for item in outcome[key].items if outcome is not None and key in outcome else ():
            other = meant.setdefault(str(item.value), key)
            if other != key:
                yield Problem(ID, item.span, f"`{item.value}` means that it has {other}, too", "keep one of the two")


def _unused(kind: Kind, backend: str, template: Node, shape: Shape, use: Use) -> Iterator[Problem]:
    """Pods that no object has, and keys of a workload that nothing would come of: no key is ignored."""
    pods = template.get("pods")
    for name in pods.entries if pods is not None else ():
        if pods is not None and name not in use.pods:
            message = f"no object of this template has the pod `{name}`"
            yield Problem(ID, pods.key_span(name), message, f"write `{{{{ pods.{name}.spec }}}}` where it belongs")
    taken = {key for pod in (pods.entries.values() if pods is not None else ()) for key in _taken(pod)}
    own = kind.schema["properties"]
    for key in shape["properties"]:
        if key not in ALWAYS | taken | use.keys:
            message = f"{backend}.yaml makes nothing of the key `{key}`"
            hint = f'write `"{key}": null`' if key in common() else f"name it there: `{{{{ workload.{key} }}}}`"
            yield Problem(ID, _place(own, key), message, hint)
    for key in sorted((taken & REQUIRED) - shape["properties"].keys()):
        message = f"a pod of {backend}.yaml needs `{key}` of the workload, which has none"
        yield Problem(ID, _place(own, key), message, f"take `null` away in {SCHEMA}")


def _place(own: Node, key: str) -> Span:
    """Where a key stands, or where it could."""
    span = own.span
    return own.key_span(key) if key in own else span._replace(end_line=span.line, end_column=span.column + 1)


def _taken(pod: Node) -> Iterator[str]:
    """The keys of a workload that one pod takes."""
    without = [item.value for item in pod["without"].items] if "without" in pod else []
    yield from common() - ALWAYS - {*OPTIONAL, *LEFT}  # what every pod takes from its workload
    yield from (key for key in OPTIONAL if key not in pod)
    yield from (key for key in LEFT if key not in without)


def _problem(part: Part, message: str, hint: str) -> Problem:
    return Problem(ID, part.span, message, hint)


def _undefined(part: Part, hint: str, why: str = "") -> Problem:
    return Problem("template-undefined", part.span, f"`{part.written}` is not defined here{why}", hint)
