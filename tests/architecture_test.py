"""The house rules of the source tree: floors, purity, one importer per library, sizes, names."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "gen" / "mlgen"

# From the ground up: a module imports only from rows above its own. `kinds.*` is every module in kinds/ that is not
# named elsewhere; `kinds` alone is its registry, kinds/__init__.py.
PURE = (
    "shipped",
    "problem suggest cron time_zones document.scalar quantity faults secret_forms lock disk.journal kubernetes.bundle "
    "rules rules.rule cel.function cel.rewriting dates health.check image_name",
    "node crd.re2 secret_text schema.contract schema.partial kubernetes.custom document.encoding document.kubectl"
    " document.syntax ownership together faults.flow rules.* health.conditions health.phase",
    "health.training_operator crd.walk operators.label address amount body secret_places masking trace merge"
    " schema.branches emit patch template mermaid own own.kind components"
    " document.events document.quick faults.case placing",
    "search_space",
    "sources references existing pods selection sameness site origin demand override own.expression own.outcome"
    " components.lists schema.defaults document.expansion document.strict faults.keys faults.slips",
    "health.* operators.csi operators.training operators.application operators.workflow",
    "health cel.amounts cel.addresses cel.lists crd.formats",
    "cel.formats crd.closing",
    "cel crd.imported crd.sharing policy policy.documents policy.naming policy.admitted",
    "policy.matching",
    "batch creations labelled plans priority spot sidecars spark_pods train_pods entrypoint document objects"
    " connections image faults.values exposure.backend",
    "gang nearby ciphertext apache_spark_pods gathered policy.expressions policy.parameters manifest hatch"
    " schema.fields kubernetes.refusal faults.alternatives"
    " around.* exposure.* secrets.store storage.use storage.freshness beside.needs kubernetes.mend ingredients",
    "scaling.kubernetes crd.definition crd.refusal crd.rules",
    "crd crd.importing",
    "policy.verdicts",
    "runs rights storage.static storage.bucket secrets.seal secrets.encrypted faults.indent faults.raised"
    " kubernetes.unserved around exposure scaling.keda beside.egress beside.alerts beside.dashboard pointers.aim"
    " pointers.waves",
    "scaling footprint links.dangling links.selection pointers.*",
    "pointers gpu_classes logs links.selects_nothing links.no_such_service links.no_such_target",
    "operators.inference_service operators.spark_amount",
    "operators.* apiserver.* links.* updates.* kubernetes.hardened practice.containers practice.standard practice.cron"
    " practice.git practice.rights",
    "practice.amounts practice.selected",
    "practice.*",
    "apiserver kubernetes.told operators links practice updates",
    "protection peers storage.azure_blob storage.azure_files storage.s3 storage.gcs secrets.* faults.explained"
    " kubernetes beside.network beside.prometheus_operator",
    "beside.monitoring",
    "beside",
    "gate policy.offered schema kustomize secrets storage.azure_blob_nfs storage.claim storage.scratch"
    " storage.snapshot own.contract",
    "own.shapes laying.merging",
    "components.reading",
    "own.templates",
    "own.reading",
    "profiles",
    "detecting.marks",
    "detecting.shown",
    "detecting platform resolve storage.blob storage.files",
    "examined storage chain sealed extra",
    "laying.applied",
    "pod",
    "shared_memory servers.served servers.model",
    "servers.*",
    "servers",
    "kinds.part kinds.spark_size kinds.spark_rights kinds.spark_volumes kinds.viewer kinds.idle kinds.pod_defaults",
    "kinds.tensorboard kinds.canary kinds.spark_history",
    "kinds.training kinds.spark_settings kinds.spark_pods kinds.trials kinds.katib_space",
    "kinds.spark_templates kinds.training_operator kinds.tensorflow kinds.pytorch kinds.notebook",
    "kinds.jobset kinds.ray",
    "kinds.trainjob kinds.serving",
    "kinds.kserve",
    "kinds.*",
    "kinds",
    "pipelines.outcome",
    "pipelines.step",
    "pipelines.own",
    "pipelines.argo_workflows pipelines.job",
    "pipelines",
    "build checks.containers checks.sorts checks.unknown_data checks.bad_schedule checks.variable_collision"
    " checks.viewed",
    "checks.*",
    "checks",
    "catalog",
    "ignored report.line report.identity",
    "meeting overlaid",
    "proved judged laying",
    "linted engine report.json report.concise imports.note imports.written",
    "imports.source imports.translation",
    "imports.arena imports.score",
    "imports.reading",
    "report.*",
    "report",
    "changes.compare edit layout",
    "changes.look changes.size changes.shown changes.touched released",
    "changes.started changes.served changes.gone changes.refused changes.demand changes.pointed",
    "changes.risk",
    "changes.between",
    "changes.text changes.data",
    "changes.picture",
    "changes changes.markdown ci",
    "imports.naming imports.defaults",
    "imports.hidden imports.needs imports.sayable imports.project",
    "imports.form imports.volumes imports.drivers",
    "imports.container imports.replicas imports.wanted imports.aligned imports.job imports.merging imports.claims"
    " imports.flex_volume imports.assumed",
    "imports.labelling",
    "imports.kustomization",
    "imports.*",
    "imports",
    "imports.part imports.differences",
    "imports.proof",
    "imports.imported",
    "imports.told",
)
WORLD = (
    "disk.folder disk.named repo.command processors pipelines.execution",
    "disk disk.swap disk.turn repo repo.address",
    "disk.fingerprint",
    "disk.exchange repo.store",
    "repo.publication",
    "commands commands.manual",
    "commands.console commands.account commands.address commands.manifests commands.contract",
    "commands.ground commands.since",
    "commands.staged",
    "commands.workspace commands.schema commands.platform_detect commands.shares commands.pipelines",
    "commands.revision commands.surroundings",
    "commands.against",
    "commands.diff commands.build commands.init commands.field commands.render",
    "commands.releasing commands.publishing",
    "commands.*",
    "commands.completion",
    "arguments",
    "usage.*",
    "usage",
    "cli",
    "process",
    "__main__",
    "mlgen",
)

IMPORTERS = {
    "yaml": {"document"},
    "jinja2": {"template"},
    # Three sorts of schema: the user's words, Kubernetes' own, and imported ones.
    "jsonschema_rs": {"schema", "kubernetes", "crd.imported", "crd.refusal"},
    "cel_expr_python": {"cel"},
    "git": {"repo.command"},
    "typer": {"cli", "arguments", "usage.start", "usage.overlays", "usage.delivery", "usage.lookup"},
}

WORLDLY = frozenset(
    "os sys subprocess pathlib git typer time random datetime socket urllib http tempfile shutil".split()
)
WORLDLY_CALLS = frozenset(("open", "print", "input", "eval", "exec", "breakpoint"))
NAMED_BY_NOBODY = frozenset(("utils", "util", "helpers", "helper", "manager", "service", "common_utils", "misc"))
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts) or "mlgen"


MODULES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}
FLOORS = {name: floor for floor, row in enumerate(PURE + WORLD) for name in row.split()}
everywhere = pytest.mark.parametrize("name", sorted(MODULES))


def floor_of(name: str) -> int | None:
    """The floor of a module; None if the table does not know it."""
    return FLOORS.get(name, FLOORS.get(f"{name.rpartition('.')[0]}.*"))


def imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every module named by an import, wherever it stands, and its line; `from a import b` names a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def own(target: str) -> str | None:
    """The module of mlgen that an import names; None for anybody else's, and for the version, a mere literal."""
    if target.split(".")[0] != "mlgen" or target == "mlgen.__version__":
        return None
    inner = target.removeprefix("mlgen").removeprefix(".")
    while inner and inner not in MODULES:
        inner = inner.rpartition(".")[0]
    return inner or "mlgen"


