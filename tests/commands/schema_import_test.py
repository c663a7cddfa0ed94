"""`mlgen schema import`: definitions in, files in schemas/ out, or nothing."""

from pathlib import Path

import pytest
from tests.crd.crds import crd
from tests.terminal import mlgen

HELLO = "projects/hello/mlgen.yaml"
FILE = "schemas/ml.example.com/model-v1.json"
CRD = crd("{type: object, required: [name], properties: {name: {type: string}}}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    assert mlgen(tmp_path, "init", ".").code == 0
    (tmp_path / "crds.yaml").write_bytes(CRD)
    return tmp_path


def test_what_is_written_is_said(root: Path) -> None:
    done = mlgen(root, "schema", "import", "crds.yaml")
    assert (done.code, done.out) == (0, f"written  {FILE}\n")
    assert done.err == "1 schema. Commit them: mlgen checks these custom resources from now on.\n"
    assert mlgen(root, "schema", "import", "crds.yaml").out == f"kept     {FILE}\n"
    assert mlgen(root, "schema", "import", "--check", "crds.yaml").code == 0
    assert mlgen(root, "validate").code == 0


def test_a_list_and_its_other_objects(root: Path) -> None:
    text = CRD.decode().replace("\n", "\n  ").rstrip()
    listed = (
        f"apiVersion: v1\nkind: List\nitems:\n- {text}\n- {{apiVersion: v1, kind: Namespace, metadata: {{name: a}}}}\n"
    )
    (root / "all.yaml").write_text(listed, "utf-8")
    done = mlgen(root, "schema", "import", "all.yaml")
    assert (done.code, done.out) == (0, f"written  {FILE}\n")
    assert done.err.startswith("1 schema; 1 other object passed over. ")


def test_what_changed_is_told_and_checked(root: Path) -> None:
    assert mlgen(root, "schema", "import", "--check", "crds.yaml").out == f"missing  {FILE}\n"
    assert mlgen(root, "schema", "import", "crds.yaml").code == 0
    (root / "crds.yaml").write_bytes(crd("{type: object}"))
    done = mlgen(root, "schema", "import", "--check", "crds.yaml")
    assert (done.code, done.out) == (1, f"stale    {FILE}\n")
    assert mlgen(root, "schema", "import", "crds.yaml").out == f"changed  {FILE}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            CRD.replace(b"k8s.io/v1", b"k8s.io/v1beta1"),
            "a CustomResourceDefinition is read in `apiextensions.k8s.io/v1`",
        ),
        (CRD.replace(b"kind: Model", b"kind: ../x"), "`spec.names.kind` cannot be `../x`"),
        (CRD.replace(b"group: ml.example.com", b"group: ../../x"), "`spec.group` cannot be `../../x`"),
        (CRD.replace(b"  group: ml.example.com\n", b""), "`spec.group` is missing"),
        (CRD.replace(b"- name: v1", b"- name: ../v1"), "a version cannot be named `../v1`"),
        (crd("{type: object, properties: {a: {type: string, pattern: '('}}}"), "cannot be used: "),
        (b"apiVersion: v1\nkind: Pod\n", "there is no CustomResourceDefinition in this file"),
        (b"a: [", "error[yaml-syntax]"),
        (CRD + b"---\n" + crd("{type: object}"), "ml.example.com/v1 Model is defined twice, and not in the same way"),
    ],
)
def test_where_one_is_wrong_nothing_is_written(root: Path, text: bytes, message: str) -> None:
    (root / "bad.yaml").write_bytes(text)
    (root / "good.yaml").write_bytes(CRD.replace(b"Model", b"Other").replace(b"models", b"others"))
    done = mlgen(root, "schema", "import", "good.yaml", "bad.yaml")
    assert done.code == 1
    assert message in done.out
    assert done.err.endswith("Nothing is written.\n")
    assert not (root / "schemas" / "ml.example.com").exists()


def test_what_is_no_file_is_one_line_and_2(root: Path) -> None:
    (root / "pod.yaml").write_text("kind: Pod\n", "utf-8")
    assert "bad-definition" in mlgen(root, "schema", "import", "pod.yaml", "--format", "concise").out
    assert mlgen(root, "schema", "import", "absent.yaml").err == "mlgen: there is no file absent.yaml\n"
    assert mlgen(root, "schema", "import").code == 2
    assert mlgen(root, "schema", "project", "crds.yaml").code == 2


MANIFEST = """\
apiVersion: ml.example.com/v1
kind: Model
metadata: {name: a}
spec: {nme: a}
"""


def test_an_imported_kind_is_checked_where_a_project_has_one(root: Path) -> None:
    assert mlgen(root, "schema", "import", "crds.yaml").code == 0
    folder = root / "projects" / "hello" / "manifests"
    folder.mkdir()
    (folder / "model.yaml").write_text(MANIFEST, "utf-8")
    spec = root / HELLO
    spec.write_text(spec.read_text("utf-8") + "manifests: [manifests/model.yaml]\n", "utf-8")
    done = mlgen(root, "validate", "--format", "concise")
    assert done.code == 1
    assert "Model/a in `dev` and `staging`: `spec.nme` is not a field of `ml.example.com/v1 Model`" in done.out
    assert "model.yaml:4" in done.out
