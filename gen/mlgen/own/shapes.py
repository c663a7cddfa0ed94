"""A kind's schema.json -> what is wrong with it beyond its form, whatever the templates make of it."""

from collections.abc import Iterator, Mapping

from mlgen.node import Node
from mlgen.own.contract import common
from mlgen.own.kind import Kind
from mlgen.problem import Problem, Span
from mlgen.suggest import did_you_mean

ID = "bad-kind"
# What mlgen itself does for every workload, in the words of a spec.
ALWAYS = frozenset(("kind", "environments", "ignore", "patches", "run"))
OURS = frozenset((*ALWAYS, "name"))
# The keys of every workload that a kind may say more about, each with the shape that they keep.
KEPT = {"command": "words", "args": "words", "env": "env", "image": "image", "resources": "resources"}


def judge(kind: Kind) -> Iterator[Problem]:
    """What the form of schema.json does not say by itself."""
    properties, required = kind.schema["properties"], kind.schema.get("required")
    known = common() - ALWAYS
    for key, node in properties.entries.items():
        span = properties.key_span(key)
        if key in OURS:
            yield Problem(ID, span, f"`{key}` is a key that mlgen has for every workload", "choose another word")
        elif key in known and node.value is not None:
            reference = node.get("$ref")
            if key not in KEPT or reference is None or reference.value != f"#/definitions/{KEPT[key]}":
                kept = f'keep its shape, `"$ref": "#/definitions/{KEPT[key]}"`, or ' if key in KEPT else ""
                hint = f"{kept}choose another word; `null` takes it away"
                yield Problem(ID, span, f"`{key}` is a key that every workload has, and means something else", hint)
        elif key not in known and node.value is None:
            message = f"no workload has a key `{key}` that could be taken away"
            yield Problem(ID, span, message, did_you_mean(key, sorted(known)) or "remove it")
        if node.value is not None:
            yield from _shape(node, span, key)
    yield from _required(required, properties.entries, known)


def _shape(node: Node, span: Span, name: str) -> Iterator[Problem]:
    """A shape and those in it: what a value may be is said, and said once."""
    sort = node.get("type")
    if sort is None and "$ref" not in node and "enum" not in node:
        yield Problem(ID, node.keys["description"], f"`{name}` may be anything", "say its `type`, or `enum`, or `$ref`")
    inner = {"array": ("items",), "object": ("properties", "additionalProperties")}
    said = str(sort.value) if sort is not None else ""
    if said in inner and not any(word in node for word in inner[said]):
        message = f"`{name}` is {'a list of' if said == 'array' else 'a map to'} anything"
        hint = f"say its {' or '.join(f'`{word}`' for word in inner[said])}"
        yield Problem(ID, node["type"].span, message, hint)
    for of, words in inner.items():
        for word in words:
            if word in node and said != of:
                yield Problem(ID, node.key_span(word), f"`{word}` is about `type: {of}`", f'write `"type": "{of}"`')
    for key, one in node["properties"].entries.items() if "properties" in node else ():
        yield from _shape(one, one.span, key)
    for word in ("items", "additionalProperties"):
        if word in node and node[word].entries:
            yield from _shape(node[word], node[word].span, f"{word} of {name}")
    yield from _required(node.get("required"), node["properties"].entries if "properties" in node else {}, frozenset())


def _required(required: Node | None, known: Mapping[str, Node], others: frozenset[str]) -> Iterator[Problem]:
    for item in required.items if required is not None else ():
        key = str(item.value)
        there = key in known and known[key].value is not None
        if not there and not (key in others and key not in known):
            yield Problem(ID, item.span, f"there is no `{key}` that could be required", did_you_mean(key, known))
