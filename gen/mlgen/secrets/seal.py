"""A sealed secret and the Secret that it should become -> in what it is another one.

What is sealed is bound to the name and the namespace of the Secret (bitnami-labs/sealed-secrets, README, Scopes).
"""

from collections.abc import Iterator

from mlgen.node import Node, Path
from mlgen.problem import Problem
from mlgen.secrets import store
from mlgen.site import Site
from mlgen.trace import said

RULE_ID = "wrong-sealed-secret"
API_VERSION = "bitnami.com/v1alpha1"
KIND = "SealedSecret"


def problems(document: Node, secret: Node, keys: Node, site: Site) -> list[Problem]:
    """What is wrong with ``document``; of one that is nothing of the kind, only that."""
    return list(_nothing_of_the_kind(document)) or [
        *_of_another(document, secret, site),
        *_other_keys(document, secret, keys),
    ]


def _nothing_of_the_kind(document: Node) -> Iterator[Problem]:
    for key, wanted in (("kind", KIND), ("apiVersion", API_VERSION)):
        found = document.get(key)
        if found is None or found.value != wanted:
            written = f"`{key}: {said(found)}`" if found is not None and not found.entries else f"no `{key}: {wanted}`"
            message = f"this should be a sealed secret, and it has {written}"
            yield Problem(RULE_ID, (found or document).span, message, "write the file with `kubeseal --format yaml`")
            return


def _of_another(document: Node, secret: Node, site: Site) -> Iterator[Problem]:
    environment = said(site.offer["name"])
    wanted = {"name": said(store.name(secret, site)), "namespace": said(site.namespace)}
    for key, expected in wanted.items():
        path: Path = ("metadata", key)
        found = document.find(*path)
        if found is None or found.value != expected:
            written = f"the {key} `{said(found)}`" if found is not None and not found.entries else f"no {key}"
            message = f"this is sealed for {written}, and in `{environment}` the Secret has the {key} `{expected}`"
            hint = f"seal the values again for the {key} `{expected}`: under another they cannot be opened"
            yield Problem(RULE_ID, (found or document.nearest(path)).span, message, hint)


def _other_keys(document: Node, secret: Node, keys: Node) -> Iterator[Problem]:
    sealed, template = document.find("spec", "encryptedData"), document.find("spec", "template", "data")
    there = {key: sealed.key_span(key) for key in sealed.entries} if sealed is not None else {}
    composed = set(template.entries) if template is not None else set()
    for key in keys.items:
        if said(key) not in there.keys() | composed:
            place = sealed or document.nearest(("spec", "encryptedData"))
            message = f"`{said(secret)}` has the key `{said(key)}`, and it is not sealed here"
            hint = "seal its value too: `kubeseal --merge-into FILE` adds it"
            yield Problem(RULE_ID, place.span, message, hint, related=((key.span, "this key"),))
    if composed:  # then what is sealed may be a part of what comes out
        return
    for name in there.keys() - {said(key) for key in keys.items}:
        message = f"`{name}` is sealed here, and `{said(secret)}` has no such key"
        hint = "add it to the keys, or take it out of the file"
        yield Problem(RULE_ID, there[name], message, hint, related=((keys.span, "its keys"),))
