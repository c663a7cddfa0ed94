"""What changed -> what that may do to what runs and to what is stored, the worst first."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from mlgen import updates
from mlgen.body import number_at
from mlgen.changes.compare import Change, Field, holds_data, images, label
from mlgen.pods import TEMPLATES, named
from mlgen.protection import keeps

Level = Literal["danger", "warning", "note"]
LEVELS: tuple[Level, ...] = ("danger", "warning", "note")
# What starts something again by a schedule takes its new spec from the next time on.
SCHEDULED = ("CronJob", "ScheduledSparkApplication", "CronWorkflow", "RayCronJob")
RIGHTS = ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
SERVES = ("Deployment", "StatefulSet", "DaemonSet")


class Risk(NamedTuple):
    """One thing that a change does. ``rule`` names its sort for programs."""

    level: Level
    rule: str
    text: str


def risks(changes: Iterable[Change]) -> list[Risk]:
    """Every risk of ``changes``, the worst first, each once."""
    found = [risk for change in changes for look in LOOKS for risk in look(change)]
    return sorted(dict.fromkeys(found), key=lambda risk: (LEVELS.index(risk.level), risk.rule, risk.text))


def _deleted(change: Change) -> Iterator[Risk]:
    """What is gone with all that it held; what is kept from pruning stays."""
    if change.after is not None or change.before is None:
        return
    name = label(change.ref)
    if keeps(change.body):
        yield Risk(
            "note", "left-behind", f"{name} is rendered no more, and stays in the cluster until somebody deletes it"
        )
    elif change.ref.kind == "Namespace":
        yield Risk("danger", "deletes-namespace", f"deletes {name} and everything in it")
    elif holds_data(change.body):
        yield Risk("danger", "deletes-claim", f"deletes {name}, and its data unless the volume is retained")
    elif change.ref.kind in SERVES:
        yield Risk("warning", "deletes-workload", f"deletes {name} and its pods")
    elif change.ref.kind == "NetworkPolicy":
        yield Risk("warning", "opens-network", f"deletes {name}: what it closed is open")


def _immutable(change: Change) -> Iterator[Risk]:
    """Fields that the API server does not let anybody change."""
    if change.before is not None and change.after is not None and not change.renamed:
        for fault in updates.check(change.before.body, change.after.body):
            yield Risk("danger", "immutable-change", f"{label(change.ref)}: {fault.message}")


def _started(change: Change) -> Iterator[Risk]:
    if change.run and change.after is not None and (change.before is None or change.renamed):
        instead = f", in place of {change.before.ref.name}" if change.before is not None else ""
        yield Risk("warning", "starts-run", f"starts a new run: {label(change.ref)}{instead}")


def _restarted(change: Change) -> Iterator[Risk]:
    """The Spark operator kills what runs and runs it again, whatever changed in its spec."""
    if change.ref.kind == "SparkApplication" and not change.renamed and _touched(change, "spec"):
        yield Risk("danger", "kills-run", f"kills {label(change.ref)} if it runs, and runs it again")


def _rolled(change: Change) -> Iterator[Risk]:
    if change.before is None or change.after is None or change.ref.kind not in SERVES:
        return
    if any(_template(change, field) for field in change.fields):
        pods = number_at(change.body, "spec", "replicas")
        count = f": {pods} pod{'' if pods == 1 else 's'}" if pods is not None else ""
        yield Risk("warning", "rolls", f"rolls {label(change.ref)}{count}")


def _rescheduled(change: Change) -> Iterator[Risk]:
    if change.ref.kind in SCHEDULED and _touched(change, "spec"):
        yield Risk("note", "next-run", f"{label(change.ref)} runs otherwise from its next time on")


def _rights(change: Change) -> Iterator[Risk]:
    if change.ref.kind in RIGHTS and change.after is not None:
        yield Risk(
            "note", "changes-rights", f"{'gives' if change.before is None else 'changes'} rights: {label(change.ref)}"
        )


def _undigested(change: Change) -> Iterator[Risk]:
    old = set(images(change.before.body)) if change.before is not None else set()
    for image in dict.fromkeys(images(change.body) if change.after is not None else ()):
        if image not in old and "@sha256:" not in image:
            yield Risk("note", "no-digest", f"runs {image}, which has no digest: its tag may move")


LOOKS: tuple[Callable[[Change], Iterator[Risk]], ...] = (
    _deleted,
    _immutable,
    _started,
    _restarted,
    _rolled,
    _rescheduled,
    _rights,
    _undigested,
)


def _touched(change: Change, *path: str) -> bool:
    return any(field.path[: len(path)] == path for field in change.fields)


def _template(change: Change, field: Field) -> bool:
    where = TEMPLATES.get(named(change.body))
    return where is not None and field.path[: len(where)] == where
