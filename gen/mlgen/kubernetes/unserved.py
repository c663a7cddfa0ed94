"""An object that a cluster has no schema for -> the fault that says so, and what was meant instead."""

from collections.abc import Iterator, Mapping

from mlgen.faults.case import code
from mlgen.kubernetes import bundle, custom
from mlgen.kubernetes.refusal import wrong_type
from mlgen.node import Json
from mlgen.problem import Fault
from mlgen.suggest import closest, did_you_mean

IMPORT = "`kubectl get crd -o yaml | mlgen schema import -` keeps the schemas of a cluster's custom resources"


def unserved(manifest: Mapping[str, Json], minor: str) -> Iterator[Fault]:
    """The faults of an object that ``minor`` has no schema for: it has no name, or none that is known."""
    unnamed = [fault for field in ("apiVersion", "kind") for fault in _unnamed(manifest, field)]
    yield from unnamed
    if not unnamed:
        yield _unknown(str(manifest["apiVersion"]), str(manifest["kind"]), minor)


def _unnamed(manifest: Mapping[str, Json], field: str) -> Iterator[Fault]:
    """Without apiVersion and kind nobody knows what an object is."""
    value = manifest.get(field)
    if value is None or value == "":
        yield Fault((), "kubernetes-missing-field", f"`{field}` is missing", f"every object needs `{field}`, as text")
    elif not isinstance(value, str):
        yield wrong_type((field,), value, "text", "write it in quotes")


def _unknown(api_version: str, kind: str, minor: str) -> Fault:
    group = api_version.rpartition("/")[0]
    named = f"{code(api_version)} {code(kind)}"
    # A custom resource's group has a dot, the API server sees to that: any other is Kubernetes' own, or was.
    if "." in group and group not in bundle.groups():
        return _unchecked(api_version, kind)
    elsewhere = bundle.in_words(bundle.minors_serving(f"{api_version} {kind}"))
    instead = _versions(group, kind, minor)
    if not elsewhere and not instead:
        return _unknown_kind(api_version, kind, minor)
    mend = [f"write {' or '.join(code(f'apiVersion: {version}') for version in instead)}"] if instead else []
    mend += [f"Kubernetes has {code(api_version)} in {elsewhere}"] if elsewhere else []
    message = f"Kubernetes {minor} does not serve {named}"
    return Fault(("apiVersion",), "kubernetes-api-unavailable", message, "; ".join(mend))


def _unchecked(api_version: str, kind: str) -> Fault:
    """The fault of a custom resource that no schema ships for: perhaps one does for what was meant."""
    known = custom.kinds(api_version)
    meant = closest(kind, [name for version, name in known if version == api_version])
    if meant and meant.lower() == kind.lower():
        message = f"{code(api_version)} has no kind {code(kind)}"
        return Fault(("kind",), "kubernetes-unknown-kind", message, f"did you mean {code(meant)}?")
    message = f"there is no schema for {code(api_version)} {code(kind)}, so nothing in it can be checked"
    elsewhere = [code(f"apiVersion: {version}") for version, name in known if name == kind]
    mend = f"write {' or '.join(elsewhere)}" if elsewhere else f"did you mean {code(meant)}?" if meant else ""
    return Fault(("apiVersion",), "no-schema", message, mend or IMPORT)


def _versions(group: str, kind: str, minor: str) -> list[str]:
    """Where ``minor`` has ``kind``: in its own group, else in any; only the stable versions if there are some."""
    found = [version for version, name in _names(minor) if name == kind]
    near = [version for version in found if version.rpartition("/")[0] == group] or found
    stable = [version for version in near if "alpha" not in version and "beta" not in version]
    return sorted(stable or near, reverse=True)


def _unknown_kind(api_version: str, kind: str, minor: str) -> Fault:
    names = _names(minor)
    near = [name for version, name in names if version == api_version]
    meant = did_you_mean(kind, near) or did_you_mean(kind, [name for _, name in names])
    message = f"Kubernetes {minor} has no kind {code(kind)} in {code(api_version)}"
    return Fault(("kind",), "kubernetes-unknown-kind", message, meant)


def _names(minor: str) -> list[tuple[str, str]]:
    """The apiVersion and kind of everything that ``minor`` serves."""
    return [(version, kind) for version, _, kind in (name.partition(" ") for name in bundle.served(minor))]
