"""Environments that list policies -> what is wrong with these, and what they say of a project."""

from pathlib import Path

import pytest
from tests.terminal import mlgen

from mlgen.document import parse
from mlgen.policy import documents, offered

POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: parallel}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [batch], apiVersions: [v1], operations: [CREATE], resources: [jobs]}
  validations:
  - {expression: object.spec.backoffLimit > 100, message: try often}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: parallel}
spec: {policyName: parallel, validationActions: [Deny]}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    assert mlgen(tmp_path, "init", ".").code == 0
    (tmp_path / "policies" / "jobs").mkdir(parents=True)
    (tmp_path / "policies" / "jobs" / "parallel.yaml").write_text(POLICY, "utf-8")
    listing(tmp_path, "[policies/]")
    return tmp_path


def listing(root: Path, paths: str) -> None:
    dev = root / "environments" / "dev.yaml"
    text = dev.read_text("utf-8").partition("policies:")[0]
    dev.write_text(f"{text}policies: {paths}\n", "utf-8")


def replaced(root: Path, before: str, after: str) -> None:
    assert before in POLICY
    (root / "policies" / "jobs" / "parallel.yaml").write_text(POLICY.replace(before, after), "utf-8")


def said(root: Path) -> tuple[int, str]:
    done = mlgen(root, "validate", "--format", "concise")
    return done.code, done.out


def test_a_policy_refuses_what_an_environment_would_apply(root: Path) -> None:
    code, out = said(root)
    assert code == 1
    assert "error[policy] Job/" in out
    assert "the policy `parallel` refuses this: try often" in out
    assert "projects/hello/mlgen.yaml:" in out


def test_the_text_shows_both_files(root: Path) -> None:
    out = mlgen(root, "validate").out
    assert "note: the policy says so here\n --> policies/jobs/parallel.yaml:9:5" in out


def test_other_environments_do_not_have_it(root: Path) -> None:
    listing(root, "[]")
    assert said(root)[0] == 0


@pytest.mark.parametrize(
    ("before", "after", "code", "message"),
    [
        ("> 100", ">= 0", 0, ""),
        ("> 100", "<", 1, "has an expression that is none"),
        ("policyName: parallel", "policyName: paralel", 1, "binds the policy `paralel`, which no file has"),
        ("policyName: parallel", "policyName: paralel", 1, "nothing binds the policy `parallel`, so it does nothing"),
        ("validationActions: [Deny]", "validationActions: [Warn]", 0, "the policy `parallel` warns: try often"),
        ("validationActions: [Deny]", "validationActions: [Audit]", 0, "notes this in the audit log: try often"),
        ("validationActions: [Deny]", "matchResources: {}", 1, "`parallel` has no `validationActions`"),
        ("object.spec.backoffLimit > 100", "request.userInfo.uid == '1'", 0, "is known in the cluster only"),
        (
            "object.spec.backoffLimit > 100",
            "authorizer.path('/').check('get').allowed()",
            0,
            "does not know `authorizer`",
        ),
        ("resources: [jobs]", "resources: [cronjobs]", 0, ""),
        ("resources: [jobs]", "resources: [jobs/status]", 0, ""),
        ("operations: [CREATE]", "operations: [UPDATE]", 0, "is not about the creation of objects"),
        ("object.spec.backoffLimit > 100", "oldObject == null", 0, "here every object is judged as a new one"),
        ("validations:", "validation:", 1, "`spec.validation` is not a field of ValidatingAdmissionPolicySpec"),
    ],
)
def test_what_is_wrong_with_a_policy_is_said(root: Path, before: str, after: str, code: int, message: str) -> None:
    replaced(root, before, after)
    found, out = said(root)
    assert found == code
    assert message in out
    assert bool(message) is bool(out)


def test_a_file_that_is_not_there(root: Path) -> None:
    listing(root, "[policies/jobs/paralel.yaml]")
    code, out = said(root)
    assert code == 1
    assert "there is no file for `policies/jobs/paralel.yaml`" in out


def test_a_path_elsewhere_is_refused(root: Path) -> None:
    listing(root, "[../policies/]")
    code, out = said(root)
    assert code == 1
    assert "below `policies/`" in out


def test_without_the_extra_an_environment_with_policies_is_an_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlgen.cel.available", lambda: False)
    (environment,) = parse(b"kubernetes: '1.34'\npolicies: [policies/]\n", file="environments/dev.yaml").documents
    nodes = parse(POLICY.encode(), file="policies/a.yaml", dialect="kubernetes").documents
    (problem,) = offered.problems(environment, {"policies/a.yaml": nodes})
    assert problem.rule == "policies-without-cel"
    assert problem.span[:2] == ("environments/dev.yaml", 2)
    assert documents.offered(environment, {"policies/a.yaml": nodes}).policies
