"""The name of a platform profile -> what runs each kind of workload there; an environment's layers -> with its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from mlgen import schema, shipped
from mlgen.node import Node
from mlgen.trace import said

PLATFORM, PROFILE = "platform", "profile"
PLAIN = "plain"
COMPLETE = "#/definitions/complete"
NONE: Mapping[str, str] = {}


class Profile(NamedTuple):
    """A tested set of back-ends, by the keys of an environment's ``platform``.

    ``versions`` has the release that it was made for, by back-end; ``notes`` what there is to know about a key.
    """

    description: str
    platform: Mapping[str, str]
    versions: Mapping[str, str] = NONE
    notes: Mapping[str, str] = NONE


@cache
def load(name: str) -> Profile:
    """The profile schemas/platforms/<name>.json that ships with mlgen. Raises FileNotFoundError if there is none."""
    return Profile(**json.loads(shipped.text("mlgen.schemas", f"platforms/{name}.json")))


def names() -> tuple[str, ...]:
    """Every profile: the plain cluster first."""
    return tuple(_properties()[PROFILE]["enum"])


def filled(profile: Profile) -> dict[str, str | None]:
    """What ``profile`` runs, with the defaults of a plain cluster; None where nothing runs a kind."""
    return {key: profile.platform.get(key, choice.get("default")) for key, choice in choices().items()}


def choices() -> dict[str, Any]:
    """What may stand in an environment's `platform` beside a profile, each with its choices and its default."""
    return {key: choice for key, choice in sorted(_properties().items()) if key != PROFILE}


def spelt_out(environment: Node) -> Node:
    """A file's environment with `platform: NAME`, if it says that, as `platform: {profile: NAME}`."""
    platform = environment.get(PLATFORM)
    if platform is None or not isinstance(platform.value, str):
        return environment
    place = environment.key_span(PLATFORM)
    return _with(environment, replace(platform, value={PROFILE: platform}, keys={PROFILE: place}, text=None))


def beneath(*layers: Node) -> Node | None:
    """The weakest layer of an environment: what the profile says that ``layers``, weakest first, choose."""
    chosen = None
    for layer in layers:
        own = layer.find(PLATFORM, PROFILE)
        chosen = own if own is not None else chosen
    if chosen is None or chosen.value is None:
        return None
    # Each entry stands where the profile is named: that is the line that a person can change.
    entries = {key: Node(backend, chosen.span) for key, backend in load(said(chosen)).platform.items()}
    return _with(
        replace(layers[-1], value={}, keys={}), Node(entries, chosen.span, dict.fromkeys(entries, chosen.span))
    )


class Wish(NamedTuple):
    """What if this profile were that of an environment, or of each of them."""

    profile: str
    environment: str | None = None


def wished(layers: Sequence[Node], profile: str) -> list[Node]:
    """The layers of an environment with another profile: in the place of its own one, beside which entries stay.

    Where none is named, that profile takes the place of all that one can say: kinds of the repository's own stay.
    """
    if beneath(*layers) is not None:
        return [_renamed(layer, profile) for layer in layers]
    *weaker, own = map(_stripped, layers)
    place = own["name"].span
    named = {**own[PLATFORM].entries, PROFILE: Node(profile, place)}
    return [*weaker, _with(own, replace(own[PLATFORM], value=named, keys={**own[PLATFORM].keys, PROFILE: place}))]


def beside(environment: Node) -> dict[str, str]:
    """What a complete environment says of its platform beside the profile that it names."""
    platform = environment[PLATFORM]
    named = platform.get(PROFILE)
    if named is None:
        return {}
    # What comes of the profile stands where that is named; a default stands in the schema.
    own = {key: entry for key, entry in platform.entries.items() if entry.span != named.span}
    return {key: said(entry) for key, entry in own.items() if not entry.span.file.startswith("schemas/")}


def _renamed(layer: Node, profile: str) -> Node:
    """The layer with another profile, if it names one."""
    named = layer.find(PLATFORM, PROFILE)
    if named is None:
        return layer
    own = replace(named, value=profile, text=None)
    return _with(layer, replace(layer[PLATFORM], value={**layer[PLATFORM].entries, PROFILE: own}))


def _stripped(layer: Node) -> Node:
    """The layer without what a profile can say of its platform."""
    platform = layer.get(PLATFORM) or Node({}, layer["name"].span)
    entries = {key: entry for key, entry in platform.entries.items() if key not in _properties()}
    return _with(layer, replace(platform, value=entries))


def _properties() -> Mapping[str, Any]:
    properties: Mapping[str, Any] = schema.load("environment").shape(COMPLETE)["properties"][PLATFORM]["properties"]
    return properties


def _with(environment: Node, platform: Node) -> Node:
    return replace(environment, value={**environment.entries, PLATFORM: platform})
