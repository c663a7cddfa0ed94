"""An image without a digest in a protected environment."""

from collections.abc import Iterator, Sequence

from mlgen import image, image_name
from mlgen.checks.containers import images
from mlgen.manifest import Manifest
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site, pin
from mlgen.trace import said, span_of

RULE = Rule(
    id="unpinned-image",
    title="An image without a digest in a protected environment",
    why="A tag can be moved: what was tested would not be what runs.",
    bad="environments:\n  prod: {images: {churn: 1.4.2}}          # releases.yaml",
    good='environments:\n  prod: {images: {churn: "1.4.2@sha256:..."}}          # 64 hexadecimal digits',
)


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """Every image that runs, where the environment says `protected: true`."""
    protected = site.offer["protected"]
    if protected.value is not True:
        return
    for manifest in manifests:
        for path, text in images(manifest.body):
            reference = image_name.parse(text)
            if not reference.digest:
                environment, written = said(site.offer["name"]), image.shown(reference, site)
                yield Problem(
                    RULE.id,
                    span_of(manifest.origins, path),
                    f"`{written}` has no digest, and one is required in `{environment}`",
                    _hint(written, site),
                    related=((protected.span, "this environment is protected"),),
                )


def _hint(written: image_name.Reference, site: Site) -> str:
    """In releases.yaml; but a canary that is written with its tag is not what the release has under that name."""
    released = site.release.find("images", written.repository) if site.release is not None else None
    if released is not None and pin(said(released))[0] != written.tag:
        return f"write its digest behind it: `{written}@sha256:...`"
    entry = f'{{{written.repository}: "{written.tag or "TAG"}@sha256:..."}}'
    return f"pin it in releases.yaml under `{said(site.offer['name'])}`: `images: {entry}`"
