"""What the API server refuses beyond schemas: the shared samples, and values of any shape anywhere."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT

from mlgen import apiserver, document, updates
from mlgen.body import Body, at
from mlgen.node import Json
from mlgen.node import Path as Where
from mlgen.problem import Fault

CONTAINER: Where = ("spec", "template", "spec", "containers", 0)
POD: Where = ("spec", "containers", 0)
# What of ../shared/refused these rules are for, and where each is said to be.
REFUSED: dict[str, tuple[str, Where]] = {
    "022-configmap-over-1mib": ("data-size", ("data",)),
    "024-configmap-key-in-data-and-binarydata": ("key-in-both", ("data", "LOG_LEVEL")),
    "030-secret-dockerconfigjson-not-json": ("docker-config", ("data", ".dockerconfigjson")),
    "036-cpu-request-over-limit": ("request-over-limit", (*CONTAINER, "resources", "requests", "cpu")),
    "038-gpu-request-without-limit": ("request-over-limit", (*CONTAINER, "resources", "requests", "nvidia.com/gpu")),
    "044-hugepages-request-differs": ("request-over-limit", (*POD, "resources", "requests", "hugepages-2Mi")),
    "046-initcontainer-same-name": ("listed-twice", ("spec", "template", "spec", "initContainers", 0, "name")),
    "060-hostport-conflict": ("host-port-conflict", (*CONTAINER, "ports", 1, "hostPort")),
    "072-volumemount-duplicate-path": ("listed-twice", (*CONTAINER, "volumeMounts", 1, "mountPath")),
    "122-selector-template-mismatch": (
        "selector-mismatch",
        ("spec", "template", "metadata", "labels", "app.kubernetes.io/name"),
    ),
    "136-sts-vct-mount-typo": ("mount-without-volume", (*CONTAINER, "volumeMounts", 0, "name")),
    "144-cron-schedule-words": ("cron-schedule", ("spec", "schedule")),
    "146-cron-schedule-six-fields": ("cron-schedule", ("spec", "schedule")),
    "148-cron-schedule-unknown-descriptor": ("cron-schedule", ("spec", "schedule")),
    "150-cron-schedule-tz": ("cron-schedule", ("spec", "schedule")),
    "152-cron-timezone-local": ("cron-schedule", ("spec", "timeZone")),
    "156-hpa-min-over-max": ("autoscaler-range", ("spec", "maxReplicas")),
    "172-service-multiport-unnamed": ("service-type", ("spec", "ports", 0)),
    "174-service-duplicate-port-name": ("listed-twice", ("spec", "ports", 1, "name")),
    "196-ingress-class-and-annotation": ("ingress-class", ("metadata", "annotations", "kubernetes.io/ingress.class")),
    "220-quota-scope-besteffort-cpu": ("quota-scope", ("spec", "scopes", 0)),
    "222-limitrange-default-over-max": ("limit-range", ("spec", "limits", 0, "default", "memory")),
    "242-crd-two-storage": ("definition-names", ("spec", "versions", 1, "storage")),
}
UPDATED: dict[str, tuple[str, Where]] = {
    "01-deployment-selector": ("immutable-field", ("spec", "selector", "matchLabels", "team")),
    "03-statefulset-selector": ("stateful-set-update", ("spec", "selector", "matchLabels", "app")),
    "05-statefulset-servicename": ("stateful-set-update", ("spec", "serviceName")),
    "07-job-image": ("job-update", (*CONTAINER, "image")),
    "09-job-completions": ("job-update", ("spec", "completions")),
    "11-pvc-accessmodes": ("claim-update", ("spec", "accessModes", 0)),
    "13-configmap-immutable-data": ("immutable-data", ("data", "LOG_LEVEL")),
    "15-secret-type": ("immutable-field", ("type",)),
    "17-storageclass-parameters": ("immutable-field", ("parameters", "protocol")),
    "19-priorityclass-value": ("immutable-field", ("value",)),
    "21-pv-source": ("immutable-field", ("spec", "csi", "volumeHandle")),
}
SHARED = ROOT.parent / "shared"
REFUSED_NEARBY = pytest.mark.skipif(not (SHARED / "refused").is_dir(), reason="../shared/refused is not there")
SOUND_NEARBY = pytest.mark.skipif(not (SHARED / "samples").is_dir(), reason="../shared/samples are not there")


def read(file: Path) -> list[Body]:
    documents = document.parse(file.read_bytes(), file=file.name, dialect="kubernetes").documents
    return [plain for one in documents if isinstance(plain := one.plain(), dict)]


@REFUSED_NEARBY
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_has_one_fault_at_its_place(name: str) -> None:
    found = [fault for body in read(SHARED / "refused" / f"{name}.yaml") for fault in apiserver.check(body)]
    assert [(fault.rule, fault.path) for fault in found] == [REFUSED[name]]


@REFUSED_NEARBY
@pytest.mark.parametrize("name", UPDATED)
def test_an_update_that_is_refused_has_one_fault_at_its_place(name: str) -> None:
    folder = SHARED / "refused" / "updates"
    (before,), (after,) = read(folder / f"{name}.before.yaml"), read(folder / f"{name}.after.yaml")
    assert [(fault.rule, fault.path) for fault in updates.check(before, after)] == [UPDATED[name]]
    assert not list(apiserver.check(after))


@REFUSED_NEARBY
def test_nothing_else_of_the_refused_is_refused_here() -> None:
    for file in (SHARED / "refused").glob("*.yaml"):
        if file.stem not in REFUSED:
            assert not [fault for body in read(file) for fault in apiserver.check(body)], file.name


@SOUND_NEARBY
@pytest.mark.parametrize("folder", ["accepted", "samples"])
def test_what_is_sound_has_no_fault(folder: str) -> None:
    files = sorted((SHARED / folder).rglob("*.yaml"))
    assert files
    for file in files:
        for body in read(file):
            items = body.get("items")
            for one in [*items, body] if isinstance(items, list) else [body]:
                assert isinstance(one, dict)
                assert not list(apiserver.check(one)), file.name
                assert not list(updates.check(one, one)), file.name


BODIES = [body for file in sorted((ROOT / "tests" / "manifests").glob("*/*.yaml")) for body in read(file)]
ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2**40),
    st.floats(allow_nan=False),
    st.sampled_from(["", "-", "0", "1/2", "10%", "None", "/", "@every", "::", "1e9999", "\ud800", "*/0 - , * *"]),
    st.lists(st.one_of(st.none(), st.integers(), st.just([]), st.just({}), st.text(max_size=2)), max_size=3),
    st.dictionaries(st.sampled_from(["name", "key", "values"]), st.one_of(st.none(), st.integers(), st.just([]))),
)


def places(value: Json, path: Where = ()) -> Iterator[Where]:
    """Every place in a value but its root."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in below:
        yield (*path, key)
        yield from places(item, (*path, key))


