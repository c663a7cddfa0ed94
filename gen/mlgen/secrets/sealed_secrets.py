"""A file in the project's folder, sealed for one environment -> the SealedSecret that it holds, with mlgen's labels."""

from collections.abc import Iterator
from dataclasses import replace

from mlgen.node import Node
from mlgen.objects import Object, labels
from mlgen.problem import MlgenError, Problem
from mlgen.secrets import seal, store
from mlgen.site import Site
from mlgen.trace import Draft, said

name = store.name


def objects(secret: Node, keys: Node, site: Site) -> Iterator[Object]:
    """The SealedSecret. Raises MlgenError where there is no file, or it is not the one that is needed.

    It never stands in base: what is sealed can only be opened in one namespace.
    """
    if said(secret) not in site.sealed:
        raise MlgenError(_missing(secret, keys, site))
    document = site.sealed[said(secret)]
    if document is None:  # the file could not be read, and its own problems say why
        return
    if problems := seal.problems(document, secret, keys, site):
        raise MlgenError(*problems)
    found = _without_nulls(document)
    metadata = found["metadata"].entries
    own = metadata["labels"].entries if "labels" in metadata else {}
    body: dict[str, Draft] = {
        **{key: node for key, node in found.entries.items() if key != "status"},
        "metadata": {**metadata, "labels": {**own, **labels(site, secret)}},
    }
    yield Object(body, (secret, document), shared=False)


def volume(secret: Node, site: Site) -> Draft:
    """None: the Secret is there whether a pod runs or not."""
    return None


def _missing(secret: Node, keys: Node, site: Site) -> Problem:
    environment = site.offer["name"]
    message = f"`{said(secret)}` is not sealed for `{said(environment)}`: there is no {site.sealed_file(said(secret))}"
    listed = " and ".join(f"`{said(key)}`" for key in keys.items)
    hint = f"write it with `kubeseal --format yaml`, from a Secret `{said(name(secret, site))}` in the namespace "
    hint += f"`{said(site.namespace)}` that has {listed}"
    related = ((site.offer["secrets"]["from"].span, "this environment takes sealed secrets"),)
    return Problem("no-sealed-secret", secret.span, message, hint, related=related)


def _without_nulls(node: Node) -> Node:
    """``kubeseal`` writes nulls for what is not there, and in a custom resource a null is no map."""
    entries = {key: _without_nulls(entry) for key, entry in node.entries.items() if entry.value is not None}
    return replace(node, value=entries) if isinstance(node.value, dict) else node
