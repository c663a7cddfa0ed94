"""A container and the pod it is in -> the words of a workload that say what it is and needs."""

import re
from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.imports import volumes
from mlgen.imports.hidden import HIDDEN
from mlgen.imports.naming import Words, name
from mlgen.imports.needs import Needs, Shared
from mlgen.imports.source import text, whole
from mlgen.node import Json, Node

HUB = "docker.io"
OFFICIAL = "library"
FIELDS = ("command", "args")
NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


def words(spec: Node, container: Node, workload: str, shared: Shared, *, mounts: bool = True) -> Words:
    """What ``container`` of a pod's ``spec`` says, in the words of a spec; adds to ``shared``."""
    pull(spec, shared.needs)
    return {
        **said(container, workload, shared),
        "data": list(volumes.data(spec, container, shared.data, shared.claims)) if mounts else None,
        "resources": resources(spec, container, shared.needs),
        "runAsUser": user(spec, container),
    }


def said(container: Node, workload: str, shared: Shared) -> Words:
    """What it runs, and with which variables."""
    found: Words = {"image": image(text(container, "image"))}
    found |= {key: container[key].plain() for key in FIELDS if key in container}
    found["env"] = dict(variables(container))
    found["secrets"] = list(secrets(container, workload, shared)) or None
    return found


def image(reference: str) -> str:
    """An image with its host: one without is of Docker's registry, for every container runtime."""
    first, slash, _ = reference.partition("/")
    if not reference or (slash and ("." in first or ":" in first or first == "localhost")):
        return reference
    return f"{HUB}/{reference}" if slash else f"{HUB}/{OFFICIAL}/{reference}"


def variables(container: Node) -> Iterator[tuple[str, Json]]:
    """The variables whose value stands there, but for secrets; numbers bare, as people write them."""
    for item in container["env"].items if "env" in container else []:
        value = item.get("value")
        if value is not None and isinstance(value.value, str) and not is_secret(item):
            yield text(item, "name"), int(value.value) if NUMBER.fullmatch(value.value) else value.value


def secrets(container: Node, workload: str, shared: Shared) -> Iterator[str]:
    """The secrets whose keys are variables of the same name; and one for the values that nobody should have written."""
    found: dict[str, list[str]] = {}
    for item in container["env"].items if "env" in container else []:
        variable = text(item, "name")
        secret = text(item, "valueFrom", "secretKeyRef", "name")
        if is_secret(item):
            found.setdefault(name(f"{workload}-secrets"), []).append(variable)
        elif secret and text(item, "valueFrom", "secretKeyRef", "key") == variable and name(secret) == secret:
            found.setdefault(secret, []).append(variable)
    for secret, keys in found.items():
        listed = shared.secrets.setdefault(secret, [])
        listed += [key for key in keys if key not in listed]
        yield secret


def is_secret(item: Node) -> bool:
    """Whether a variable had the value of a secret beside its name."""
    return text(item, "value") == HIDDEN


def resources(spec: Node, container: Node, needs: Needs) -> Words | None:
    """What the container asks for, GPUs among it."""
    gpu = gpus(spec, container, needs)
    return {**size(container), **({"gpu": gpu} if gpu else {})} or None


def size(container: Node) -> Words:
    """Its processors and memory; what it has at most, where it asks for nothing."""
    found: Words = {}
    for key in ("cpu", "memory"):
        value = container.find("resources", "requests", key) or container.find("resources", "limits", key)
        if key == "memory":
            value = container.find("resources", "limits", key) or value
        if value is not None:
            plain = value.plain()
            found[key] = cores(plain) if key == "cpu" else plain
    return found


def cores(value: Json) -> Json:
    """Processor cores: a whole number as such."""
    found = quantity(value)
    return int(found) if found is not None and found.denominator == 1 else value


def gpus(spec: Node, container: Node, needs: Needs) -> Words:
    """The GPUs: the first extended resource, whose nodes the environment knows."""
    limits = container.find("resources", "limits")
    for resource, count in (limits.entries if limits is not None else {}).items():
        number = quantity(count.plain())
        if "/" in resource and number is not None and number.denominator == 1 and number > 0:
            labels, tolerations = spec.get("nodeSelector"), spec.get("tolerations")
            plain = [None if node is None else node.plain() for node in (labels, tolerations)]
            return {needs.gpu(resource, plain[0], plain[1]): int(number)}
    return {}


def user(spec: Node, container: Node) -> Json:
    """The id of the user that it runs as."""
    found = whole(container, "securityContext", "runAsUser")
    return found if found is not None else whole(spec, "securityContext", "runAsUser")


def pull(spec: Node, needs: Needs) -> None:
    """The secret with which the environment's registry is asked."""
    secret = text(spec, "imagePullSecrets", 0, "name")
    first = text(spec, "containers", 0, "image").rpartition("/")[0]
    if secret and not needs.registry:
        host = first.partition("/")[0]
        needs.registry |= {"host": host if "." in host or ":" in host else HUB, "pullSecret": secret}
