"""Kubernetes quantities -> Spark's sizes: a pod's memory as heap and overhead, its processors as whole cores.

``memory: 12Gi`` is what the pod gets in all. Spark asks Kubernetes for the sum of the heap and the overhead, each in
whole MiB (Spark's unit ``m``), so the two are chosen to add up to exactly that; a fraction of a MiB is left unasked.
The overhead is Spark's own share (apache/spark, BasicDriverFeatureStep.scala, ResourceProfile.scala): a tenth of the
heap on the JVM, four tenths where Python or R processes live beside it, and never less than 384 MiB.
"""

from typing import NamedTuple

from mlgen import quantity

MEBIBYTE = 1024**2
LEAST_OVERHEAD = 384
# Spark refuses a JVM of less than 450 MiB (UnifiedMemoryManager.scala); a collector's spare space comes on top.
LEAST_HEAP = 512
TENTHS_ON_THE_JVM, TENTHS_BESIDE_IT = 1, 4


class Memory(NamedTuple):
    """The two parts of a pod's memory, in MiB."""

    heap: int
    overhead: int


def mebibytes(amount: str) -> int:
    """The whole MiB in an amount such as ``12Gi`` or ``1.5G``; the schema has checked its form."""
    return int(quantity.amount(amount) / MEBIBYTE)


def memory(amount: str, *, tenths: int) -> Memory:
    """The largest heap that leaves Spark's share over: ``tenths`` of it, and at least LEAST_OVERHEAD."""
    total = mebibytes(amount)
    # The largest heap with heap + heap * tenths // 10 <= total.
    heap = (10 * (total + 1) - 1) // (10 + tenths)
    heap = min(heap, total - LEAST_OVERHEAD)
    return Memory(heap, total - heap)


def cores(cpu: str) -> int:
    """How many tasks run at a time on ``cpu`` (``4``, ``2.5``, ``500m``): whole cores, and at least one."""
    return max(1, int(quantity.cores(cpu)))
