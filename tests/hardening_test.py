"""The API server's own rules in the native schemas: every piece has a place, words and a page, each place a field."""

import json
from typing import Any

import pytest
from tests.tools import hardening, native_schemas

from mlgen.catalog import RULES
from mlgen.kubernetes import MINORS, bundle, check
from mlgen.kubernetes.mend import mended
from mlgen.rules import native, native_access, native_pods

PAGES = {rule.id for module in (native, native_access, native_pods) for rule in module.RULES}
LATEST = int(MINORS[-1].rpartition(".")[2])
EVERY_MINOR = [int(minor.rpartition(".")[2]) for minor in MINORS]


def inner(shape: Any) -> list[dict[str, Any]]:
    """A shape and every shape in it."""
    if isinstance(shape, list):
        return [found for item in shape for found in inner(item)]
    if not isinstance(shape, dict):
        return []
    return [shape, *(found for value in shape.values() for found in inner(value))]


def known() -> set[str]:
    return {name for minor in EVERY_MINOR for name in hardening.pieces(minor)}


def used() -> set[str]:
    placed = {name for fields in hardening.PLACES.values() for names in fields.values() for name in names.split()}
    called = {"named", "named-cluster", *hardening.CALLED.values(), *hardening.FORMATS.values()}
    every = json.dumps([hardening.pieces(minor) for minor in EVERY_MINOR])
    return placed | called | {name.removeprefix("mlgen.") for name in bundle.REFERENCE.findall(every)}


def test_every_piece_is_used_and_what_is_used_is_a_piece() -> None:
    assert known() == used()


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    named = {
        shape["x-rule"]
        for minor in EVERY_MINOR
        for piece in hardening.pieces(minor).values()
        for shape in inner(piece)
        if "x-rule" in shape
    }
    assert named == PAGES
    assert set(RULES) >= PAGES


def test_every_place_is_a_field_of_some_version() -> None:
    found: set[tuple[str, str]] = set()
    for published in native_schemas.sources().values():
        for name, schema in published.items():
            for field, _ in hardening.placed(name):
                plain = field.removesuffix("[]")
                if not plain or plain in schema.get("properties", {}):
                    found |= {(key, field) for key in hardening.keys(name)}
    wanted = {(name, field) for name, fields in hardening.PLACES.items() for field in fields}
    assert wanted - found == set()


@pytest.mark.parametrize("minor", EVERY_MINOR)
def test_a_piece_refuses_only_with_words(minor: int) -> None:
    """Each has a rule at its top, so that whatever refuses in it has one."""
    assert [name for name, piece in hardening.pieces(minor).items() if "x-rule" not in piece] == []


def test_a_name_is_used_once() -> None:
    assert len(known()) == len({name.removeprefix("lax.") for name in known()}) + len(
        {name for name in known() if name.startswith("lax.") and name.removeprefix("lax.") in known()}
    )


@pytest.mark.parametrize(
    ("rule", "value", "help"),
    [
        ("bad-quantity", "8GB", "`GB` is no unit: write `8G`, or `8Gi` for powers of 1024"),
        ("bad-quantity", "500gi", "write `500Gi`"),
        ("bad-quantity", "1 Gi", "write `1Gi`"),
        ("bad-quantity", "1,5Gi", "write `1.5Gi`"),
        ("bad-quantity", "1,5", "write `1.5`"),
        ("bad-quantity", "4MiB", "write `4Mi`"),
        ("bad-quantity", "2 cores", "the units are `m`, and `k`, `M`, `G`, `T` or `Ki`, `Mi`, `Gi`, `Ti`"),
        ("bad-quantity", "much", ""),
        ("bad-name", "My_App", "write `my-app`"),
        ("bad-name", "___", ""),
        ("port-name", "8080", "write it without quotes: a number is no name"),
        ("percentage", "25", "write `25%`, or the number without quotes"),
        ("bad-label", "a b", ""),
        ("bad-quantity", "1" * 100, ""),
    ],
)
def test_what_was_meant(rule: str, value: str, help: str) -> None:
    assert mended(rule, value) == help


POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a"},
    "spec": {"containers": [{"name": "a", "image": "a:1"}]},
}


def with_container(**fields: Any) -> dict[str, Any]:
    return {**POD, "spec": {"containers": [{"name": "a", "image": "a:1", **fields}]}}


@pytest.mark.parametrize(
    ("body", "minors"),
    [
        (with_container(env=[{"name": "a b", "value": "c"}]), MINORS[: MINORS.index("1.32")]),
        (with_container(restartPolicy="Never"), MINORS[MINORS.index("1.28") : MINORS.index("1.34")]),
        (
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "7b"}, "spec": {"ports": [{"port": 80}]}},
            MINORS[: MINORS.index("1.36")],
        ),
        (
            {
                "apiVersion": "autoscaling/v2",
                "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": "a"},
                "spec": {
                    "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"},
                    "minReplicas": 0,
                    "maxReplicas": 1,
                },
            },
            MINORS[: MINORS.index("1.37")],
        ),
    ],
    ids=["variable", "restart", "service", "autoscaler"],
)
def test_a_rule_holds_in_the_versions_that_have_it(body: dict[str, Any], minors: tuple[str, ...]) -> None:
    refusing = [minor for minor in MINORS if any(fault.rule in PAGES for fault in check(body, minor))]
    assert tuple(refusing) == minors


@pytest.mark.parametrize("minor", MINORS)
def test_a_secret_value_is_never_told(minor: str) -> None:
    body: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "a"},
        "data": {"token": "hunter2!"},
        "stringData": {"a/b": "hunter2"},
    }
    told = [f"{fault.message} {fault.help}" for fault in check(body, minor)]
    assert len(told) == 2
    assert not [text for text in told if "hunter2" in text]


def test_a_definition_that_is_no_piece_is_none() -> None:
    assert all(name.startswith(("io.k8s.", "mlgen.")) for name in bundle.closed("mlgen.named", "1.34")["$defs"])
