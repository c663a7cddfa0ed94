"""Two lists of objects -> what changed, by identity and by the names of items."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mlgen.changes.compare import Absent, compare, fields
from mlgen.manifest import Manifest
from mlgen.node import Json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["a", "b", "name"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "a", "b", "port"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def thing(name: str, spec: Json, kind: str = "Deployment", *, run: bool = False) -> Manifest:
    return Manifest({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}, {}, run=run)


def shown(value: Any) -> Any:
    return None if isinstance(value, Absent) else value


def places(before: Json, after: Json) -> dict[str, tuple[Any, Any]]:
    return {field.place: (shown(field.before), shown(field.after)) for field in fields(before, after)}


def test_items_are_known_by_their_names_in_whatever_order() -> None:
    old: Json = {"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y"}]}
    new: Json = {"containers": [{"name": "b", "image": "y"}, {"name": "a", "image": "x:2"}, {"name": "c"}]}
    assert places(old, new) == {"containers[a].image": ("x:1", "x:2"), "containers[c]": (None, {"name": "c"})}


def test_of_a_list_of_words_only_those_that_differ_are_shown() -> None:
    assert places({"args": ["-a", "-b", "-c"]}, {"args": ["-a", "-x", "-c"]}) == {"args": (["-b"], ["-x"])}


def test_a_key_with_dots_is_quoted() -> None:
    assert list(places({"labels": {"a.b/c": "1"}}, {"labels": {"a.b/c": "2"}})) == ['labels."a.b/c"']


def test_one_is_not_true() -> None:
    assert places({"a": 1}, {"a": True}) == {"a": (1, True)}


@given(JSON)
def test_nothing_differs_from_itself(value: Json) -> None:
    assert list(fields(value, value)) == []


@given(JSON, JSON)
def test_what_differs_is_told(one: Json, other: Json) -> None:
    """But for the order of items that have names, which means nothing to Kubernetes."""
    there, back = list(fields(one, other)), list(fields(other, one))
    assert {field.path for field in there} == {field.path for field in back}


def test_an_object_that_another_content_renamed_is_one_change() -> None:
    old = [thing("train-0123456789", {"image": "a:1"}, "Job", run=True), thing("watch", {"pod": "train-0123456789"})]
    new = [thing("train-abcdef0123", {"image": "a:2"}, "Job", run=True), thing("watch", {"pod": "train-abcdef0123"})]
    watch, train = compare(old, new)
    assert train.renamed
    assert [(field.place, field.follows) for field in train.fields] == [("metadata.name", True), ("spec.image", False)]
    assert [field.follows for field in watch.fields] == [True]


def test_objects_that_came_and_went_are_told_apart() -> None:
    gone, new = compare([thing("a", {})], [thing("b", {})])
    assert (gone.before, gone.after) == (thing("a", {}), None)
    assert (new.before, new.after) == (None, thing("b", {}))
