"""An image with neither tag nor digest."""

from collections.abc import Iterator, Sequence

from mlgen import image, image_name
from mlgen.checks.containers import images
from mlgen.manifest import Manifest
from mlgen.practice.untagged_image import RULE as RULE
from mlgen.problem import Problem
from mlgen.site import Site
from mlgen.trace import said, span_of


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """A warning, where the environment is not protected: there it is the error `unpinned-image`."""
    if site.offer["protected"].value is True:
        return
    for manifest in manifests:
        for path, text in images(manifest.body):
            reference = image_name.parse(text)
            if not reference.digest and reference.tag in ("", "latest"):
                written = image.shown(reference, site)
                has = "only the tag `latest`" if reference.tag else "neither tag nor digest"
                message = f"`{written.repository}` has {has} in `{said(site.offer['name'])}`"
                hint = f"write its tag, such as `{written.repository}:1.4`, or pin it in releases.yaml"
                yield Problem(RULE.id, span_of(manifest.origins, path), message, hint, "warning")
