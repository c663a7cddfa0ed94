"""What a sweep tries: all of a grid, or a sample that is the same everywhere."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgen.node import Node
from mlgen.problem import Span
from mlgen.search_space import grid, grid_size, number_of_trials, sample

NOWHERE = Span("spec", 1, 1, 1, 1)
SPAN = {"rate": {"min": 0.0001, "max": 0.1, "scale": "log"}, "depth": {"min": 2, "max": 9}, "loss": ["l1", "l2"]}


def node(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: node(entry) for key, entry in value.items()}, NOWHERE)
    return Node([node(item) for item in value] if isinstance(value, list) else value, NOWHERE)


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ([0.1, 1e-05, "adam", True], [0.1, 1e-05, "adam", True]),
        ({"min": 2, "max": 5}, [2, 3, 4, 5]),
        ({"min": 16, "max": 50, "step": 16}, [16, 32, 48]),
        ({"min": 0.1, "max": 0.5, "step": 0.1}, [0.1, 0.2, 0.3, 0.4, 0.5]),
        ({"min": 0, "max": 1, "step": 0.25}, [0.0, 0.25, 0.5, 0.75, 1.0]),
        ({"min": -1.5, "max": 1.5, "step": 1.5}, [-1.5, 0.0, 1.5]),
    ],
)
def test_the_values_of_a_parameter_in_a_grid(parameter: Any, values: list[Any]) -> None:
    """Tenths are tenths: a program that adds floats would find 0.30000000000000004 here, and perhaps no 0.5."""
    found = [trial["a"] for trial in grid(node({"a": parameter}))]
    assert [(type(one), one) for one in found] == [(type(one), one) for one in values]
    assert grid_size(node({"a": parameter})) == len(values)


def test_a_grid_has_every_combination_once() -> None:
    parameters = node({"a": {"min": 1, "max": 3}, "b": ["x", "z"]})
    assert [tuple(trial.values()) for trial in grid(parameters)] == [
        *((1, "x"), (1, "z"), (2, "x"), (2, "z"), (3, "x"), (3, "z")),
    ]
    assert grid_size(parameters) == number_of_trials(node({"parameters": {"a": [1, 2, 3], "b": ["x", "z"]}})) == 6


def test_what_has_no_steps_has_no_size() -> None:
    assert grid_size(node({"a": {"min": 0.1, "max": 1}, "b": [1, 2]})) is None


def test_a_sample_is_the_same_for_ever() -> None:
    """These numbers are part of the names of runs: whatever changes them starts every sweep of everybody anew."""
    assert [tuple(trial.values()) for trial in sample(node(SPAN), 0, 3)] == [
        *((0.00125099, 4, "l2"), (0.00179524, 5, "l2"), (0.000900655, 9, "l1")),
    ]


def test_more_trials_leave_the_first_ones_and_another_seed_draws_others() -> None:
    first, more = sample(node(SPAN), 3, 10), sample(node(SPAN), 3, 40)
    assert more[:10] == first
    assert sample(node(SPAN), 4, 10) != first


def test_another_parameter_changes_no_value_of_the_others() -> None:
    with_more = sample(node({**SPAN, "width": [8, 16]}), 3, 10)
    assert [{key: trial[key] for key in SPAN} for trial in with_more] == sample(node(SPAN), 3, 10)


@given(st.integers(0, 2**31 - 1), st.integers(1, 24))
def test_no_trial_is_made_twice_and_every_value_is_one_of_the_range(seed: int, number: int) -> None:
    parameters = node({"a": {"min": 1, "max": 3}, "b": ["x", "z"], "c": {"min": 0.1, "max": 0.4, "step": 0.1}})
    every, found = [*grid(parameters)], sample(parameters, seed, number)
    assert len(found) == number
    assert all(trial in every for trial in found)
    assert all(found.count(trial) == 1 for trial in found)


@given(st.integers(0, 2**31 - 1))
def test_what_has_no_steps_stays_within_its_ends(seed: int) -> None:
    parameters = node(
        {"even": {"min": -0.25, "max": 0.25}, "log": {"min": 1e-6, "max": 0.3}, "whole": {"min": 1, "max": 1000}}
        | {key: {"min": 1, "max": 1000, "scale": "log"} for key in ("width",)}
    )
    for trial in sample(parameters, seed, 20):
        even, low, whole, width = (trial[key] for key in ("even", "log", "whole", "width"))
        assert isinstance(even, float)
        assert -0.25 <= even <= 0.25
        assert isinstance(low, float)
        assert 1e-6 <= low <= 0.3
        assert isinstance(whole, int)
        assert 1 <= whole <= 1000
        assert isinstance(width, int)
        assert 1 <= width <= 1000


def test_draws_are_spread_evenly_and_on_a_logarithmic_scale_by_powers() -> None:
    trials = sample(node({"a": {"min": 0.0, "max": 1.0}, "b": {"min": 0.0001, "max": 1.0, "scale": "log"}}), 0, 1000)
    tenths = [sum(tenth <= 10 * float(str(trial["a"])) < tenth + 1 for trial in trials) for tenth in range(10)]
    powers = [
        sum(power <= math.log10(float(str(trial["b"]))) < power + 1 for trial in trials) for power in range(-4, 0)
    ]
    assert all(70 <= number <= 130 for number in tenths), tenths
    assert all(200 <= number <= 300 for number in powers), powers
