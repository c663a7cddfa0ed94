"""`mlgen rule`: one page a rule, and the list of all."""

import json
from pathlib import Path

from tests.terminal import Done, mlgen

from mlgen.catalog import RULES

PAGE = """\
unknown-key: A key that means nothing here

A mistyped key would otherwise be ignored in silence, and the workload would run with a default
instead.

Instead of

    data:
      features: {blob: churn/features, acess: write}

write

    data:
      features: {blob: churn/features, access: write}

Severity: error. It cannot be ignored.
"""


def test_a_page_looks_like_this(tmp_path: Path) -> None:
    assert mlgen(tmp_path, "rule", "unknown-key") == Done(0, PAGE, "")


def test_a_source_is_named(tmp_path: Path) -> None:
    assert f"\n\nSource: {RULES['duplicate-key'].source}\n" in mlgen(tmp_path, "rule", "duplicate-key").out


def test_a_page_says_whether_one_may_know_better(tmp_path: Path) -> None:
    may = "It may be ignored: `ignore: {host-path: WHY}`.\n"
    assert mlgen(tmp_path, "rule", "host-path").out.endswith(
        f"\n\nSeverity: error in an environment, warning where none is named. {may}"
    )
    assert mlgen(tmp_path, "rule", "unused-ignore").out.endswith("\n\nSeverity: warning. It cannot be ignored.\n")


def test_all_are_listed_with_a_line_each(tmp_path: Path) -> None:
    lines = mlgen(tmp_path, "rule").out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(RULES)
    assert all(line.endswith(rule.title) for line, rule in zip(lines, RULES.values(), strict=True))


def test_a_program_gets_all_of_it(tmp_path: Path) -> None:
    one = json.loads(mlgen(tmp_path, "rule", "unknown-key", "--format", "json").out)
    assert one == {"schema_version": 1, "rules": [RULES["unknown-key"]._asdict()]}
    assert len(json.loads(mlgen(tmp_path, "rule", "--format", "json").out)["rules"]) == len(RULES)


def test_an_unknown_rule_is_suggested(tmp_path: Path) -> None:
    near, far = mlgen(tmp_path, "rule", "unknwn-key"), mlgen(tmp_path, "rule", "xyzzy")
    assert near == Done(2, "", "mlgen: there is no rule `unknwn-key`: did you mean `unknown-key`?\n")
    assert far == Done(2, "", "mlgen: there is no rule `xyzzy`: `mlgen rule` lists them all\n")
