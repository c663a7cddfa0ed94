"""A secret that the External Secrets operator fetches from a store -> an ExternalSecret."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.objects import Object
from mlgen.secrets import store
from mlgen.site import Site
from mlgen.trace import Draft

# v1beta1 is served no more (external-secrets v2).
API_VERSION = "external-secrets.io/v1"
# As the operator itself writes an hour: any other spelling would be a difference that never ends.
HOURLY = "1h0m0s"
# Older operators write these defaults into the object, and Argo CD finds a difference where git does not have them
# (external-secrets#5895).
WRITTEN_BY_OLD_OPERATORS: dict[str, Draft] = {
    "conversionStrategy": "Default",
    "decodingStrategy": "None",
    "metadataPolicy": "None",
}

name = store.name


def objects(secret: Node, keys: Node, site: Site) -> Iterator[Object]:
    """One ExternalSecret. The Secret goes with it, and stays when the store cannot be reached or has lost it."""
    offer = site.offer["secrets"]
    body: dict[str, Draft] = {
        "apiVersion": API_VERSION,
        "kind": "ExternalSecret",
        "metadata": store.head(secret, site),
        "spec": {
            "refreshInterval": HOURLY,
            "secretStoreRef": {"kind": offer["kind"], "name": offer["store"]},
            "target": {"name": name(secret, site), "creationPolicy": "Owner", "deletionPolicy": "Retain"},
            "data": [{"secretKey": key, "remoteRef": _reference(secret, key, site)} for key in keys.items],
        },
    }
    yield Object(body, (secret, offer["from"]))


def volume(secret: Node, site: Site) -> Draft:
    """None: the Secret is there whether a pod runs or not."""
    return None


def _reference(secret: Node, key: Node, site: Site) -> dict[str, Draft]:
    alone = store.has_place_of_its_own(site.offer["secrets"]["path"])
    place = store.place(secret, key, site)
    return {"key": place, "property": None if alone else key, **WRITTEN_BY_OLD_OPERATORS}
