"""`mlgen import`: a spec on stdout or in a new file, messages beside it, and the exit code."""

from pathlib import Path

import pytest
from tests.imports_test import DEPLOYMENT, NIGHTLY
from tests.terminal import BASE, Done, mlgen, repository, shell

from mlgen.document import parse

HEAD = "apiVersion: mlgen.dev/v1\nkind: Project\n"


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    (tmp_path / "web.yaml").write_text(DEPLOYMENT)
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "nightly.yaml").write_text(NIGHTLY)
    (folder / "values.yaml").write_text("replicas: 3\n")
    return tmp_path


def test_the_spec_is_the_product_and_all_else_is_said_beside_it(manifests: Path) -> None:
    done = mlgen(manifests, "import", "manifests/nightly.yaml")
    assert done.code == 0
    assert done.out.startswith(f"{HEAD}name: nightly\nowner: unknown\n")
    assert done.err == (
        "manifests/nightly.yaml:3: CronJob/nightly -> workload `nightly`, kind job\n"
        "  mlgen adds spec.timeZone, spec.startingDeadlineSeconds, spec.successfulJobsHistoryLimit, "
        "spec.failedJobsHistoryLimit, spec.jobTemplate.metadata, spec.jobTemplate.spec.activeDeadlineSeconds, "
        "serviceAccountName, automountServiceAccountToken, enableServiceLinks, securityContext, containers.resources, "
        "containers.securityContext, spec.jobTemplate.spec.ttlSecondsAfterFinished\n"
        "\nwhat the spec builds was compared with 1 imported: 1 as workloads and their data, with all that they say\n"
    )


def test_each_value_that_went_elsewhere_has_a_line(manifests: Path) -> None:
    done = mlgen(manifests, "import", "web.yaml")
    assert done.code == 0
    assert "imagePullSecrets" not in done.err
    assert "  web.yaml:16:18: spec.template.spec.containers[0].args[0]: `patches`\n" in done.err
    assert "warning[not-carried]: `spec.template.spec.containers[0].env[1].value` is not in the spec\n" in done.err
    assert "s3cr3t" not in done.out + done.err
    assert "  registry: {host: acme.azurecr.io, pullSecret: acr}\n" in done.err
    assert mlgen(manifests, "import", "web.yaml", "--strict").code == 1


def test_a_new_file_is_written_and_none_over_another(manifests: Path) -> None:
    root = repository(manifests)
    done = mlgen(root, "import", "manifests", "-o", "projects/night/mlgen.yaml")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("written  projects/night/mlgen.yaml\n")
    spec = root / "projects/night/mlgen.yaml"
    assert spec.read_text("utf-8").startswith(f"{HEAD}name: night\n")
    assert mlgen(root, "validate", "night").code == 0
    again = mlgen(root, "import", "web.yaml", "-o", "projects/night/mlgen.yaml")
    wrong = "mlgen: projects/night/mlgen.yaml is there already, and mlgen overwrites nothing that you wrote\n"
    assert again == Done(2, "", wrong)


def test_it_runs_in_an_environment_that_there_is(manifests: Path) -> None:
    test = {"environments/base.yaml": BASE, "environments/test.yaml": BASE.replace("base", "test")}
    root = repository(manifests, test)
    assert mlgen(root, "import", "manifests", "-o", "projects/night/mlgen.yaml").code == 0
    assert "environments: {test: {}}\n" in (root / "projects/night/mlgen.yaml").read_text("utf-8")
    assert mlgen(root, "validate", "night").code == 0


def test_of_a_folder_what_is_no_manifest_is_warned_of(manifests: Path) -> None:
    folder, file = (mlgen(manifests, "import", target) for target in ("manifests", "manifests/values.yaml"))
    assert folder.code == 0
    assert "warning[not-importable]: this is no Kubernetes object: it has no `apiVersion` and no `kind`" in folder.err
    assert file.code == 2
    assert file.err.endswith("mlgen: there is no object to import\n")


@pytest.mark.parametrize("text", ["", "{", "a: &a [*a]", "\u0000", "kind: [", "- - - -", "kind: Job\napiVersion: x"])
def test_garbage_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.yaml").write_text(text)
    done = mlgen(tmp_path, "import", "x.yaml")
    assert done.code == 2
    assert done.err.endswith("mlgen: there is no object to import\n")
    assert "Traceback" not in done.err


def test_what_is_not_there(tmp_path: Path) -> None:
    assert mlgen(tmp_path, "import", "x.yaml") == Done(2, "", "mlgen: there is no file x.yaml\n")


def test_what_kustomize_printed_comes_by_stdin(manifests: Path) -> None:
    done = shell(manifests, "cat web.yaml | mlgen import - --format concise")
    assert done.code == 0
    assert "  <stdin>:16:18: spec.template.spec.containers[0].args[0]: `patches`\n" in done.err


def test_what_is_printed_is_a_spec(manifests: Path) -> None:
    parsed = parse(mlgen(manifests, "import", "web.yaml").out.encode(), file="mlgen.yaml")
    assert not parsed.problems
