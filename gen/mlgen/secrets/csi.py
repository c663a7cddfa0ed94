"""A secret that the Secrets Store CSI driver fetches when a pod starts -> a SecretProviderClass, and the pod's volume.

The Secret exists only while some pod has that volume: each pod that reads a variable from it must mount it too
(secrets-store-csi-driver, "Sync as Kubernetes Secret").
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from mlgen import emit
from mlgen.node import Json, Node
from mlgen.objects import Object
from mlgen.problem import MlgenError, Problem
from mlgen.secrets import store
from mlgen.site import Site
from mlgen.trace import Draft, Made, made, said

API_VERSION = "secrets-store.csi.x-k8s.io/v1"
DRIVER = "secrets-store.csi.k8s.io"
RULE_ID = "bad-secret-path"
IN_KEY_VAULT = re.compile(r"[0-9A-Za-z-]{1,127}")

Places = Sequence[tuple[Node, Made]]  # each key, and where it lies

name = store.name


def objects(secret: Node, keys: Node, site: Site) -> Iterator[Object]:
    """One SecretProviderClass. Raises MlgenError where keys cannot lie where the environment says."""
    offer = site.offer["secrets"]
    places = [(key, store.place(secret, key, site)) for key in keys.items]
    listed = OBJECTS[said(offer["provider"])](places)
    given = offer["parameters"].entries if "parameters" in offer else {}
    body: dict[str, Draft] = {
        "apiVersion": API_VERSION,
        "kind": "SecretProviderClass",
        "metadata": store.head(secret, site),
        "spec": {
            "provider": offer["provider"],
            "parameters": {
                **{key: site.filled(node, secret={"name": said(secret)}) for key, node in given.items()},
                "objects": made(emit.dump(listed), *(place for _, place in places)),
            },
            "secretObjects": [
                {
                    "secretName": name(secret, site),
                    "type": "Opaque",
                    "data": [{"objectName": key, "key": key} for key in keys.items],
                }
            ],
        },
    }
    yield Object(body, (secret, offer["from"]))


def volume(secret: Node, site: Site) -> Draft:
    """What a pod mounts so that the Secret is there."""
    attributes: Draft = {"secretProviderClass": name(secret, site)}
    return {"csi": {"driver": DRIVER, "readOnly": True, "volumeAttributes": attributes}}


def in_azure(places: Places) -> Json:
    """Objects as the provider for Azure Key Vault reads them: YAML in YAML, each key under its own name.

    Raises MlgenError for what no object in a Key Vault can be called, and for two keys with one object.
    """
    taken: dict[str, Node] = {}
    for key, place in places:
        if not IN_KEY_VAULT.fullmatch(said(place)):
            message = f"`{said(place)}`, where `{said(key)}` would lie, is no name of an object in Azure Key Vault"
            hint = "such a name is letters, digits and dashes: write `{{ secret.key | replace('_', '-') }}` in the path"
            raise MlgenError(_bad(place, message, hint, key))
        other = taken.setdefault(said(place).lower(), key)
        if other is not key:
            message = f"`{said(other)}` and `{said(key)}` would both be the object `{said(place)}` in Azure Key Vault"
            hint = "add `{{ secret.key | replace('_', '-') }}` to the path: there each key is an object of its own"
            raise MlgenError(_bad(place, message, hint, key))
    described = [
        emit.dump({"objectName": said(place), "objectType": "secret", "objectAlias": said(key)})
        for key, place in places
    ]
    return {"array": [*described]}


def in_vault(places: Places) -> Json:
    """Objects as the provider for HashiCorp Vault reads them: the keys are fields of what lies at the path."""
    return [{"objectName": said(key), "secretPath": said(place), "secretKey": said(key)} for key, place in places]


OBJECTS: Mapping[str, Callable[[Places], Json]] = {"azure": in_azure, "vault": in_vault}


def _bad(place: Made, message: str, hint: str, key: Node) -> Problem:
    return Problem(RULE_ID, place.sources[0].span, message, hint, related=((key.span, "this key"),))
