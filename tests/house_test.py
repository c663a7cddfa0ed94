"""Nothing is missing: each rule has its page, each key its description, each hook its command, each action its pin."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlgen.catalog import RULES, merged
from mlgen.rules.rule import Rule

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "gen" / "mlgen"
TREES = {
    path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8"))
    for path in sorted(SOURCE.rglob("*.py"))
    if path.parent.name != "rules"
}
SCHEMAS = sorted(path for path in (ROOT / "schemas").rglob("*.json") if "kubernetes" not in path.parts)
WORKFLOWS = sorted((ROOT / ".github").rglob("*.yml"))


def emitters() -> dict[str, int]:
    """Everything in the source that is given a rule's id: function or record, and which argument that is."""
    found = {}
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in node.args.args if argument.arg != "self"]
            elif isinstance(node, ast.ClassDef):
                fields = [line.target for line in node.body if isinstance(line, ast.AnnAssign)]
                names = [field.id for field in fields if isinstance(field, ast.Name)]
            else:
                continue
            if "rule" in names:
                found[node.name] = names.index("rule")
    return found


def emitted() -> Iterator[tuple[str, str]]:
    """Every rule id that the source writes where an id is wanted, and where it does so."""
    wanted = emitters()
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield from ((rule, f"{file}:{node.lineno}") for rule in given(node, wanted.get(name)))


