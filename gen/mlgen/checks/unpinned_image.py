"""An image without a digest in a protected environment."""

from collections.abc import Iterator, Sequence

from mlgen import image
from mlgen.checks.containers import containers
from mlgen.manifest import Manifest
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import said, span_of

RULE = Rule(
    id="unpinned-image",
    title="An image without a digest in a protected environment",
    why="A tag can be moved: what was tested would not be what runs.",
    bad="environments:\n  prod: {images: {churn: 1.4.2}}          # releases.yaml",
    good='environments:\n  prod: {images: {churn: "1.4.2@sha256:..."}}          # 64 hexadecimal digits',
)


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """Every container's image, where the environment says `protected: true`."""
    protected = site.offer["protected"]
    if protected.value is not True:
        return
    for manifest in manifests:
        for path, container in containers(manifest.body):
            reference = image.parse(str(container["image"]))
            if not reference.digest:
                environment = said(site.offer["name"])
                yield Problem(
                    RULE.id,
                    span_of(manifest.origins, (*path, "image")),
                    f"`{reference}` has no digest, and `{environment}` is protected",
                    f"pin it in releases.yaml under `{environment}`: `images: {{NAME: TAG@sha256:...}}`",
                    related=((protected.span, "protected here"),),
                )
