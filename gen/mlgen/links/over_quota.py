"""All pods of a namespace ask for more than its quota."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from mlgen.amount import quantity
from mlgen.body import list_at, map_at, text_at
from mlgen.faults.case import code
from mlgen.footprint import Share, footprint, place
from mlgen.gathered import Gathered, Setting, together
from mlgen.gpu_classes import classes
from mlgen.node import Json, Node, Path
from mlgen.problem import OFFER, Fault, Finding, Severity
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="over-quota",
    title="All that runs at once asks for more than the quota",
    why="The API server refuses the pods for which nothing is left, and whoever starts last waits without a word.",
    bad="resources: {cpu: 80, memory: 32Gi}            # and the environment says `quota: {cpu: 64}`",
    good="resources: {cpu: 48, memory: 32Gi}",
    source="kubernetes.io, concepts/policy/resource-quotas",
)
FEW = 3
GIB = 2**30
PLAIN = ("cpu", "memory")  # `cpu` means `requests.cpu`
COUNTED = ("pods", "count/pods")
GPU = "gpu"
WORKLOAD, PIPELINE = "mlgen.dev/workload", "mlgen.dev/pipeline"

Part = tuple[Fraction, Share]


class Number(NamedTuple):
    """One number of a quota: of which resource, how many, for whom; and where it says so."""

    resource: str
    most: Fraction
    namespace: str
    place: tuple[int, Path]


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Everything that may run at once against each number of each quota; what does not fit, once a resource."""
    shares: list[Share] | None = None
    told: set[tuple[str, str]] = set()
    for number in _numbers(objects, setting):
        shares = footprint(objects) if shares is None else shares
        here = [one for one in shares if together(_namespace(one, objects), number.namespace)]
        once = (number.namespace, number.resource.partition(".")[2])
        for finding in _over(number, here, objects, setting) if once not in told else ():
            told.add(once)
            yield finding._replace(related=((*number.place, "the quota"),))


def _numbers(objects: Gathered, setting: Setting) -> Iterator[Number]:
    """Those of ResourceQuotas; of the environment itself, where somebody else owns the namespace and its quota."""
    quotas = list(objects.of("ResourceQuota"))
    for index, quota in quotas:
        if not list_at(quota, "spec", "scopes") and not map_at(quota, "spec", "scopeSelector"):
            for key, value in map_at(quota, "spec", "hard").items():
                resource, most = f"requests.{key}" if key in PLAIN else key, quantity(value)
                if most is not None and not _counts(resource):
                    place = (index, ("spec", "hard", key))
                    yield Number(resource, most, text_at(quota, "metadata", "namespace"), place)
    if setting.offer is not None and not quotas:
        yield from _offered(setting.offer)


def _offered(offer: Node) -> Iterator[Number]:
    quota = offer.get("quota")
    for path, node in quota.leaves(("quota",)) if quota is not None else ():
        if isinstance(node.value, dict):  # `gpu: {}`
            continue
        most, name = quantity(node.scalar), str(path[-1])
        if path[1] == GPU:
            resource = offer.find("gpus", name, "resource")
            name = said(resource) if resource is not None else ""
        if name and most is not None:
            yield Number(f"requests.{name}", most, "", (OFFER, path))


def _counts(resource: str) -> bool:
    """Whether it counts objects or disks, which pods do not tell."""
    return resource not in COUNTED and (not resource.startswith(("requests.", "limits.")) or "storage" in resource)


