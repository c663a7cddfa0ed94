"""What an extension needs: each registry beside its schemas and cases. The failure names the file that is missing."""

import json
import re
from pathlib import Path
from typing import Any

from tests.tools import compose_docs, compose_schemas

from mlgen import health, schema
from mlgen.beside.monitoring import WATCHERS
from mlgen.exposure import EXPOSURES
from mlgen.kinds import KINDS
from mlgen.pipelines import ORCHESTRATORS
from mlgen.pointers import ENGINES
from mlgen.scaling import SCALERS
from mlgen.secrets import PROVIDERS
from mlgen.servers import SERVERS
from mlgen.storage import DATA, blob, files

ROOT = Path(__file__).parents[1]
PROJECT: Any = schema.load("project").root
WHOLE_ENVIRONMENT: Any = schema.load("environment").root["definitions"]["complete"]["properties"]

NATIVE = ("networking.k8s.io", "rbac.authorization.k8s.io", "kustomize.config.k8s.io")
# Kinds for which both engines do without a health check of ours.
WITHOUT = {
    ("argoproj.io", "CronWorkflow"): "Argo CD judges it, and until its first run it may have no status to ask",
    ("argoproj.io", "WorkflowTemplate"): "it has no status",
    (
        "kubernetes.dask.org",
        "DaskJob",
    ): "a platform adds the kind, and its template says how it is: tests/own/outcome_test.py",
    ("kueue.x-k8s.io", "LocalQueue"): "nothing waits for it to be there: each run says by itself that it is held back",
    ("monitoring.coreos.com", "PodMonitor"): "its status says nothing, unless a feature gate is on",
    ("monitoring.coreos.com", "PrometheusRule"): "its status says nothing, unless a feature gate is on",
    ("monitoring.coreos.com", "ServiceMonitor"): "its status says nothing, unless a feature gate is on",
    ("secrets-store.csi.x-k8s.io", "SecretProviderClass"): "it has no status",
}


def stems(folder: str) -> set[str]:
    return {path.stem for path in (ROOT / folder).glob("*.json")}


def test_a_kind_has_a_schema_and_a_case() -> None:
    assert set(KINDS) == stems("schemas/kinds")
    missing = {kind for kind in KINDS if not (ROOT / "tests" / "cases" / kind / "overlays").is_dir()}
    assert not missing, f"add tests/cases/<kind>/ for {missing}"


def test_a_back_end_is_one_that_an_environment_may_choose() -> None:
    for kind, backends in KINDS.items():
        source = json.loads((ROOT / "schemas" / "kinds" / f"{kind}.json").read_text("utf-8"))
        assert list(backends) == list(source["x-backends"]), f"`x-backends` of schemas/kinds/{kind}.json"
        default = source.get("x-default-backend", next(iter(backends)))
        assert WHOLE_ENVIRONMENT["platform"]["properties"][kind].get("default") == default


def test_a_kind_of_data_and_a_storage_driver_have_a_schema() -> None:
    assert set(DATA) == stems("schemas/data")
    assert set(blob.DRIVERS) | set(files.DRIVERS) == stems("schemas/storage")


def test_a_server_a_provider_an_engine_and_a_way_in_are_ones_that_may_be_named() -> None:
    assert set(SERVERS) == set(PROJECT["definitions"]["kind-serving"]["properties"]["server"]["enum"])
    assert set(PROVIDERS) == set(WHOLE_ENVIRONMENT["secrets"]["properties"]["from"]["enum"]) == stems("schemas/secrets")
    assert set(ENGINES) == set(WHOLE_ENVIRONMENT["gitops"]["properties"]["engine"]["enum"]) == stems("schemas/gitops")
    assert {"default", *EXPOSURES} == set(WHOLE_ENVIRONMENT["network"]["properties"])
    assert list(SCALERS) == WHOLE_ENVIRONMENT["platform"]["properties"]["autoscaler"]["enum"]
    assert next(iter(SCALERS)) == WHOLE_ENVIRONMENT["platform"]["properties"]["autoscaler"]["default"]
    assert set(WATCHERS) == set(WHOLE_ENVIRONMENT["monitoring"]["properties"]["from"]["enum"])


def test_what_is_rendered_has_a_health_check_unless_the_engines_do_without() -> None:
    rendered = set()
    for root in (ROOT, *(ROOT / "tests" / "cases").iterdir()):
        for path in (root / "overlays").glob("*/*/*.yaml"):
            group, kind = (re.search(f"^{key}: (.+)$", path.read_text("utf-8"), re.M) for key in ("apiVersion", "kind"))
            if group and kind and path.parent.parent.name != "clusters":  # which has the engines' own objects
                rendered.add((group[1].partition("/")[0], kind[1]))
    custom = {kind for kind in rendered if "." in kind[0] and kind[0] not in NATIVE}
    assert custom >= {("kubeflow.org", "TFJob"), ("external-secrets.io", "ExternalSecret")}
    missing = custom - set(health.EVERY) - WITHOUT.keys()
    assert not missing, f"add gen/mlgen/health/<kind>.py and tests/health/<kind>/ for {missing}, or why not to WITHOUT"


def test_an_engine_of_pipelines_is_one_that_may_be_named() -> None:
    source = json.loads((ROOT / "schemas" / "pipeline.json").read_text("utf-8"))
    choice = WHOLE_ENVIRONMENT["platform"]["properties"]["pipelines"]
    assert list(ORCHESTRATORS) == list(source["x-backends"]) == choice["enum"]
    assert next(iter(ORCHESTRATORS)) == choice["default"]
    assert (ROOT / "tests" / "cases" / "pipelines" / "overlays").is_dir()


def test_an_engine_has_a_case() -> None:
    offers = [path.read_text("utf-8") for path in ROOT.glob("tests/cases/*/environments/*.yaml")]
    missing = {name for name in ENGINES if not any(f"engine: {name}" in text for text in offers)}
    assert not missing, f"let an environment of tests/cases/delivery be delivered by {missing}"


def test_what_is_planned_is_not_there_yet() -> None:
    assert not set(compose_schemas.PLANNED_KINDS) & set(KINDS), "a kind that is built is planned no more"


def test_the_composed_schemas_are_what_their_sources_make() -> None:
    for name, text in compose_schemas.compose().items():
        assert (ROOT / "schemas" / name).read_text("utf-8") == text, f"schemas/{name} is stale: make schemas"


def test_every_property_is_described_and_shown() -> None:
    for name in ("project", "environment", "releases"):
        for path, entry in properties(schema.load(name).root, name):
            entry = schema.load(name).full(entry)
            assert entry.get("description"), f"{path} has no description"
            assert "examples" in entry or "anyOf" in entry or "enum" in entry or "const" in entry, f"{path}: no example"


def properties(shape: Any, path: str) -> Any:
    if isinstance(shape, dict):
        for key, entry in shape.get("properties", {}).items() if isinstance(shape.get("properties"), dict) else ():
            yield f"{path}.{key}", entry
        for key, below in shape.items():
            if key not in ("examples", "default", "if"):
                yield from properties(below, f"{path}.{key}" if key not in ("properties", "definitions") else path)
    elif isinstance(shape, list):
        for item in shape:
            yield from properties(item, path)


def test_the_generated_pages_are_what_rules_and_schemas_say() -> None:
    for name, text in compose_docs.compose().items():
        assert (ROOT / "docs" / name).read_text("utf-8") == text, f"docs/{name} is stale: make schemas"
