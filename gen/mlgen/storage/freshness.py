"""``freshness`` of a piece of data -> how many seconds what was read may be kept."""

from mlgen.node import Node
from mlgen.quantity import seconds
from mlgen.trace import said

ALWAYS, NEVER = "always", "never"
A_WEEK = 7 * 24 * 3600
# Kept for less time than asked is fresher than asked; the kernel counts ticks in 32 bits, which is 49 days.
LONGEST = 30 * 24 * 3600


def age(fresh: Node) -> int:
    """0 for what must always be fresh, a week for what never changes: the node is rarely there for longer."""
    if fresh.value == ALWAYS:
        return 0
    return A_WEEK if fresh.value == NEVER else min(seconds(said(fresh)), LONGEST)
