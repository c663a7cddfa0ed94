"""A change of something that runs to its end -> whether it starts, is repeated, or is killed, and what it takes."""

from collections.abc import Iterator

from mlgen.body import map_at
from mlgen.changes.compare import Change, label
from mlgen.changes.look import Risk, Scene, touched
from mlgen.changes.size import size
from mlgen.logs import follow
from mlgen.protection import keeps

# What starts something again by a schedule takes its new spec from the next time on.
SCHEDULED = ("CronJob", "ScheduledSparkApplication", "CronWorkflow", "WorkflowTemplate", "RayCronJob")
WORKLOAD = "mlgen.dev/workload"
# What a run of a kind of workload is called; of any other, a run.
CALLED = dict.fromkeys(("tensorflow", "pytorch", "mpi"), "training run")


def started(change: Change, scene: Scene) -> Iterator[Risk]:
    """A run that was not there, with what it asks for."""
    if not change.run or change.after is None or (change.before is not None and not change.renamed):
        return
    instead = f", in place of {change.before.ref.name}" if change.before is not None else ""
    words = size(scene.shares.get(change.ref, ()), scene.offer).words
    how = "starts the same {} again" if _repeated(change) else "starts a new {}"
    labels = map_at(change.body, "metadata", "labels")
    called = CALLED.get(scene.kinds.get(str(labels.get(WORKLOAD)), ""), "run")
    text = f"{how.format(called)}{f' ({words})' if words else ''}: {label(change.ref)}{instead}"
    yield Risk("warning", "starts-run", text, follow(change.ref))


def killed(change: Change, scene: Scene) -> Iterator[Risk]:
    """A run that is rendered no more and that nothing keeps from being pruned."""
    before = change.before
    if before is not None and before.run and (change.after is None or change.renamed) and not keeps(before.body):
        yield Risk("danger", "deletes-run", f"deletes {label(before.ref)} and its logs, and kills it if it still runs")


def unkept(change: Change, scene: Scene) -> Iterator[Risk]:
    """A run that goes on, and whose protection is gone."""
    before, after = change.before, change.after
    if before is not None and after is not None and after.run and keeps(before.body) and not keeps(after.body):
        yield Risk("note", "run-unkept", f"{label(after.ref)} is deleted from now on once it is rendered no more")


def rescheduled(change: Change, scene: Scene) -> Iterator[Risk]:
    """What a schedule starts."""
    if change.ref.kind not in SCHEDULED:
        return
    if change.after is None:
        yield Risk("warning", "deletes-schedule", f"deletes {label(change.ref)}: it runs no more")
    elif change.before is not None and touched(change, "spec"):
        yield Risk("note", "next-run", f"{label(change.ref)} runs otherwise from its next time on")


def _repeated(change: Change) -> bool:
    """Whether nothing but the name is another: somebody asked for it again."""
    return change.before is not None and all(field.follows for field in change.fields if field.path[:1] == ("spec",))
