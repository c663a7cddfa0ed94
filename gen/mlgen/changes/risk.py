"""What changed -> what that may do to what runs and to what is stored, the worst first."""

from collections.abc import Iterable

from mlgen.changes.compare import Change
from mlgen.changes.gone import gone
from mlgen.changes.look import LEVELS, Look, Risk, Scene
from mlgen.changes.pointed import pointed
from mlgen.changes.refused import refused
from mlgen.changes.served import moved, rights, rolled, stopped, undigested
from mlgen.changes.started import killed, rescheduled, started, unkept

LOOKS: tuple[Look, ...] = (
    *(refused, gone, killed, started, unkept, rescheduled),
    *(rolled, stopped, moved, rights, undigested, pointed),
)
NOWHERE = Scene()


def risks(changes: Iterable[Change], scene: Scene = NOWHERE) -> list[Risk]:
    """Every risk of ``changes``, each once, in order."""
    return in_order(risk for change in changes for look in LOOKS for risk in look(change, scene))


def in_order(found: Iterable[Risk]) -> list[Risk]:
    """The worst first."""
    return sorted(dict.fromkeys(found), key=lambda risk: (LEVELS.index(risk.level), risk.rule, risk.text))
