"""A releases.yaml and a value -> the same text with it; the oracle is reading it again, and PyYAML."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mlgen.edit import put
from mlgen.problem import MlgenError

TEXT = """\
# who runs what
apiVersion: mlgen.dev/v1
kind: Releases
environments:
  dev:   # first
    images:
      churn: 1.4.1   # {"$imagepolicy": "flux:churn"}
  prod: {images: {churn: "1.0"}}
  staging:
  qa: {}  # empty
# end
"""
TAG = "1.4.2@sha256:" + "a" * 64


def edited(path: str, value: str | int, text: str = TEXT) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    before = text.split("\n")
    after = put(text, tuple(path.split("/")), value, file="releases.yaml").split("\n")
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_a_value_is_replaced_and_the_comment_beside_it_stays() -> None:
    gone, new = edited("environments/dev/images/churn", TAG)
    assert gone == ['      churn: 1.4.1   # {"$imagepolicy": "flux:churn"}']
    assert new == [f'      churn: "{TAG}"   # {{"$imagepolicy": "flux:churn"}}']


def test_an_entry_is_added_below_its_neighbours() -> None:
    assert edited("environments/dev/images/other", "1e3") == ([], ['      other: "1e3"'])
    assert edited("environments/dev/models/churn", 43) == ([], ["    models:", "      churn: 43"])
    assert edited("environments/new/images/churn", "v7") == ([], ["  new:", "      churn: v7"])


def test_a_map_in_braces_stays_in_braces() -> None:
    gone, new = edited("environments/prod/runs/train", "again")
    assert gone == ['  prod: {images: {churn: "1.0"}}']
    assert new == ['  prod: {images: {churn: "1.0"}, runs: {train: again}}']


def test_what_is_empty_is_filled() -> None:
    assert edited("environments/staging/images/churn", "v7") == ([], ["      churn: v7"])
    assert edited("environments/qa/images/churn", "v7") == (
        ["  qa: {}  # empty"],
        ["  qa:  # empty", "      churn: v7"],
    )


def test_what_cannot_be_read_is_not_edited() -> None:
    for text in ("", "a: [", "a: 1\na: 2\n"):
        with pytest.raises(MlgenError):
            put(text, ("a",), "1", file="releases.yaml")


NAMES = st.sampled_from(["dev", "prod", "churn", "a.b/c", "x y", "#", "yes", "1e3", "images"])
VALUES = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1, max_size=12) | st.integers(
    0, 99
)
TREES = st.dictionaries(
    NAMES, st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=3), max_size=4
)


@given(TREES, st.booleans(), NAMES, NAMES, NAMES, VALUES)
def test_whatever_is_there_the_result_says_what_was_put_and_all_else_stays(
    tree: dict[str, dict[str, dict[str, str | int]]], flow: bool, one: str, two: str, three: str, value: str | int
) -> None:
    style = None if flow else False
    text = "# head\n" + yaml.dump({"top": 1, **tree}, default_flow_style=style, sort_keys=False) + "# end\n"
    try:
        result = put(text, (one, two, three), value, file="f")
    except MlgenError:
        return  # what PyYAML wrote is ambiguous to a strict reader, or its form leaves no room
    read = yaml.safe_load(result)
    wanted = yaml.safe_load(text)
    wanted.setdefault(one, {}).setdefault(two, {})[three] = value
    assert read == wanted
    assert result.startswith("# head\n")
    assert result.endswith("# end\n")


def test_a_form_that_leaves_no_room_is_a_persons_work() -> None:
    with pytest.raises(MlgenError) as caught:
        put("dev: {images: [1]}\n", ("dev", "images", "churn"), "1", file="releases.yaml")
    assert [problem.rule for problem in caught.value.problems] == ["edit-by-hand"]
