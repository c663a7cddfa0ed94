"""``canary: {version: 43, weight: 10}`` of a server -> the server as its canary is: a part with pods of its own."""

from collections.abc import Iterator
from dataclasses import replace

from mlgen import image_name
from mlgen.demand import canary_share
from mlgen.kinds.part import part
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem
from mlgen.site import Site, Workload
from mlgen.trace import said

PART = "canary"


def canaries(stable: Workload) -> Iterator[Workload]:
    """None or one. Raises MlgenError where a workload has taken its name, or it names a version of no model."""
    asked = stable.spec.get("canary")
    if asked is None:
        return
    spec = {key: node for key, node in stable.spec.entries.items() if key != "canary"}
    spec["replicas"] = replicas(spec["replicas"], asked["weight"])
    if "version" in asked:
        spec["model"] = _model(stable, asked)
    if "image" in asked:
        spec["image"] = asked["image"]
    own = part(stable, PART, PART, spec, asked)
    yield replace(own, site=written(own.site, asked["image"])) if "image" in asked else own


def replicas(stable: Node, weight: Node) -> Node:
    """Its share of the pods, as it has of the requests; one at least."""
    share = {
        key: Node(canary_share(int(said(stable[key])), weight), weight.span, text=said(weight))
        for key in ("min", "max")
        if key in stable
    }
    return replace(stable, value={**stable.entries, **share})


def written(site: Site, named: Node) -> Site:
    """``site`` without the release of ``named``, if that has a tag or digest of its own: it is the release's rival."""
    reference = image_name.parse(said(named))
    pins = site.release.get("images") if site.release is not None else None
    if site.release is None or pins is None or not (reference.tag or reference.digest):
        return site
    others = {name: pin for name, pin in pins.entries.items() if name != reference.repository}
    release = {**site.release.entries, "images": replace(pins, value=others)}
    return replace(site, release=replace(site.release, value=release))


def _model(stable: Workload, asked: Node) -> Node:
    model = stable.spec.get("model")
    if model is None:
        message = "a custom server has no model, so its canary cannot have another version of it"
        span = asked.key_span("version")
        raise MlgenError(Problem("not-for-this-server", span, message, "write the `image` that the canary runs"))
    return replace(model, value={**model.entries, "version": asked["version"]})
