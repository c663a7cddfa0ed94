"""What the objects of each environment become -> one project: what all have, and what is different in each."""

from collections.abc import Mapping, Sequence

from mlgen.node import Json

HEAD: dict[str, Json] = {"apiVersion": "mlgen.dev/v1", "kind": "Project"}
NOBODY = "unknown"
Parts = Mapping[str, Json]


def project(name: str, found: Mapping[str, Parts]) -> dict[str, Json]:
    """``found`` has, by environment, the project's parts as they are there: workloads, data, secrets, manifests."""
    places = list(found)
    shared = {key: _every([parts.get(key) or {} for parts in found.values()]) for key in ("data", "secrets")}
    workloads = _workloads(found)
    overrides: dict[str, Json] = {}
    for place in places:
        here: dict[str, Json] = {}
        if changed := _override(shared["data"], found[place].get("data") or {}, lacking=False):
            here["data"] = changed
        if changed := _override(workloads, found[place].get("workloads") or {}):
            here["workloads"] = changed
        overrides[place] = here
    manifests: list[Json] = []
    for parts in found.values():
        listed = parts.get("manifests")
        manifests += [item for item in (listed if isinstance(listed, list) else []) if item not in manifests]
    body: dict[str, Json] = {
        **HEAD,
        "name": name,
        "owner": NOBODY,
        "data": shared["data"],
        "secrets": shared["secrets"],
        "workloads": workloads,
        "manifests": manifests,
    }
    whole = {key: value for key, value in body.items() if value or key == "workloads"}
    return {**whole, "environments": overrides}


def _workloads(found: Mapping[str, Parts]) -> Json:
    """The workloads as most environments have them; one that is not everywhere says where it is."""
    names: dict[str, list[Json]] = {}
    where: dict[str, list[str]] = {}
    for place, parts in found.items():
        own = parts.get("workloads")
        for name, words in (own if isinstance(own, dict) else {}).items():
            names.setdefault(name, []).append(words)
            where.setdefault(name, []).append(place)
    result: dict[str, Json] = {}
    for name, versions in names.items():
        words = _shared(versions)
        if isinstance(words, dict) and len(where[name]) < len(found):
            listed: list[Json] = [*where[name]]
            words = {"kind": words["kind"], "environments": listed, **words}
        result[name] = words
    return result


def _shared(versions: Sequence[Json]) -> Json:
    """What most of ``versions`` say: of maps key by key, where all of them have the key."""
    if all(isinstance(one, dict) for one in versions):
        maps = [one for one in versions if isinstance(one, dict)]
        keys = list(dict.fromkeys(key for one in maps for key in one))
        least = len(maps) / 2
        kept = [key for key in keys if sum(key in one for one in maps) > least or (len(maps) == 1)]
        return {key: _shared([one[key] for one in maps if key in one]) for key in kept}
    return max(versions, key=lambda one: (versions.count(one), -versions.index(one)))


def _every(versions: Sequence[Json]) -> Json:
    """All entries of ``versions``, each as most have it: an environment changes what there is, and adds nothing."""
    maps = [one for one in versions if isinstance(one, dict)]
    names = dict.fromkeys(name for one in maps for name in one)
    return {name: _shared([one[name] for one in maps if name in one]) for name in names}


def _override(common: Json, own: Json, *, lacking: bool = True) -> Json:
    """What an environment says so that ``common`` becomes ``own``; of what is ``lacking`` there that it is."""
    if not (isinstance(common, dict) and isinstance(own, dict)):
        return own
    changed: dict[str, Json] = {}
    for key, value in own.items():
        if key not in common:
            changed[key] = value
        elif isinstance(value, dict) and isinstance(common[key], dict):
            if inner := _override(common[key], value):
                changed[key] = inner
        elif value != common[key]:
            changed[key] = value
    for key in common:
        if lacking and key not in own and not _elsewhere(common[key]):
            changed[key] = None
    return changed


def _elsewhere(words: Json) -> bool:
    """Whether it says itself that it is not everywhere."""
    return isinstance(words, dict) and "kind" in words and "environments" in words
