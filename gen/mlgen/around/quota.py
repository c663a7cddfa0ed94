"""The environment's quota -> the ResourceQuota of a project's namespace, and what its pods get who say nothing."""

from collections.abc import Iterator

from mlgen.objects import Object, labels, metadata
from mlgen.site import Site
from mlgen.trace import Draft, made, said

# A quota refuses pods that state no requests: operators' helper pods, of which no spec knows, get these. Processors
# are not limited, as mlgen's own are not.
HELPERS: dict[str, Draft] = {
    "type": "Container",
    "defaultRequest": {"cpu": "100m", "memory": "256Mi"},
    "default": {"memory": "512Mi"},
}


def objects(site: Site) -> Iterator[Object]:
    """Nothing without a quota, or where somebody else owns the namespace."""
    quota = site.offer.get("quota")
    if quota is None or not site.owned:
        return
    yield _object(site, "ResourceQuota", "compute", {"hard": hard(site)})
    yield _object(site, "LimitRange", "defaults", {"limits": [HELPERS]})


def hard(site: Site) -> dict[str, Draft]:
    """Of GPUs only requests are counted: an extended resource is requested as it is limited."""
    quota = site.offer["quota"]
    cpu, memory, gpus = quota.get("cpu"), quota.get("memory"), quota.get("gpu")
    counts: dict[str, Draft] = {}
    for name, count in gpus.entries.items() if gpus is not None else ():
        resource = site.offer.find("gpus", name, "resource")
        if resource is not None:  # one that is unknown is reported where the quota stands
            counts[f"requests.{said(resource)}"] = made(said(count), count, resource)
    return {
        "requests.cpu": None if cpu is None else made(said(cpu), cpu),
        "requests.memory": memory,
        "limits.memory": memory,
        **counts,
    }


def _object(site: Site, kind: str, name: str, spec: dict[str, Draft]) -> Object:
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": metadata(site, made(name, site.offer["quota"]), labels(site, None)),
        "spec": spec,
    }
    return Object(body, (site.offer["quota"],))
