"""An image as a spec names it -> the full reference, with the registry, and the release's tag and digest."""

from mlgen.image_name import Reference, parse
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem
from mlgen.site import Site, Workload, pin
from mlgen.trace import Made, made, said


def shown(reference: Reference, site: Site) -> Reference:
    """``reference`` as specs write it: without the host where that is the environment's registry."""
    registry = site.offer.find("registry", "host")
    prefix = f"{said(registry)}/" if registry is not None else ""
    return reference._replace(repository=reference.repository.removeprefix(prefix))


def full(image: Node, site: Site) -> Made:
    """The image that runs at ``site``. Raises MlgenError where it is relative and there is no registry."""
    reference = parse(said(image))
    pinned = site.release.find("images", reference.repository) if site.release is not None else None
    if pinned is not None:
        tag, digest = pin(said(pinned))
        reference = reference._replace(tag=tag, digest=digest)
    if reference.absolute:
        return made(str(reference), *([pinned, image] if pinned is not None else [image]))
    registry = site.offer.find("registry", "host")
    if registry is None:
        raise MlgenError(_no_registry(image, site))
    return made(f"{said(registry)}/{reference}", *([pinned] if pinned is not None else []), image, registry)


def of(workload: Workload) -> Made:
    """The image of a workload: its own, else the project's. Raises MlgenError where there is neither."""
    image = workload.spec.get("image") or workload.image
    if image is None:
        hint = "write `image: NAME` here, or once for the whole project"
        raise MlgenError(Problem("no-image", workload.key.span, f"`{workload.name}` has no image to run", hint))
    return full(image, workload.site)


def _no_registry(image: Node, site: Site) -> Problem:
    return Problem(
        "no-registry",
        image.span,
        f"`{said(image)}` has no host, and there is no registry in `{said(site.offer['name'])}`",
        "write the image with its host, such as `ghcr.io/acme/churn`, or give the environment a `registry`",
        related=((site.offer["name"].span, "this environment"),),
    )
