"""What an environment is to run -> the text of releases.yaml that says so: what `mlgen release` and `promote` write."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlgen import edit, image_name
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem, Span
from mlgen.suggest import did_you_mean
from mlgen.trace import said

EMPTY = """\
# yaml-language-server: $schema=../../schemas/releases.json
# What each environment runs. `mlgen release` and `mlgen promote` write this; a person or an update bot may too.
apiVersion: mlgen.dev/v1
kind: Releases
environments:
"""
COMMAND = Span("command line", 1, 1, 1, 1)
Entries = Mapping[tuple[str, str], str | int]  # ("images", "churn") -> "1.4.2@sha256:..."


class Promotion(NamedTuple):
    """What is copied from one environment to another, and in words what is not."""

    entries: Entries
    left: list[str]


def written(text: str | None, environment: str, entries: Entries, *, file: str) -> str:
    """``text``, a releases.yaml or None, in which ``environment`` runs ``entries``. Raises MlgenError as edit does."""
    result = text if text is not None else EMPTY
    if text is None:
        first, *_ = entries
        result = f"{EMPTY}  {environment}:\n    {first[0]}: {{}}\n"
    for (sort, name), value in entries.items():
        result = edit.put(result, ("environments", environment, sort, name), value, file=file)
    return result


def pinned(reference: str, offer: Node) -> tuple[str, str]:
    """The name that specs have for an image, and its tag and digest; of `--image REF`.

    Raises MlgenError for a reference without either.
    """
    found = image_name.parse(reference)
    host = offer.find("registry", "host")
    name = found.repository.removeprefix(f"{said(host)}/") if host is not None else found.repository
    if not found.tag and not found.digest:
        raise MlgenError(_wrong(f"`{reference}` has neither a tag nor a digest", "write REF@sha256:..."))
    return name, found.tag + (f"@{found.digest}" if found.digest else "")


def modelled(words: str) -> tuple[str, int]:
    """NAME=VERSION of `--model`. Raises MlgenError for anything else."""
    name, equals, version = words.partition("=")
    if not (name and equals and version.isascii() and version.isdecimal()):
        raise MlgenError(_wrong(f"`{words}` is no model's version", "write NAME=VERSION, such as `churn=42`"))
    return name, int(version)


def refused(offer: Node, entries: Entries) -> Iterator[Problem]:
    """What the environment has against ``entries`` by hand: to a protected one one promotes."""
    flag = offer.get("protected")
    fixed = [name for sort, name in entries if sort != "runs"]
    if flag is not None and flag.value is True and fixed:
        where = said(offer["name"])
        message = f"`{where}` is protected: what runs there is what another environment proved"
        yield Problem("promotion-only", flag.span, message, f"`mlgen promote PROJECT --from ... --to {where}`")


def promoted(releases: Node | None, source: str, target: str, offer: Node, only: str | None) -> Promotion:
    """What ``source`` runs and ``target``, whose document is ``offer``, does not yet. Requests of runs are not copied.

    Raises MlgenError where the environment takes it from another one only, or nothing is released in ``source``.
    """
    stage = offer.find("promotion", "from")
    if stage is not None and said(stage) != source:
        message = f"`{target}` takes what `{said(stage)}` proved, not `{source}`"
        hint = f"promote to `{said(stage)}` first, then `--from {said(stage)}`"
        raise MlgenError(Problem("skipped-stage", stage.span, message, hint))
    environments = releases["environments"].entries if releases is not None else {}
    here = environments.get(source)
    if here is None:
        raise MlgenError(_wrong(f"nothing is released in `{source}`", did_you_mean(source, environments)))
    entries: dict[tuple[str, str], str | int] = {}
    left: list[str] = []
    for sort, named in here.entries.items():
        if sort == "runs" or only not in (None, sort):
            left += [f"{sort[:-1]} `{name}` of `{source}` was not copied" for name in named.entries]
            continue
        for name, node in named.entries.items():
            now = environments[target].find(sort, name) if target in environments else None
            if now is None or now.value != node.value:
                entries[sort, name] = node.value if isinstance(node.value, int) else said(node)
    return Promotion(entries, left)


def _wrong(message: str, hint: str) -> Problem:
    return Problem("no-release", COMMAND, message, hint)
