"""Times and amounts, halved and compared without losing a byte."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgen.quantity import BINARY, DECIMAL, amount, half


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("32Gi", "16Gi"),
        ("1Gi", "512Mi"),
        ("1.5Gi", "768Mi"),
        ("1.5G", "750M"),
        ("1M", "500k"),
        ("1Ki", "512"),
        ("1k", "500"),
        ("0.001k", "0"),
        ("2Pi", "1Pi"),
    ],
)
def test_half_of_an_amount_stays_readable(written: str, expected: str) -> None:
    assert half(written) == expected


AMOUNTS = st.tuples(st.integers(1, 10**6), st.integers(0, 999), st.sampled_from([*BINARY[1:], *DECIMAL[1:]]))


@given(AMOUNTS)
def test_half_is_half_to_the_byte(parts: tuple[int, int, str]) -> None:
    written = f"{parts[0]}.{parts[1]:03}{parts[2]}"
    found = half(written)
    rest = amount(written) / 2 - (Fraction(found) if found.isdigit() else amount(found))
    assert 0 <= rest < 1
    assert "." not in found


@given(AMOUNTS)
def test_an_amount_is_the_same_in_every_unit(parts: tuple[int, int, str]) -> None:
    number, _, unit = parts
    smaller = (BINARY if unit.endswith("i") else DECIMAL)[1]
    assert amount(f"{number}{unit}") == amount(f"1{unit}") * number
    assert amount(f"1{unit}") % amount(f"1{smaller}") == 0