def given(call: ast.Call, index: int | None) -> Iterator[str]:
    if index is None:
        return
    arguments = [keyword.value for keyword in call.keywords if keyword.arg == "rule"] or call.args[index : index + 1]
    for argument in arguments:
        for node in ast.walk(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_every_rule_that_is_reported_is_documented() -> None:
    unknown = sorted({f"{where}: {rule}" for rule, where in emitted() if rule not in RULES})
    assert not unknown, "write their pages in gen/mlgen/rules/:\n" + "\n".join(unknown)


def test_every_documented_rule_is_reported_somewhere() -> None:
    words = {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    native = (ROOT / "schemas" / "kubernetes" / "native.tsv").read_text("utf-8")
    words |= set(re.findall(r'"x-rule":"([^"]+)"', native))  # the API server's own rules are in its schemas
    assert not sorted(set(RULES) - words), "no module mentions these rules"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_page_is_complete(rule: Any) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id)
    assert rule.title
    assert not rule.title.endswith(".")
    assert "\n" not in rule.title
    assert rule.why.endswith("."), "why is one sentence or more"
    assert bool(rule.bad) == bool(rule.good), "what is refused and how to write it go together"


def described(schema: Any, file: Path) -> bool:
    """Whether a property says what it is, itself or in what it refers to."""
    if not isinstance(schema, dict) or "description" in schema:
        return True
    if "$ref" not in schema:
        return False
    other, _, pointer = schema["$ref"].partition("#/")
    target = (file.parent / other).resolve() if other else file
    found = json.loads(target.read_text("utf-8"))
    for key in pointer.split("/"):
        found = found[key]
    return described(found, target)


def test_a_rule_id_is_used_once() -> None:
    twice = Rule("some-rule", "one", "why."), Rule("some-rule", "another", "why.")
    with pytest.raises(ValueError, match="some-rule is used twice"):
        merged(((twice[0],), (twice[1],)))


def undescribed(schema: Any, file: Path, place: str = "") -> Iterator[str]:
    """Every property below a schema that says nothing of itself."""
    if not isinstance(schema, dict):
        return
    for key, value in schema.get("properties", {}).items():
        if not described(value, file):
            yield f"{place}/{key}"
    for keyword in ("properties", "patternProperties", "definitions"):
        for key, value in schema.get(keyword, {}).items():
            yield from undescribed(value, file, f"{place}/{key}")
    for keyword in ("items", "additionalProperties"):
        yield from undescribed(schema.get(keyword), file, f"{place}/{keyword}")
    for keyword in ("anyOf", "oneOf"):
        for index, branch in enumerate(schema.get(keyword, [])):
            yield from undescribed(branch, file, f"{place}/{keyword}/{index}")


@pytest.mark.parametrize("path", SCHEMAS, ids=[path.relative_to(ROOT / "schemas").as_posix() for path in SCHEMAS])
def test_every_key_of_the_contract_is_described(path: Path) -> None:
    assert not list(undescribed(json.loads(path.read_text("utf-8")), path))


def test_every_package_is_listed_for_the_wheel() -> None:
    folders = {path.parent.relative_to(SOURCE.parent) for path in SOURCE.rglob("*.py")}
    bare = [folder.as_posix() for folder in folders if not (SOURCE.parent / folder / "__init__.py").exists()]
    assert not bare, "these folders have no __init__.py"
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    assert listed == {".".join(folder.parts) for folder in folders} | {
        "mlgen.environments",
        "mlgen.projects",
        "mlgen.schemas",
    }


HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_runs_a_command_that_exists(hook: dict[str, Any]) -> None:
    assert {"id", "name", "description", "entry", "language", "stages"} <= set(hook)
    program, *arguments = hook["entry"].split()
    assert program == "mlgen"
    done = subprocess.run(
        [sys.executable, "-m", "mlgen", *arguments, "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert hook.get("pass_filenames", True) or hook["always_run"], "a deleted file reaches no hook by name"


def test_the_linting_hook_is_not_given_what_is_never_an_object() -> None:
    (hook,) = (hook for hook in HOOKS if hook["id"] == "mlgen-lint")
    assert hook["types"] == ["yaml"]
    assert hook["require_serial"], "objects refer to each other"
    given = [
        "deploy/serve.yaml",
        "overlays/churn/prod/job-train.yaml",
        "my-values/environments/x.yml",
        "templates.yaml",
    ]
    kept = [".github/workflows/ci.yml", ".gitlab-ci.yml", "projects/churn/mlgen.yaml", "environments/prod.yaml"]
    kept += ["prod/kustomization.yaml", "chart/values.yaml", "values-prod.yaml", "chart/templates/a.yaml", "Chart.yaml"]
    assert [path for path in given + kept if not re.search(hook["exclude"], path)] == given


def values(tree: Any, key: str) -> Iterator[Any]:
    """Every value that stands under a key, at any depth."""
    if isinstance(tree, dict):
        yield from (value for name, value in tree.items() if name == key)
        for value in tree.values():
            yield from values(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from values(value, key)


@pytest.mark.parametrize("path", WORKFLOWS, ids=[path.relative_to(ROOT / ".github").as_posix() for path in WORKFLOWS])
def test_a_workflow_trusts_nobody(path: Path) -> None:
    text = path.read_text("utf-8")
    loose = [
        line.strip()
        for line in text.splitlines()
        if re.match(r"\s*(- )?uses:", line)
        and not re.search(r"uses: (\./\S+|[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$", line)
    ]
    assert not loose, "pin by commit, with the version in a comment"
    tree = yaml.safe_load(text)
    assert not [script for script in values(tree, "run") if "${{" in script], "pass it by env instead"
    jobs = tree.get("jobs", {})
    assert not jobs or tree["permissions"] == {}, "a job asks for what it needs"
    assert all("permissions" in job for job in jobs.values())
    assert all("timeout-minutes" in job for job in jobs.values() if "uses" not in job)


@pytest.mark.parametrize("script", [".ci/run", *(str(path.relative_to(ROOT)) for path in ROOT.glob("gen/**/*.sh"))])
def test_a_script_is_runnable(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    done = subprocess.run(["bash", "-n", str(ROOT / script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_make_target_that_is_mentioned_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    pages = [path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / ".ci" / "run"] if path.exists()]
    asked = {
        (page.name, target)
        for page in pages
        for target in re.findall(r"(?:^|`|\$ )make ([a-z]+)\b", page.read_text("utf-8"), re.MULTILINE)
    }
    assert asked
    assert not {(page, target) for page, target in asked if target not in targets}
