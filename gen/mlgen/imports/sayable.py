"""The words of a workload -> those that its schema takes, without its defaults; the rest is said in patches."""

from mlgen import schema
from mlgen.imports.naming import Words
from mlgen.node import Json, Node, Path
from mlgen.problem import Span, errors

# In which order people read them; what is not named stands between.
FIRST = (
    "kind environments schedule timeZone concurrency server port health replicas workers chief ps evaluator image"
).split()
LAST = "env secrets data resources driver head launcher executors".split()
TEMPLATE = "{{"  # in a spec it would be filled in; in a patch it stays what it is
SPEC = "project"


def sayable(kind: str, words: Words) -> Words | None:
    """The words that can be said; None where a workload of ``kind`` cannot do without one that cannot."""
    found: Words = {"kind": kind, **_without_templates({key: value for key, value in words.items() if value})}
    pointer = f"#/definitions/kind-{kind}"
    while True:
        node, places = _numbered(found)
        wrong = errors(schema.check(node, schema.load(SPEC), pointer=pointer))
        paths = {places[problem.span.line] for problem in wrong if problem.span.line in places}
        if not wrong:
            break
        if not paths - {(), ("kind",)}:
            return None
        for path in paths:
            found = _less(found, path)
    whole = schema.defaults(_numbered({"kind": kind})[0], schema.load(SPEC), pointer=pointer).plain()
    found = {key: found[key] for key in sorted(found, key=_place)}
    usual = whole if isinstance(whole, dict) else {}
    return {key: value for key, value in found.items() if key == "kind" or value != usual.get(key)}


def _numbered(words: Words) -> tuple[Node, dict[int, Path]]:
    """The words as a document, every word and every entry of one on a line of its own, and what stands on each."""
    places: dict[int, Path] = {1: ()}
    entries = {}
    for key, value in words.items():
        places[len(places) + 1] = (key,)
        line = _line(len(places))
        if isinstance(value, dict):
            inner = {}
            for name, item in value.items():
                places[len(places) + 1] = (key, name)
                inner[name] = _node(item, _line(len(places)))
            names = {name: node.span for name, node in inner.items()}
            entries[key] = Node(dict(inner), line, names)
        else:
            entries[key] = _node(value, line)
    return Node(dict(entries), _line(1), {key: node.span for key, node in entries.items()}), places


def _line(number: int) -> Span:
    return Span("", number, 1, number, 1)


def _node(value: Json, span: Span) -> Node:
    if isinstance(value, dict):
        return Node({key: _node(item, span) for key, item in value.items()}, span, dict.fromkeys(value, span))
    if isinstance(value, list):
        return Node([_node(item, span) for item in value], span)
    return Node(value, span)


def _less(words: Words, path: Path) -> Words:
    """The words without what stands at ``path``, and without what is empty then."""
    if not path or path == ("kind",):
        return words
    key, value = str(path[0]), words.get(str(path[0]))
    if len(path) > 1 and isinstance(value, dict):
        left = {name: item for name, item in value.items() if name != path[1]}
        if left:
            return {**words, key: left}
    return {name: item for name, item in words.items() if name != key}


def _without_templates(words: Words) -> Words:
    """The words without text that a template would be made of."""
    found: Words = {}
    for key, value in words.items():
        if isinstance(value, dict):
            value = {name: item for name, item in value.items() if not _has_template(item)}
        if value and not _has_template(value):
            found[key] = value
    return found


def _has_template(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_has_template, value.values()))
    if isinstance(value, list):
        return any(map(_has_template, value))
    return isinstance(value, str) and TEMPLATE in value


def _place(key: str) -> int:
    if key in FIRST:
        return FIRST.index(key)
    return len(FIRST) + (LAST.index(key) + 1 if key in LAST else 0)