@everywhere
def test_every_module_stands_on_a_floor(name: str) -> None:
    assert floor_of(name) is not None, f"{name} is on no floor: add it to PURE or WORLD in {Path(__file__).name}"


def test_the_table_names_no_module_that_is_gone() -> None:
    packages = {f"{name.rpartition('.')[0]}.*" for name in MODULES if "." in name}
    assert not set(FLOORS) - set(MODULES) - packages


@everywhere
def test_imports_go_down(name: str) -> None:
    mine = floor_of(name)
    assert mine is not None
    wrong = [
        f"line {line}: {name} (floor {mine}) imports {target} (floor {theirs})"
        for target, line in imports(TREES[name])
        if (inner := own(target)) is not None and ((theirs := floor_of(inner)) is None or theirs >= mine)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name in sorted(MODULES) if (floor_of(name) or 0) < len(PURE)])
def test_below_the_world_nothing_is_done(name: str) -> None:
    touched = [
        f"line {line}: {target}"
        for target, line in imports(TREES[name])
        if target.split(".")[0] in WORLDLY and target != "pathlib.PurePosixPath"
    ]
    called = [
        f"line {node.lineno}: {node.func.id}()"
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORLDLY_CALLS
    ]
    assert not touched + called


@everywhere
def test_one_importer_per_library(name: str) -> None:
    foreign = {
        (library, line)
        for target, line in imports(TREES[name])
        if (library := target.split(".")[0]) != "mlgen" and library not in sys.stdlib_module_names
    }
    wrong = [f"line {line}: {library}" for library, line in sorted(foreign) if name not in IMPORTERS.get(library, ())]
    assert not wrong


@everywhere
def test_names_are_nouns_of_the_domain(name: str) -> None:
    assert name.rpartition(".")[2] not in NAMED_BY_NOBODY


@everywhere
def test_modules_are_small_and_say_what_they_do(name: str) -> None:
    docstring = ast.get_docstring(TREES[name])
    assert docstring, f"{name} has no docstring: say X -> Y in one sentence"
    assert docstring.split("\n\n")[0].endswith("."), f"{name}: the docstring begins with a sentence"
    assert len(MODULES[name].read_text("utf-8").splitlines()) <= LONGEST_MODULE


@everywhere
def test_functions_are_small_and_nothing_is_global(name: str) -> None:
    for node in ast.walk(TREES[name]):
        assert not isinstance(node, ast.Global), f"line {node.lineno}: global"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"line {node.lineno}: {node.name} has {length} lines"


def test_public_functions_say_what_they_do() -> None:
    silent = [
        f"{name}.{node.name}"
        for name, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not silent
