"""The health checks, run as the engines run them, over statuses as the operators write them.

tests/health/<kind>/ holds them, each named for the verdict that it has to get; of a kind of two groups, those of the
second are in <kind>.<group>/.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate  # type: ignore[import-untyped]
import lupa.lua51
import pytest
import yaml
from cel_expr_python import cel
from tests.custom_test import closed, published, served

from mlgen import health
from mlgen.health import CHECKS
from mlgen.health.check import Check

STATUSES = Path(__file__).parent / "health"


def folder(check: Check) -> str:
    """Where its statuses are."""
    group, kind = check.key
    return f"{kind}.{group}" if group in TWICE else kind


RECORDED = sorted(STATUSES.glob("*/*.yaml"))
TWICE = ("spark.apache.org",)
BY_KIND = {folder(check): check for check in CHECKS}
VERDICTS = {"healthy": "Healthy", "progressing": "Progressing", "degraded": "Degraded", "suspended": "Suspended"}
# Nothing holds up what is suspended: so Flux judges a suspended Job.
OF_FLUX = {"healthy": "Current", "progressing": "InProgress", "degraded": "Failed", "suspended": "Current"}
# Kinds whose scripts in Argo CD 3.5 (resource_customizations) will do.
JUDGED_BY_ARGO_CD = {
    ("bitnami.com", "SealedSecret"),
    ("external-secrets.io", "ExternalSecret"),
    ("gateway.networking.k8s.io", "HTTPRoute"),
    ("keda.sh", "ScaledObject"),
}
# Flux's library of functions (fluxcd/pkg, runtime/cel/expression.go).
FLUX = "name: flux\nextensions: [{name: strings}, {name: optional}, {name: encoders}, {name: sets}]\n"
TOP = ("apiVersion", "kind", "metadata", "spec", "status")
# What Argo CD opens for a script of the ConfigMap: Lua 5.1's base and tables (util/lua/lua.go).
ABSENT = "string, math, io, os, debug, coroutine, python = nil\ngetmetatable('').__index = nil\n"


def recorded(*kinds: str) -> pytest.MarkDecorator:
    """One test for each status of ``kinds``."""
    paths = [path for path in RECORDED if path.parent.name in kinds]
    return pytest.mark.parametrize("path", paths, ids=[f"{path.parent.name}-{path.stem}" for path in paths])


def read(path: Path) -> Any:
    """An object as an engine has it from the API server: times are text there."""
    return yaml.load(path.read_text("utf-8"), Timeless)


class Timeless(yaml.CSafeLoader):
    pass


Timeless.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def without_nulls(value: Any) -> Any:
    """A null is nil in Lua: as if it were not there."""
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


def argocd(script: str, body: Any) -> dict[str, Any]:
    """What Argo CD makes of ``body`` by ``script``."""
    lua = lupa.lua51.LuaRuntime(register_eval=False, register_builtins=False)
    lua.execute(ABSENT)
    lua.globals().obj = lua.table_from(without_nulls(body), recursive=True)
    return dict(lua.execute(script))


def flux(check: Check, body: Any) -> str:
    """What Flux makes of ``body`` (fluxcd/pkg, runtime/cel/status_evaluator.go); Unknown, it asks again."""
    observed, generation = body.get("status", {}).get("observedGeneration"), body["metadata"].get("generation")
    if observed is not None and generation is not None and observed != generation:
        return "InProgress"
    for expression, verdict in ((check.failed, "Failed"), (check.current, "Current")):
        found = compiled(expression).eval(data=body)
        if found.type().name() == "ERROR":
            return "Unknown"
        assert isinstance(found.plain_value(), bool)
        if found.plain_value():
            return verdict
    return "InProgress"


@cache
def compiled(expression: str) -> Any:
    environment = cel.NewEnv(config=cel.NewEnvConfigFromYaml(FLUX), variables=dict.fromkeys(TOP, cel.Type.DYN))
    return environment.compile(expression)


@recorded(*(folder(check) for check in CHECKS if check.lua))
def test_argo_cd_sees_it(path: Path) -> None:
    check = BY_KIND[path.parent.name]
    found = argocd(health.argocd()[f"resource.customizations.health.{check.key[0]}_{check.kind}"], read(path))
    assert found["status"] == VERDICTS[path.stem.partition("-")[0]]
    assert isinstance(found.get("message", ""), str)
    assert set(found) <= {"status", "message"}


@recorded(*(folder(check) for check in CHECKS if check.current))
def test_flux_sees_it(path: Path) -> None:
    check, body = BY_KIND[path.parent.name], read(path)
    wanted = OF_FLUX[path.stem.partition("-")[0]]
    # An expression on what is not there is an error, and Flux goes on waiting: `has(status)` is no CEL.
    unwritten = "status" not in body and wanted == "InProgress"
    assert flux(check, body) == ("Unknown" if unwritten else wanted)


@recorded(*BY_KIND)
def test_a_recorded_status_is_one_that_the_cluster_takes(path: Path) -> None:
    body, check = read(path), BY_KIND[path.parent.name]
    assert (body["apiVersion"], body["kind"]) == (check.api_version, check.kind)
    if check.api_version == "batch/v1":
        kubernetes_validate.validate(body, "1.35", strict=True)
        return
    for operator in sorted({operator for group, kind, operator in served() if (group, kind) == check.key} or {""}):
        shape = closed(published((check.api_version, check.kind, operator)))
        shape["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {"type": "object"}}
        shape["required"] = sorted(set(shape["required"]) - {"apiVersion", "kind", "metadata"})
        jsonschema.Draft202012Validator(shape).validate(body)


def test_argo_cd_judges_the_others_by_itself() -> None:
    assert {check.key for check in CHECKS if not check.lua} == JUDGED_BY_ARGO_CD


def test_each_kind_has_every_sort_of_status() -> None:
    assert {path.parent.name for path in RECORDED} == set(BY_KIND)
    assert len(BY_KIND) == len(CHECKS)
    for kind in BY_KIND:
        names = {path.stem for path in STATUSES.glob(f"{kind}/*.yaml")}
        assert {name.partition("-")[0] for name in names} >= {"healthy", "progressing", "degraded"}, kind
        assert names >= {"progressing-new"}, f"tests/health/{kind}/: one that nothing has seen yet"
        assert any(name.startswith(("progressing-unknown", "progressing-others")) for name in names), kind


def test_each_check_is_wanted_by_an_engine_and_says_why() -> None:
    for check in CHECKS:
        assert check.why.endswith(".")
        assert bool(check.failed) == bool(check.current)
        assert check.lua or check.current


@recorded(*(folder(check) for check in CHECKS if check.lua))
def test_no_status_whatever_breaks_a_script(path: Path) -> None:
    """A script that ends with an error makes the object's health unknown, and with it that of the application."""
    check, body = BY_KIND[path.parent.name], read(path)
    for key in list(body.get("status", {})):
        less = json.loads(json.dumps(body))
        del less["status"][key]
        assert argocd(check.lua, less)["status"] in VERDICTS.values()
        less["status"][key] = None
        assert argocd(check.lua, less)["status"] in VERDICTS.values()


def test_a_script_is_explained_and_only_for_what_is_there() -> None:
    found = health.argocd({("kubeflow.org", "TFJob"), ("apps", "Deployment")})
    assert list(found) == ["resource.customizations.health.kubeflow.org_TFJob"]
    assert str(found["resource.customizations.health.kubeflow.org_TFJob"]).startswith("-- Argo CD has no check")
    assert [entry["kind"] for entry in health.flux({("kubeflow.org", "TFJob"), ("batch", "Job")})] == ["TFJob"]  # type: ignore[index, call-overload]
    assert health.flux(set()) == []


def test_flux_takes_the_entries() -> None:
    spec = {"interval": "10m", "prune": True, "sourceRef": {"kind": "GitRepository", "name": "ml"}}
    kustomization = {"spec": {**spec, "healthCheckExprs": health.flux()}}
    shape = closed(published(("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "")))
    jsonschema.Draft202012Validator(shape).validate(kustomization)
