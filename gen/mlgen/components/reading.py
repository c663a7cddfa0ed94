"""The files below components/ and the environments that name some -> Components, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping

from mlgen import document, schema
from mlgen.components import FOLDER, KUSTOMIZATION, Component, Components, Patch
from mlgen.components.lists import MERGED, REPLACED, is_native
from mlgen.node import Node
from mlgen.problem import Problem, Span, errors
from mlgen.secret_places import written
from mlgen.suggest import did_you_mean

ID = "bad-component"
OPERATIONS = ("add", "remove", "replace")
IN_FILE = "write it as RFC 6902 operations: `- {op: add, path: /spec/..., value: ...}`"


class Reader:
    """Files, and what was found in them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.sources: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.read: dict[str, tuple[Node, ...]] = {}

    def documents(self, file: str) -> tuple[Node, ...]:
        """What a file says; nothing if it has errors, which are noted once."""
        if file not in self.read:
            parsed = document.parse(self.files[file], file=file, dialect="kubernetes")
            self.sources[file] = parsed.text
            found = list(parsed.problems)
            if not found:
                found += [one for node in parsed.documents for one in _secrets(node)]
            if not parsed.documents and not found:
                found.append(
                    Problem("empty-file", _top(file), "this file is empty", "write what it adds, or delete it")
                )
            self.problems += found
            self.read[file] = parsed.documents if not errors(found) else ()
        return self.read[file]

    def component(self, path: str) -> Component | None:
        """The component in one folder; None if it has errors."""
        before = len(self.problems)
        documents = self.documents(f"{path}/{KUSTOMIZATION}")
        if not documents:
            return None
        head = documents[0]
        self.problems += schema.check(head, schema.load("component"), pointer="#/definitions/component")
        if errors(self.problems[before:]):
            return None
        resources = [node for item in _items(head, "resources") for node in self.named(path, item)]
        patches = [
            Patch(item["target"], node) for item in _items(head, "patches") for node in self.named(path, item["path"])
        ]
        self.problems += [problem for node in resources for problem in _resource(node)]
        self.problems += [problem for one in patches for problem in _patch(one)]
        return Component(path, tuple(resources), tuple(patches)) if not errors(self.problems[before:]) else None

    def named(self, path: str, name: Node) -> tuple[Node, ...]:
        """The documents of a file that a component names."""
        file = f"{path}/{name.value}"
        if file in self.files:
            return self.documents(file)
        beside = [other.removeprefix(f"{path}/") for other in self.files if other.startswith(f"{path}/")]
        hint = did_you_mean(str(name.value), [other for other in beside if other != KUSTOMIZATION])
        self.problems.append(Problem(ID, name.span, f"there is no file {file}", hint or "write it, or remove this"))
        return ()


def read(
    files: Mapping[str, bytes], environments: Iterable[Node]
) -> tuple[Components, Mapping[str, str], list[Problem]]:
    """The components that ``environments`` name, of the ``files`` below components/; their texts; what is wrong."""
    reader = Reader(files)
    every: dict[str, Component] = {}
    broken: set[str] = set()
    known = sorted(file.removesuffix(f"/{KUSTOMIZATION}") for file in files if file.endswith(f"/{KUSTOMIZATION}"))
    for item in (item for environment in environments for item in _items(environment, FOLDER)):
        path = str(item.value)
        if path not in known:
            message = f"there is no component {path}: {path}/{KUSTOMIZATION} would be one"
            reader.problems.append(Problem(ID, item.span, message, did_you_mean(path, known) or "write it"))
            broken.add(path)
        elif path not in every and path not in broken:
            found = reader.component(path)
            if found is None:
                broken.add(path)
            else:
                every[path] = found
    return Components(every, frozenset(broken)), reader.sources, reader.problems


def _resource(node: Node) -> Iterator[Problem]:
    """An object that is added."""
    metadata = node.get("metadata")
    name = metadata.get("name") if metadata is not None else None
    if not all(isinstance(one.value, str) if one is not None else False for one in (*_head(node), name)):
        hint = "write `apiVersion`, `kind` and `metadata.name`"
        yield Problem(ID, _first(node), "this is no object that could be added", hint)
    elif metadata is not None and "namespace" in metadata:
        message = "an object of a component is one of each project, in its namespace"
        yield Problem(ID, metadata.key_span("namespace"), message, "remove it: the environment chooses the namespace")
    elif node["kind"].value in ("Secret", "List"):
        hint = (
            "values of secrets live in the environment's store" if node["kind"].value == "Secret" else "write its items"
        )
        yield Problem("not-allowed", node["kind"].span, f"no component adds a {node['kind'].value}", hint)


