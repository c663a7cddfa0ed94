"""A Secret that SOPS encrypted -> what is still plain in it, and the object that a cluster gets of it.

SOPS writes each value as `ENC[AES256_GCM,...]`, empty ones as they are, and beside them, under `sops`, a code over all
of them and the key, encrypted for each of those who may open it (getsops/sops, README.rst, "Encryption Protocol").
"""

import re
from collections.abc import Mapping

from mlgen.body import Body, list_at, map_at, text_at
from mlgen.node import Json

SOPS = "sops"
PARTS = ("data", "stringData")
VALUE = re.compile(r"ENC\[AES256_GCM,data:[^,\]]*,iv:[^,\]]+,tag:[^,\]]+,type:[a-z]+\]")
# What may open it: each a list under `sops`, or such lists in groups.
KEYS = ("age", "azure_kv", "gcp_kms", "hc_vault", "kms", "pgp", "key_groups")


def is_encrypted(value: Json) -> bool:
    """Whether a value is one of SOPS's; what is empty has nothing to hide."""
    return value in ("", None) or (isinstance(value, str) and VALUE.fullmatch(value) is not None)


def is_sealed(body: Body) -> bool:
    """Whether SOPS has been over an object: somebody can open it, and nobody can change it."""
    sops = map_at(body, SOPS)
    return is_encrypted(text_at(sops, "mac") or "-") and any(list_at(sops, key) for key in KEYS)


def opened(body: Body) -> Body:
    """``body`` as the API server will get it, with nothing in the place of each value that is encrypted.

    Only Secrets are opened on their way into a cluster (kustomize-controller, internal/decryptor: IsEncryptedSecret).
    """
    if SOPS not in body or body.get("kind") != "Secret" or body.get("apiVersion") != "v1" or not is_sealed(body):
        return body
    parts: Mapping[str, Json] = {key: _opened(map_at(body, key)) for key in PARTS if key in body}
    return {key: parts.get(key, value) for key, value in body.items() if key != SOPS}


def _opened(part: Body) -> dict[str, Json]:
    return {key: "" if is_encrypted(value) else value for key, value in part.items()}
