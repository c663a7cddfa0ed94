"""Imported objects and what they become -> what of the cluster they take for granted, as `existing` has it."""

from collections.abc import Iterable

from mlgen.existing import BUILT_IN, of_its_own_accord
from mlgen.imports.needs import Shared
from mlgen.imports.source import Source
from mlgen.links.dangling import KEYS
from mlgen.node import Json
from mlgen.references import references

NOT_MADE = "Secret"  # no manifest of mlgen's has its values: somebody puts it there


def assumed(found: Iterable[Source], shared: Shared) -> dict[str, Json]:
    """By the words of an environment, the names of what none of ``found`` is and nothing else names."""
    sources = list(found)
    made = {(source.kind, source.name) for source in sources if source.kind != NOT_MADE}
    named = made | {("Secret", name) for name in shared.secrets} | _named(shared)
    missing: dict[str, set[str]] = {}
    for source in sources:
        body = source.body.plain()
        for reference in references(body) if isinstance(body, dict) else ():
            kind, name = reference.kind, reference.name
            known = (kind, name) in named or (kind, "", name) in BUILT_IN or of_its_own_accord(kind, name)
            if kind in KEYS and not known and not reference.optional:
                missing.setdefault(KEYS[kind], set()).add(name)
    return {key: list[Json](sorted(missing[key])) for key in KEYS.values() if key in missing}


def _named(shared: Shared) -> set[tuple[str, str]]:
    """What project and environment name at another place."""
    claims = {("PersistentVolumeClaim", str(entry["claim"])) for entry in shared.data.values() if "claim" in entry}
    storage = shared.needs.further.get("storage")
    offers = list(storage.values()) if isinstance(storage, dict) else []
    secrets = [offer.get("secret") for offer in offers if isinstance(offer, dict)]
    secrets.append(shared.needs.registry.get("pullSecret"))
    return claims | {("Secret", secret) for secret in secrets if isinstance(secret, str)}
