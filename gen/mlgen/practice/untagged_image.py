"""An image with neither tag nor digest, or with the tag `latest`."""

from collections.abc import Iterator

from mlgen import image_name
from mlgen.body import text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="untagged-image",
    title="An image with neither tag nor digest, or with the tag `latest`",
    why=("Such an image is another one tomorrow: no run can be repeated, and a node that has it runs the old one."),
    bad="image: docker.io/library/python",
    good="image: docker.io/library/python:3.13-slim",
    source="https://kubernetes.io/docs/concepts/containers/images/#image-names",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A warning, unless the environment is protected."""
    protected = setting.offer.get("protected") if setting.offer is not None else None
    for path, container in containers.every(pod):
        reference = image_name.parse(text_at(container, "image"))
        if reference.repository and not reference.digest and reference.tag in ("", "latest"):
            has = "only the tag `latest`" if reference.tag else "neither tag nor digest"
            message = f"{code(reference.repository)} has {has}"
            hint = f"write its tag, such as {code(f'{reference.repository}:1.4')}"
            strict = protected is not None and protected.value is True
            yield Fault((*path, "image"), RULE.id, message, hint, "error" if strict else "warning")
