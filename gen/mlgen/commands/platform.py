"""`mlgen platform`: the profiles that an environment's `platform` may name, and what each kind runs on there."""

import json
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from mlgen import profiles
from mlgen.commands import FINE, UsageError, console, manual
from mlgen.suggest import did_you_mean

ACTIONS = ("list", "show", "detect")


def platform(action: str, name: str | None, *, form: str) -> int:
    """Do what ``action`` says, with the profile or the file that ``name`` is."""
    if action not in ACTIONS:
        raise UsageError(f"there is no `mlgen platform {action}`", did_you_mean(action, ACTIONS))
    if action == "list":
        if name is not None:
            raise UsageError("`mlgen platform list` takes no name", f"`mlgen platform show {name}` does")
        return _list(form)
    if action == "detect":
        from mlgen.commands import platform_detect  # what reads definitions, which the others do without

        return platform_detect.detect(name, form=form)
    return _show(name, form)


def _list(form: str) -> int:
    """The profiles, each with what it is."""
    every = {name: profiles.load(name) for name in profiles.names()}
    if form == "json":
        console.product(_json({"profiles": [_data(name, profile) for name, profile in every.items()]}))
    else:
        width = max(map(len, every))
        console.product("".join(f"{name:<{width}}  {profile.description}\n" for name, profile in every.items()))
    return FINE


def _show(name: str | None, form: str) -> int:
    """What each kind runs on."""
    known = profiles.names()
    if name is None:
        raise UsageError("no profile is named", f"one of {', '.join(known)}")
    if name not in known:
        raise UsageError(f"there is no profile `{name}`", did_you_mean(name, known) or f"one of {', '.join(known)}")
    profile = profiles.load(name)
    if form == "json":
        console.product(_json(_data(name, profile)))
    else:
        console.product("\n".join(_page(name, profile)) + "\n")
    return FINE


def _page(name: str, profile: profiles.Profile) -> Iterator[str]:
    yield f"{name}: {profile.description}\n"
    chosen = profiles.filled(profile)
    keys, backends = max(map(len, chosen)), max(len(backend or "") for backend in chosen.values())
    for key, backend in chosen.items():
        version = profile.versions.get(backend or "", "" if backend else "nothing here runs it")
        yield f"  {key:<{keys}}  {backend or '-':<{backends}}  {version}".rstrip()
    yield ""
    for key, note in profile.notes.items():
        yield from wrap(f"{key}: {note}", manual.WIDEST)
    yield f"In an environment: `platform: {name}`, or with what differs from it beside it:"
    yield f"`platform: {{profile: {name}, pytorch: job}}`."


def _data(name: str, profile: profiles.Profile) -> dict[str, Any]:
    return {"name": name, **profile._asdict(), "platform": profiles.filled(profile)}


def _json(document: dict[str, Any]) -> str:
    return json.dumps({"schema_version": 1, **document}, indent=2) + "\n"