def changed(body: Body, path: Where, value: Any) -> Body:
    result = copy.deepcopy(body)
    parent: Any = at(result, *path[:-1]) if path[:-1] else result
    parent[path[-1]] = value
    return result


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_no_value_anywhere_makes_a_rule_stumble(data: st.DataObject) -> None:
    before = data.draw(st.sampled_from(BODIES))
    after = before
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.sampled_from(list(places(after))))
        after = changed(after, where, data.draw(ODD))
    for fault in apiserver.check(after):
        sound(fault, after)
    for one, other in ((before, after), (after, before)):
        for fault in updates.check(one, other):
            sound(fault, other)


def sound(fault: Fault, body: Body) -> None:
    """A fault stands at something that is there, and is one line that a person can read."""
    assert not fault.path or at(body, *fault.path[:-1]) is not None, fault
    assert fault.rule in {rule.id for rule in (*apiserver.RULES, *updates.RULES)}
    assert "\n" not in fault.message + fault.help


def test_every_rule_is_registered_once() -> None:
    folder = ROOT / "gen" / "mlgen" / "apiserver"
    assert len({rule.id for rule in apiserver.RULES}) == len(list(folder.glob("*.py"))) - 1


def test_more_than_a_mebibyte_of_data_is_too_much() -> None:
    for kind, field in (("ConfigMap", "data"), ("Secret", "stringData")):
        whole: Body = {"apiVersion": "v1", "kind": kind, field: {"a": "x" * 2**20}}
        assert not list(apiserver.check(whole))
        (fault,) = apiserver.check({**whole, field: {"a": "x" * 2**20, "b": "y"}})
        assert (fault.rule, fault.path) == ("data-size", (field,))


def test_data_in_base64_counts_as_what_it_stands_for() -> None:
    text = "QUFB" * (2**20 // 3)
    assert not list(apiserver.check({"apiVersion": "v1", "kind": "Secret", "data": {"a": text}}))


def test_annotations_have_a_limit_of_their_own_in_templates_too() -> None:
    much: Body = {"annotations": {"note": "x" * 2**18}}
    body: Body = {
        "apiVersion": "v1",
        "kind": "PodTemplate",
        "metadata": much,
        "template": {"metadata": much, "spec": {}},
    }
    found = [(fault.rule, fault.path) for fault in apiserver.check(body)]
    assert found == [("data-size", ("metadata", "annotations")), ("data-size", ("template", "metadata", "annotations"))]
