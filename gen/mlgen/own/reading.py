"""The files of kinds/ -> the kinds they say, and everything that is wrong with them by themselves."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from mlgen import document, schema
from mlgen.node import Node
from mlgen.own import shapes, templates
from mlgen.own.contract import Composer
from mlgen.own.kind import CASES, FOLDER, SCHEMA, Kind, Kinds
from mlgen.problem import Problem, Span, errors
from mlgen.secret_places import written
from mlgen.suggest import did_you_mean

NAME = re.compile(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?")
MOST = 50
SECRET = "name the secret under the workload's `secrets`: what is in a template is read by everybody"


class Read(NamedTuple):
    """The kinds, the text of every file, and what is wrong."""

    kinds: Kinds
    sources: Mapping[str, str]
    problems: tuple[Problem, ...]


class Reader:
    """Files one by one, and what they said."""

    def __init__(self) -> None:
        self.sources: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.project = schema.load("project")
        self.words = schema.load("own")

    def document(self, file: str, data: bytes, definition: str) -> Node | None:
        """The one document of a file, if it is sound by itself."""
        parsed = document.parse(data, file=file)
        self.sources[file] = parsed.text
        found = list(parsed.problems)
        if not parsed.documents and not found:
            what = "what a kind is" if definition == "kind" else f"a {definition}"
            found.append(Problem("empty-file", _top(file), f"this file is empty; it should say {what}", "delete it"))
        if not errors(found):
            found += schema.check(parsed.documents[0], self.words, pointer=f"#/definitions/{definition}")
        if not errors(found):
            found += _secrets(parsed.documents[0])
        self.problems += found
        return parsed.documents[0] if not errors(found) else None

    def kind(self, name: str, files: Mapping[str, bytes]) -> Kind | None:
        """The kind whose folder has ``files``, by their names there; None if it has errors."""
        before = len(self.problems)
        own, folder = files.get(SCHEMA), f"{FOLDER}/{name}"
        self.problems += self.named(name, files)
        found = {}
        for file, data in files.items():
            if file.endswith(".yaml") and "/" not in file:
                node = self.document(f"{folder}/{file}", data, "template")
                if node is not None:
                    found[file.removesuffix(".yaml")] = node
        said = self.document(f"{folder}/{SCHEMA}", own, "kind") if own is not None else None
        if said is not None:
            self.problems += _templates(folder, said, files)
        if said is None or errors(self.problems[before:]):
            return None
        kind = Kind(name, said, {key: found[key] for key in said["x-backends"].entries})
        self.problems += shapes.judge(kind)
        return kind if not errors(self.problems[before:]) else None

    def named(self, name: str, files: Mapping[str, bytes]) -> Iterator[Problem]:
        """What is wrong with the folder itself."""
        place = _top(f"{FOLDER}/{name}/{min(files)}")
        taken = schema.load("environment").shape("#/definitions/complete")["properties"]["platform"]["properties"]
        if not NAME.fullmatch(name):
            hint = "a kind is named by small letters, digits and dashes, such as `dask`"
            yield Problem("bad-kind", place, f"the folder `{name}` cannot be the name of a kind", hint)
        elif name in taken:
            yield Problem("bad-kind", place, f"mlgen has `{name}` itself", "rename the folder: it is the kind's name")
        if SCHEMA not in files:
            message = f"the kind `{name}` has no {SCHEMA}, so nobody knows what may be said of it"
            yield Problem("bad-kind", place, message, f"write {FOLDER}/{name}/{SCHEMA}")


def read(files: Mapping[str, bytes]) -> Read:
    """All kinds of a platform repository, of whose files ``files`` are those below kinds/."""
    reader = Reader()
    kinds: dict[str, Kind] = {}
    folders = _folders(files)
    for name, inner in folders.items():
        found = reader.kind(name, inner)
        if found is not None:
            kinds[name] = found
    if len(folders) > MOST:
        place = _top(f"{FOLDER}/{[*folders][MOST]}/{SCHEMA}")
        reader.problems.append(
            Problem("too-many", place, f"this is more than {MOST} kinds", "keep those that are used")
        )
    composer = Composer(reader.project, schema.load("environment"))
    broken = folders.keys() - kinds.keys()
    schemas = composer.compose(kinds.values(), sorted(broken))
    for name, kind in kinds.items():
        found_here = list(templates.judge(kind, schemas["project"]))
        reader.problems += found_here
        if errors(found_here):
            broken |= {name}
    if broken & kinds.keys():
        kinds = {name: kind for name, kind in kinds.items() if name not in broken}
        schemas = Composer(reader.project, schema.load("environment")).compose(kinds.values(), sorted(broken))
    cases = dict(_cases(reader, {name: folders[name] for name in kinds}))
    return Read(Kinds(kinds, frozenset(broken), schemas, cases), reader.sources, tuple(reader.problems))


def _cases(reader: Reader, folders: Mapping[str, Mapping[str, bytes]]) -> Iterator[tuple[str, Node]]:
    for name, files in folders.items():
        for inner, data in files.items():
            if inner.startswith(f"{CASES}/"):
                path = f"{FOLDER}/{name}/{inner}"
                case = reader.document(path, data, "case")
                if case is not None:
                    yield path, case


def _folders(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Each kind's files by their names in its folder."""
    found: dict[str, dict[str, bytes]] = {}
    for path in sorted(files):
        _, name, inner = path.split("/", 2)
        found.setdefault(name, {})[inner] = files[path]
    return found


def _templates(folder: str, said: Node, files: Iterable[str]) -> Iterator[Problem]:
    """Back-ends without a template, and templates that no back-end has."""
    backends = said["x-backends"]
    there = [file.removesuffix(".yaml") for file in files if file.endswith(".yaml") and "/" not in file]
    for name in backends.entries:
        if name not in there:
            left = [other for other in there if other not in backends]
            message = f"the back-end `{name}` has no template {folder}/{name}.yaml"
            yield Problem("bad-kind", backends.key_span(name), message, did_you_mean(name, left) or "write it")
    for name in there:
        if name not in backends:
            hint = did_you_mean(name, backends.entries) or "say it under `x-backends`, or delete the file"
            yield Problem(
                "bad-kind", _top(f"{folder}/{name}.yaml"), f"{folder}/{SCHEMA} has no back-end `{name}`", hint
            )


def _secrets(document: Node) -> Iterator[Problem]:
    """Texts that look like the value of a secret."""
    for path, _ in written(document.plain()):
        leaf = document.find(*path)
        if leaf is not None:
            yield Problem("secret-value", leaf.span, "this looks like the value of a secret", SECRET)


def _top(file: str) -> Span:
    return Span(file, 1, 1, 1, 1)
