"""What users install: exactly these files, the same bytes twice, and every case passes from it."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("wheel")  # one process builds it once

ROOT = Path(__file__).parent.parent
CASES = sorted(path.parent.name for path in (ROOT / "tests" / "cases").glob("*/environments"))

# Where each part of the checkout lies in the wheel.
MAPPED = {
    "gen/mlgen": "mlgen",
    "schemas": "mlgen/schemas",
    "environments": "mlgen/environments",
    "projects": "mlgen/projects",
}

# Everything that is not Python. A new file is added here on purpose, or it is not shipped on purpose.
DATA = """
mlgen/ci/build.sh
mlgen/ci/check-github.sh
mlgen/ci/check-gitlab.sh
mlgen/ci/codeowners
mlgen/ci/comment.sh
mlgen/ci/github/check.yml
mlgen/ci/github/release.yml
mlgen/ci/gitlab/gitlab-ci.yml
mlgen/ci/gitlab/mlgen.yml
mlgen/ci/release.sh
mlgen/ci/renovate.json
mlgen/ci/requirements.txt
mlgen/ci/scanning.sh
mlgen/ci/tag.sh
mlgen/environments/base.yaml
mlgen/environments/dev.yaml
mlgen/environments/prod.yaml
mlgen/environments/staging.yaml
mlgen/projects/churn/mlgen.yaml
mlgen/projects/churn/releases.yaml
mlgen/projects/hello/mlgen.yaml
mlgen/projects/mnist/mlgen.yaml
mlgen/projects/mnist/releases.yaml
mlgen/projects/ranker/mlgen.yaml
mlgen/projects/ranker/releases.yaml
mlgen/py.typed
mlgen/schemas/common.json
mlgen/schemas/data/blob.json
mlgen/schemas/data/claim.json
mlgen/schemas/data/files.json
mlgen/schemas/data/scratch.json
mlgen/schemas/data/snapshot.json
mlgen/schemas/environment.json
mlgen/schemas/gitops/argocd.json
mlgen/schemas/gitops/flux.json
mlgen/schemas/kinds/job.json
mlgen/schemas/kinds/mpi.json
mlgen/schemas/kinds/notebook.json
mlgen/schemas/kinds/pytorch.json
mlgen/schemas/kinds/ray.json
mlgen/schemas/kinds/serving.json
mlgen/schemas/kinds/spark.json
mlgen/schemas/kinds/sweep.json
mlgen/schemas/kinds/tensorflow.json
mlgen/schemas/kubernetes/native.tsv
mlgen/schemas/platforms/kubeflow-1.11.json
mlgen/schemas/platforms/kubeflow-26.03.json
mlgen/schemas/platforms/newest-2026-08.json
mlgen/schemas/platforms/plain.json
mlgen/schemas/project.json
mlgen/schemas/releases.json
mlgen/schemas/secrets/csi.json
mlgen/schemas/secrets/existing.json
mlgen/schemas/secrets/external-secrets.json
mlgen/schemas/secrets/sealed-secrets.json
mlgen/schemas/secrets/sops.json
mlgen/schemas/storage/azure-blob-nfs.json
mlgen/schemas/storage/azure-blob.json
mlgen/schemas/storage/azure-files.json
mlgen/schemas/storage/gcs.json
mlgen/schemas/storage/s3.json
mlgen/schemas/top.json
mlgen/schemas/component.json
mlgen/schemas/own.json
mlgen/schemas/pipeline.json
mlgen/schemas/workload.json
""".split()
# The schemas of custom resources are found by name: to be there is all it takes.
DATA += [
    f"mlgen/{path.relative_to(ROOT).as_posix()}" for path in sorted((ROOT / "schemas" / "kubernetes").glob("*/*.json"))
]

METADATA = "METADATA RECORD WHEEL entry_points.txt licenses/LICENSE top_level.txt".split()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone holds of the package: built elsewhere, a wheel cannot pick up what an older build left behind."""
    return copied(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def dist(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, and the wheel that is built from the sdist."""
    return built(source, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the unpacked wheel."""
    target = tmp_path_factory.mktemp("installed")
    run(
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
        "--target",
        str(target),
        str(only(dist, "*.whl")),
    )
    return target


def copied(target: Path) -> Path:
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copyfile(ROOT / name, target / name)
    for name in ("gen", "schemas", "environments", "projects"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return target


def built(source: Path, out: Path) -> Path:
    epoch = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    run("-m", "build", "--no-isolation", "--outdir", str(out), str(source), environ=epoch)
    return out


def run(*arguments: str, environ: dict[str, str] | None = None) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=environ, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_installed(installed: Path, *arguments: str) -> str:
    """Run Python on the unpacked wheel and this environment's libraries, but (-S: no .pth file) not this checkout."""
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), *libraries])}
    return run("-S", "-P", *arguments, environ=environ)


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def code() -> set[str]:
    """Where the wheel has each module of the checkout."""
    return {
        f"{inside}/{path.relative_to(ROOT / outside).as_posix()}"
        for outside, inside in MAPPED.items()
        for path in (ROOT / outside).rglob("*.py")
    }


def test_the_wheel_has_exactly_these_files(dist: Path) -> None:
    wheel = only(dist, "*.whl")
    metadata = {f"{'-'.join(wheel.name.split('-')[:2])}.dist-info/{name}" for name in METADATA}
    assert set(zipfile.ZipFile(wheel).namelist()) == code() | set(DATA) | metadata


def test_every_data_file_of_the_checkout_is_shipped() -> None:
    lying = {
        f"{inside}/{path.relative_to(ROOT / outside).as_posix()}"
        for outside, inside in MAPPED.items()
        for path in (ROOT / outside).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert lying == set(DATA), "list it in DATA, and in [tool.setuptools.package-data]"


def test_the_sdist_has_the_same_sources(dist: Path) -> None:
    with tarfile.open(only(dist, "*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "gen/mlgen/__init__.py", "schemas/__init__.py"} <= names
    assert not [name for name in names if name.startswith((".", "tests/", "overlays/"))]


def test_two_builds_are_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    again = built(copied(tmp_path / "elsewhere"), tmp_path / "dist")
    assert digest(only(again, "*.whl")) == digest(only(dist, "*.whl"))


def test_the_installed_wheel_is_what_runs(installed: Path) -> None:
    where = "import mlgen, mlgen.schemas as s, mlgen.environments as e; print(mlgen.__file__, s.__file__, e.__file__)"
    assert all(path.startswith(str(installed)) for path in run_installed(installed, "-c", where).split())
    version = (
        (ROOT / "gen" / "mlgen" / "__init__.py").read_text("utf-8").partition('__version__ = "')[2].partition('"')[0]
    )
    assert run_installed(installed, "-m", "mlgen", "--version") == f"mlgen {version}\n"


@pytest.mark.parametrize("case", CASES)
def test_every_case_passes_from_the_wheel(installed: Path, case: str) -> None:
    run_installed(installed, "-m", "mlgen", "check", "--root", str(ROOT / "tests" / "cases" / case))
