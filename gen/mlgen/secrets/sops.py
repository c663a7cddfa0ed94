"""A file in the project's folder, encrypted with SOPS for one environment -> the Secret that it holds, still encrypted.

Flux decrypts it on its way into the cluster. Labels and annotations may be added: Flux does not compare the code that
SOPS wrote over the file, since whatever builds manifests adds some (kustomize-controller, internal/decryptor).
"""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.objects import Object, labels
from mlgen.problem import MlgenError, Problem
from mlgen.secrets import encrypted, store
from mlgen.site import Site
from mlgen.trace import Draft, said

name = store.name


def objects(secret: Node, keys: Node, site: Site) -> Iterator[Object]:
    """The Secret. Raises MlgenError where there is no file, or it is not the one that is needed.

    It never stands in base: each environment has values of its own.
    """
    if said(secret) not in site.sealed:
        raise MlgenError(_missing(secret, keys, site))
    document = site.sealed[said(secret)]
    if document is None:  # the file could not be read, and its own problems say why
        return
    if problems := encrypted.problems(document, secret, keys, site):
        raise MlgenError(*problems)
    metadata = document["metadata"].entries
    own = metadata["labels"].entries if "labels" in metadata else {}
    place = {"namespace": site.namespace} if "namespace" not in metadata else {}
    body: dict[str, Draft] = {
        **document.entries,
        "metadata": {**metadata, **place, "labels": {**own, **labels(site, secret)}},
    }
    yield Object(body, (secret, document), shared=False)


def volume(secret: Node, site: Site) -> Draft:
    """None: the Secret is there whether a pod runs or not."""
    return None


def _missing(secret: Node, keys: Node, site: Site) -> Problem:
    environment, file = site.offer["name"], site.sealed_file(said(secret))
    message = f"`{said(secret)}` is not encrypted for `{said(environment)}`: there is no {file}"
    listed = " and ".join(f"`{said(key)}`" for key in keys.items)
    hint = f"write a Secret `{said(name(secret, site))}` with {listed} under `stringData`, and then the file with "
    related = ((site.offer["secrets"]["from"].span, "this environment takes files of SOPS"),)
    return Problem("no-encrypted-secret", secret.span, message, f"{hint}`{encrypted.WRITE}`", related=related)
