"""Kubernetes quantities in, Spark's sizes out; the oracle is Spark's own arithmetic and that of Kubernetes."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgen.kinds.spark_size import (
    LEAST_HEAP,
    LEAST_OVERHEAD,
    TENTHS_BESIDE_IT,
    TENTHS_ON_THE_JVM,
    cores,
    mebibytes,
    memory,
)

FACTORS = {TENTHS_ON_THE_JVM: "0.1", TENTHS_BESIDE_IT: "0.4"}
totals = st.integers(LEAST_HEAP + LEAST_OVERHEAD, 4 * 1024 * 1024)
tenths = st.sampled_from(sorted(FACTORS))


def share(heap: int, factor: str) -> int:
    """The overhead that Spark takes by itself, in MiB."""
    return max(int(Decimal(heap) * Decimal(factor)), 384)


@given(totals, tenths)
def test_heap_and_overhead_are_exactly_what_was_asked_for(total: int, tenths: int) -> None:
    heap, overhead = memory(f"{total}Mi", tenths=tenths)
    assert heap + overhead == total
    assert heap >= LEAST_HEAP


@given(totals, tenths)
def test_the_overhead_is_sparks_own_and_the_heap_as_large_as_that_allows(total: int, tenths: int) -> None:
    heap, overhead = memory(f"{total}Mi", tenths=tenths)
    assert overhead >= share(heap, FACTORS[tenths])
    assert heap + 1 + share(heap + 1, FACTORS[tenths]) > total


@pytest.mark.parametrize(
    ("asked", "tenths", "expected"),
    [
        ("12Gi", TENTHS_BESIDE_IT, (8777, 3511)),
        ("12Gi", TENTHS_ON_THE_JVM, (11171, 1117)),
        ("2Gi", TENTHS_BESIDE_IT, (1463, 585)),
        ("2Gi", TENTHS_ON_THE_JVM, (1664, 384)),
        ("896Mi", TENTHS_BESIDE_IT, (512, 384)),
    ],
)
def test_what_becomes_of_an_amount(asked: str, tenths: int, expected: tuple[int, int]) -> None:
    assert memory(asked, tenths=tenths) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("10G", 9536), ("10Gi", 10240), ("1.5Gi", 1536), ("900000k", 858), ("1048576Ki", 1024), ("1T", 953674)],
)
def test_a_decimal_g_is_not_sparks_g(asked: str, expected: int) -> None:
    """Kubernetes' 10G are 10^10 bytes, Spark's 10g are 10 GiB: written over, a pod would get 7 % more than its quota.
    kubeflow/sdk#581."""
    assert mebibytes(asked) == expected


@given(st.integers(1, 10**6), st.sampled_from(["Ki", "Mi", "Gi", "k", "M", "G"]))
def test_a_pod_never_gets_more_than_was_asked_for(number: int, unit: str) -> None:
    scale = {"k": 1000, "M": 1000**2, "G": 1000**3, "Ki": 1024, "Mi": 1024**2, "Gi": 1024**3}[unit]
    assert 0 <= number * scale - mebibytes(f"{number}{unit}") * 1024**2 < 1024**2


@pytest.mark.parametrize(("cpu", "expected"), [("4", 4), ("2.5", 2), ("0.5", 1), ("500m", 1), ("3999m", 3), ("1", 1)])
def test_cores_are_whole_and_at_least_one(cpu: str, expected: int) -> None:
    assert cores(cpu) == expected


@given(st.integers(1, 10**6))
def test_as_many_tasks_as_whole_processors(thousandths: int) -> None:
    assert cores(f"{thousandths}m") == max(1, Fraction(thousandths, 1000).__floor__())