def _over(number: Number, shares: Sequence[Share], objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Once without rollouts, and if that fits, with them."""
    resource, most = number.resource, number.most
    if most < 0:  # no quota is: the schema says so
        return
    steady = _at_once([(share.most * share.asked(resource), share) for share in shares], objects)
    rolled = _at_once([((share.most + share.surge) * share.asked(resource), share) for share in shares], objects)
    if sum(amount for amount, _ in steady) > most:
        yield _finding(resource, most, steady, objects, setting, severity="error")
    elif sum(amount for amount, _ in rolled) > most:
        yield _finding(resource, most, rolled, objects, setting, severity="warning")


def _at_once(parts: Sequence[Part], objects: Gathered) -> list[Part]:
    """``parts`` without those of a pipeline's steps but the greatest: at least that one runs, and mostly it alone."""
    steps: dict[str, dict[int, Fraction]] = {}
    for amount, share in parts:
        pipeline = map_at(objects.bodies[share.body], "metadata", "labels").get(PIPELINE)
        if pipeline is not None:
            found = steps.setdefault(str(pipeline), {})
            found[share.body] = found.get(share.body, Fraction(0)) + amount
    most = {max(found, key=lambda body: found[body]) for found in steps.values()}
    every = {body for found in steps.values() for body in found}
    return [part for part in parts if part[1].body in most or part[1].body not in every]


def _finding(
    resource: str,
    most: Fraction,
    found: Sequence[Part],
    objects: Gathered,
    setting: Setting,
    *,
    severity: Severity,
) -> Finding:
    """At whoever asks for most."""
    parts: dict[str, Fraction] = {}
    for amount, share in found:
        name = _name(share, objects)
        parts[name] = parts.get(name, Fraction(0)) + amount
    ranked = sorted((name for name in parts if parts[name]), key=lambda name: (-parts[name], name))
    _, first = max(found, key=lambda pair: pair[0])
    words = _words(resource, setting)
    total, when = sum(parts.values(), Fraction(0)), "" if severity == "error" else " while it is rolled out"
    if len(ranked) == 1:
        message = f"{code(ranked[0])} asks for {words(total)}{when}"
    else:
        shown = ", ".join(f"{code(name)} for {words(parts[name]).split()[0]}" for name in ranked[:FEW])
        more = f" and {len(ranked) - FEW} more" if len(ranked) > FEW else ""
        message = f"all that runs at once asks for {words(total)}{when} ({shown}{more})"
    environment = f" in {code(said(setting.offer['name']))}" if setting.offer is not None else ""
    message += f", and the quota is {words(most).split()[0]}{environment}"
    hint = "ask for less, or have the quota raised"
    if setting.offer is not None:
        hint = f"ask for less under `environments: {{{said(setting.offer['name'])}: ...}}`, or have the quota raised"
    return Finding(first.body, Fault(place(first, resource), RULE.id, message, hint, severity), alone=True)


def _words(resource: str, setting: Setting) -> Callable[[Fraction], str]:
    """How amounts of it are said."""
    name = resource.partition(".")[2]
    limited = resource.startswith("limits.")
    if name == "cpu":
        return lambda count: f"{_number(count)} processor{'' if count == 1 else 's'}"
    if name == "memory":
        return lambda size: f"{_number(size / GIB)}Gi of memory{' as its limit' if limited else ''}"
    if resource in COUNTED:
        return lambda count: f"{_number(count)} pods"
    offered = classes(setting.offer) if setting.offer is not None else {}
    alike = [one for one, gpu in offered.items() if said(gpu["resource"]) == name]
    if not alike:
        return lambda count: f"{_number(count)} of {code(name)}"
    of = f"class {code(alike[0])}" if len(alike) == 1 else code(name)
    return lambda count: f"{_number(count)} GPU{'' if count == 1 else 's'} of {of}"


def _name(share: Share, objects: Gathered) -> str:
    body = objects.bodies[share.body]
    called: Json = map_at(body, "metadata", "labels").get(WORKLOAD)
    return called if isinstance(called, str) else text_at(body, "metadata", "name")


def _namespace(share: Share, objects: Gathered) -> str:
    return text_at(objects.bodies[share.body], "metadata", "namespace")


def _number(value: Fraction) -> str:
    """As people write it: 2, 0.5, 12.3."""
    whole, rest = divmod(round(value * 100), 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
