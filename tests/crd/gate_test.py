"""Where an imported schema stands in the gate: before mlgen's own, and what no schema describes is said."""

from pathlib import Path
from typing import Any

from tests.cli_test import loaded
from tests.crd.crds import crd, imported
from tests.terminal import mlgen

from mlgen import gate
from mlgen.document import parse
from mlgen.gathered import Setting
from mlgen.linted import lint

MODEL = b"apiVersion: ml.example.com/v1\nkind: Model\nmetadata: {name: a}\nspec: {nme: x}\n"
CRD = crd("{type: object, properties: {name: {type: string}}}")


def test_an_unknown_kind_is_a_warning_until_somebody_says_where_it_goes() -> None:
    (body,) = [node.plain() for node in parse(MODEL, file="a.yaml", dialect="kubernetes").documents]
    assert isinstance(body, dict)
    (found,) = [one.fault for one in gate.check([body], Setting("1.34")) if one.fault.rule == "no-schema"]
    assert (found.severity, found.path) == ("warning", ("apiVersion",))
    assert "mlgen schema import" in found.help
    (offer,) = parse(b"name: dev\n", file="environments/dev.yaml").documents
    severities = {
        one.fault.severity for one in gate.check([body], Setting("1.34", offer)) if one.fault.rule == "no-schema"
    }
    assert severities == {"error"}


def test_an_imported_kind_is_known() -> None:
    found = lint({"a.yaml": MODEL}, Setting("1.34", imported=imported(CRD))).problems
    (problem,) = [one for one in found if one.severity == "error"]
    assert problem.message == "`spec.nme` is not a field of `ml.example.com/v1 Model`"
    assert problem.help == "did you mean `name`?"
    assert (problem.span.line, problem.span.column) == (4, 8)


def test_the_imported_schema_is_asked_instead_of_the_shipped_one() -> None:
    text = (
        CRD.replace(b"ml.example.com", b"gateway.networking.k8s.io")
        .replace(b"Model", b"HTTPRoute")
        .replace(b"models", b"httproutes")
    )
    route: Any = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "a"},
        "spec": {"hostnames": []},
    }
    setting = Setting("1.34", imported=imported(text))
    assert [one.fault.path for one in gate.check([route], setting) if one.fault.severity == "error"] == [
        ("spec", "hostnames")
    ]


def test_what_needs_no_cel_loads_none(tmp_path: Path) -> None:
    assert mlgen(tmp_path, "init", ".").code == 0
    (tmp_path / "crds.yaml").write_bytes(CRD)
    assert mlgen(tmp_path, "schema", "import", "crds.yaml").code == 0
    assert not {"mlgen.cel", "cel_expr_python"} & loaded(
        ["validate", "--root", str(tmp_path)], "mlgen", "cel_expr_python"
    )
