"""An object that is rendered no more -> what goes with it, or that it stays."""

from collections.abc import Iterator

from mlgen.changes.compare import Change, holds_data, label
from mlgen.changes.look import Risk, Scene
from mlgen.protection import asks, keeps


def gone(change: Change, scene: Scene) -> Iterator[Risk]:
    """What is gone with all that it held; what is kept from pruning stays."""
    if change.after is not None or change.before is None:
        return
    name, when = label(change.ref), ", once somebody confirms it" if asks(change.body) else ""
    if keeps(change.body):
        stays = f"{name} is rendered no more, and stays in the cluster until somebody deletes it"
        yield Risk("note", "left-behind", stays)
    elif change.ref.kind == "Namespace":
        yield Risk("danger", "deletes-namespace", f"deletes {name} and everything in it{when}")
    elif holds_data(change.body):
        yield Risk("danger", "deletes-claim", f"deletes {name}, and its data unless the volume is retained{when}")
    elif change.ref.kind == "NetworkPolicy":
        yield Risk("warning", "opens-network", f"deletes {name}: what it closed is open")
