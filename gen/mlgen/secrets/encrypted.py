"""A file that SOPS encrypted and the Secret that it should become -> in what it is another one, or still plain."""

from collections.abc import Iterator

from mlgen.ciphertext import PARTS, SOPS, is_encrypted, is_sealed
from mlgen.node import Node, Path
from mlgen.problem import Problem
from mlgen.secrets import store
from mlgen.site import Site
from mlgen.trace import said

RULE_ID = "wrong-encrypted-secret"
WRITE = "sops --encrypt --encrypted-regex '^(data|stringData)$'"


def problems(document: Node, secret: Node, keys: Node, site: Site) -> list[Problem]:
    """What is wrong with ``document``; of one that is nothing of the kind, or shows its values, only that."""
    return list(_nothing_of_the_kind(document)) or [
        *_of_another(document, secret, site),
        *_other_keys(document, secret, keys),
    ]


def _nothing_of_the_kind(document: Node) -> Iterator[Problem]:
    for key, wanted in (("kind", "Secret"), ("apiVersion", "v1")):
        found = document.get(key)
        if found is None or found.value != wanted:
            written = f"`{key}: {said(found)}`" if found is not None and not found.entries else f"no `{key}: {wanted}`"
            message = f"this should be an encrypted Secret, and it has {written}"
            yield Problem(RULE_ID, (found or document).span, message, f"write a Secret, and the file with `{WRITE}`")
            return
    lost = f"encrypt the file with `{WRITE}`, and change the value: it has been written down"
    for part, name, value in _values(document):
        if not is_encrypted(value.plain()):
            yield Problem(RULE_ID, part.key_span(name), f"`{name}` stands here in the clear", lost)
            return
    if not is_sealed({SOPS: document[SOPS].plain()} if SOPS in document else {}):
        place = document.key_span(SOPS) if SOPS in document else document.span
        message = "nobody can open this: `sops` does not say who may, or has no code over the values"
        yield Problem(RULE_ID, place, message, f"write the file with `{WRITE}`")


def _of_another(document: Node, secret: Node, site: Site) -> Iterator[Problem]:
    """Its namespace may be left to mlgen."""
    environment = said(site.offer["name"])
    for key, expected in (("name", said(store.name(secret, site))), ("namespace", said(site.namespace))):
        path: Path = ("metadata", key)
        found = document.find(*path)
        if (found is None and key == "name") or (found is not None and found.value != expected):
            written = f"the {key} `{said(found)}`" if found is not None and not found.entries else f"no {key}"
            message = f"this Secret has {written}, and in `{environment}` it needs the {key} `{expected}`"
            hint = f"write `{key}: {expected}` with `sops FILE`, which encrypts it anew"
            yield Problem(RULE_ID, (found or document.nearest(path)).span, message, hint)


def _other_keys(document: Node, secret: Node, keys: Node) -> Iterator[Problem]:
    there = {name: part.key_span(name) for part, name, _ in _values(document)}
    for key in keys.items:
        if said(key) not in there:
            message = f"`{said(secret)}` has the key `{said(key)}`, and it is not here"
            place = document.get("stringData") or document.get("data") or document
            related = ((key.span, "this key"),)
            yield Problem(RULE_ID, place.span, message, "add its value: `sops FILE` opens an editor", related=related)
    for name in there.keys() - {said(key) for key in keys.items}:
        message = f"`{name}` is encrypted here, and `{said(secret)}` has no such key"
        hint = "add it to the keys, or take it out of the file"
        yield Problem(RULE_ID, there[name], message, hint, related=((keys.span, "its keys"),))


def _values(document: Node) -> Iterator[tuple[Node, str, Node]]:
    for key in PARTS:
        part = document.get(key)
        for name, value in part.entries.items() if part is not None else ():
            if part is not None:
                yield part, name, value
