"""A Secret that volumes are mounted with, whose keys are not those that the driver reads."""

from collections.abc import Iterator, Mapping, Sequence

from mlgen.manifest import Manifest
from mlgen.node import Json
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import span_of

RULE = Rule(
    id="storage-secret-keys",
    title="A Secret that volumes are mounted with has keys that the driver does not read",
    why="The driver knows the account's name and key by fixed names, and passes over all others: pods would wait for "
    "their volumes for ever.",
    bad="spec: {target: {name: acmeml-blob}, data: [{secretKey: key, ...}]}            # an ExternalSecret",
    good="spec: {target: {name: acmeml-blob}, data: [{secretKey: azurestorageaccountkey, ...}]}",
    source="kubernetes-sigs/blob-csi-driver, docs/driver-parameters.md and pkg/blob/blob.go; "
    "kubernetes-sigs/azurefile-csi-driver, pkg/azurefile/azurefile.go",
)
NAME, KEY = ("azurestorageaccountname", "accountname"), ("azurestorageaccountkey", "accountkey")
SIGNATURE = "azurestorageaccountsastoken"
# By driver, groups of keys: the driver needs one of each group. It finds them in any case of letters. The blob driver
# also knows the secrets of identities (`msisecret`, `azurestoragespnclientsecret`), but only beside attributes that
# mlgen does not write: there an environment has `identity`.
READ: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "blob.csi.azure.com": ((*KEY, SIGNATURE),),
    "file.csi.azure.com": (NAME, KEY),
}


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """Secrets that the project itself brings; what is in others, nobody here can know."""
    mounted = {found for manifest in manifests if (found := _mounted_with(manifest)) is not None}
    for manifest in manifests:
        for name, keys in _makes(manifest):
            for driver in sorted(driver for driver, secret in mounted if secret == name):
                lower = {key.lower() for key in keys}
                missing = [group for group in READ[driver] if lower.isdisjoint(group)]
                if missing:
                    yield _problem(manifest, name, driver, missing)


def _problem(manifest: Manifest, name: str, driver: str, missing: Sequence[tuple[str, ...]]) -> Problem:
    wanted = " and ".join(f"`{group[0]}`" for group in missing)
    message = f"volumes are mounted with the Secret `{name}`, and {driver} finds no {wanted} in it"
    hint = f"give it the key {wanted}"
    return Problem(RULE.id, span_of(manifest.origins, ("metadata", "name")), message, hint)


def _mounted_with(manifest: Manifest) -> tuple[str, str] | None:
    """The driver and the Secret of a volume."""
    csi = _at(manifest.body, "spec", "csi") if manifest.ref.kind == "PersistentVolume" else {}
    driver, secret = csi.get("driver"), _at(csi, "nodeStageSecretRef").get("name")
    return (str(driver), str(secret)) if driver in READ and secret is not None else None


def _makes(manifest: Manifest) -> Iterator[tuple[str, set[str]]]:
    """Each Secret that is made of an object, with its keys. Of what fetches whatever is there, nobody knows them."""
    spec, name = _at(manifest.body, "spec"), manifest.ref.name
    if manifest.ref.kind == "ExternalSecret" and "dataFrom" not in spec and "templateFrom" not in str(spec):
        composed = _at(spec, "target", "template", "data")
        fetched = {str(one.get("secretKey")) for one in _maps(spec.get("data"))}
        yield str(_at(spec, "target").get("name", name)), set(composed) or fetched
    elif manifest.ref.kind == "SealedSecret":
        yield name, {*_at(spec, "encryptedData"), *_at(spec, "template", "data")}
    elif manifest.ref.kind == "SecretProviderClass":
        for one in _maps(spec.get("secretObjects")):
            yield str(one.get("secretName")), {str(item.get("key")) for item in _maps(one.get("data"))}


def _maps(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _at(value: Json, *path: str) -> dict[str, Json]:
    """The map at ``path``; an empty one where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
