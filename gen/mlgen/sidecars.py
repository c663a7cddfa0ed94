"""A pod's annotations -> the container that a webhook adds for them, and what that asks for.

Cloud Storage FUSE mounts buckets from a container in the pod (GoogleCloudPlatform/gcs-fuse-csi-driver, pkg/webhook:
populateResource). Its limit is unlimited by default, which a LimitRange then fills in.
"""

from collections.abc import Mapping

from mlgen.body import Body, map_at, text_at
from mlgen.node import Json

ASKS = "gke-gcsfuse/volumes"
REQUESTS: Mapping[str, str] = {"cpu": "250m", "memory": "256Mi", "ephemeral-storage": "5Gi"}
UNLIMITED = "0"


def beside(notes: Body, given: Body) -> list[Json]:
    """The containers that come to those of a pod with these annotations; ``given`` is what a LimitRange gives."""
    if text_at(notes, ASKS) != "true":
        return []
    requests: dict[str, Json] = {}
    limits: dict[str, Json] = {}
    for name, usual in REQUESTS.items():
        asked, limit = (text_at(notes, f"gke-gcsfuse/{name}-{part}") for part in ("request", "limit"))
        requests[name] = asked or (limit if limit not in ("", UNLIMITED) else usual)
        most = limit or asked or UNLIMITED
        if most != UNLIMITED:
            limits[name] = most
        elif name in map_at(given, "default"):
            limits[name] = map_at(given, "default")[name]
    return [{"resources": {"requests": requests, "limits": limits}}]