def _patch(one: Patch) -> Iterator[Problem]:
    """A patch whose outcome mlgen can tell."""
    node = one.document
    if node.items:
        for item in node.items:
            yield from _operation(item)
        return
    if not node.entries:
        yield Problem(ID, _first(node), "a patch is part of an object, or a list of operations", IN_FILE)
        return
    metadata = node.get("metadata")
    if None in _head(node) or metadata is None or "name" not in metadata:
        message = "Kustomize takes for part of an object only what has `apiVersion`, `kind` and `metadata.name`"
        yield Problem(ID, _first(node), message, "write them; which objects are meant is what `target` says")
        return
    if node["kind"].value != one.target["kind"].value:
        hint = f"write `kind: {one.target['kind'].value}`"
        yield Problem(ID, node["kind"].span, "this is a patch of another kind than its target", hint)
    for key, inner in metadata.entries.items():
        if key not in ("name", "labels", "annotations"):
            yield Problem(ID, metadata.key_span(key), f"no component changes `metadata.{key}`", "remove it")
        yield from _nulls(inner)
    native = is_native(str(node["apiVersion"].value).rpartition("/")[0])
    for key, inner in node.entries.items():
        if key not in ("apiVersion", "kind", "metadata"):
            yield from _part(inner, key, node.key_span(key), native=native)
        elif "$" in key:
            yield Problem(ID, node.key_span(key), f"mlgen does not know what `{key}` makes", IN_FILE)


def _part(node: Node, field: str, span: Span, *, native: bool, item: bool = False) -> Iterator[Problem]:
    """A value of a partial object: what Kustomize makes of it is known."""
    if field.startswith("$"):
        yield Problem(ID, span, f"mlgen does not know what `{field}` makes", IN_FILE)
    elif node.value == {} or node.value == []:
        yield Problem(ID, span, "what Kustomize makes of something empty depends on its version", IN_FILE)
    elif node.value is None and item:
        yield Problem(ID, span, "a null in a list takes nothing away", IN_FILE)
    elif node.items and native and field in MERGED:
        for one in node.items:
            if MERGED[field] not in one:
                message = f"an item of `{field}` is known by its `{MERGED[field]}`, which this one has not"
                yield Problem(ID, _first(one), message, f"write `{MERGED[field]}`")
    elif node.items and native and field not in REPLACED:
        yield Problem(ID, span, f"whether Kustomize merges `{field}` or replaces it is not known here", IN_FILE)
    for key, inner in node.entries.items():
        yield from _part(inner, key, node.key_span(key), native=native, item=item)
    for one in node.items:
        yield from _part(one, "", _first(one), native=native, item=True)


def _operation(item: Node) -> Iterator[Problem]:
    word, path, value = item.get("op"), item.get("path"), item.get("value")
    if word is None or word.value not in OPERATIONS:
        span = word.span if word is not None else _first(item)
        yield Problem(ID, span, "an operation is one of add, remove and replace", "write `op: add`, and its path")
    elif path is None or not isinstance(path.value, str) or not path.value.startswith("/"):
        yield Problem(ID, _first(item), "an operation has a path, such as `/spec/replicas`", "write `path`")
    elif path.value in ("/kind", "/apiVersion", "/metadata/name", "/metadata/namespace"):
        yield Problem(ID, path.span, "no component changes what an object is, or where", "remove this operation")
    elif (value is None) != (word.value == "remove"):
        hint = "remove `value`" if value is not None else "write `value`"
        yield Problem(ID, _first(item), "an operation has a value, unless it removes one", hint)


def _nulls(node: Node) -> Iterator[Problem]:
    """Kustomize writes a label "null" in the place of one that null should take away."""
    for _, leaf in node.leaves():
        if leaf.value is None:
            yield Problem(ID, leaf.span, "no null takes a label or an annotation away", IN_FILE)


def _secrets(node: Node) -> Iterator[Problem]:
    hint = "name the secret under the project's `secrets`: what is in a component is read by everybody"
    for path, _ in written(node.plain()):
        leaf = node.find(*path)
        if leaf is not None:
            yield Problem("secret-value", leaf.span, "this looks like the value of a secret", hint)


def _head(node: Node) -> tuple[Node | None, Node | None]:
    return node.get("apiVersion"), node.get("kind")


def _items(node: Node, key: str) -> list[Node]:
    found = node.get(key)
    return found.items if found is not None else []


def _first(node: Node) -> Span:
    span = node.span
    return span if span.line == span.end_line else span._replace(end_line=span.line, end_column=span.column + 1)


def _top(file: str) -> Span:
    return Span(file, 1, 1, 1, 1)
