"""Differences -> a picture: every change in its place and colour, the worst first, and never too much of it."""

import re
from pathlib import Path

import pytest
from tests.changes.compare_test import thing
from tests.commands.diff_test import committed, git
from tests.mermaid_test import HOSTILE, LINE, parsed
from tests.terminal import DEV, JOB, mlgen, repository

from mlgen.changes.between import Difference
from mlgen.changes.compare import Change
from mlgen.changes.markdown import LONGEST, markdown
from mlgen.changes.picture import OBJECTS, SECTIONS, picture
from mlgen.changes.risk import risks


def difference(project: str, environment: str, *changes: Change, protected: bool = False) -> Difference:
    return Difference(project, environment, protected, changes, tuple(risks(changes)))


NEW = Change(None, thing("serve", {"x": 1}))
GONE = Change(thing("ml-churn", {}, "Namespace"), None)
RUN = Change(None, thing("train-0123456789", {}, "Job", run=True))


def labels(chart: str) -> list[str]:
    return re.findall(r'\["(.*)"\]', chart)


def test_a_change_stands_in_its_place() -> None:
    chart = picture([difference("churn", "prod", NEW, GONE, RUN, protected=True)])
    assert chart.startswith(
        "flowchart LR\n"
        '  n0["churn"]\n'
        '  n1["prod"]:::strong\n'
        '  n2["#128308; Namespace/ml-churn: gone"]:::danger\n'
        '  n3["#128993; Job/train-0123456789: new"]:::warning\n'
        '  n4["Deployment/serve: new"]\n'
        "  n0 --> n1\n"
        "  n1 --> n2\n"
        "  n1 --> n3\n"
        "  n1 --> n4\n"
    )


def test_what_is_the_same_in_two_environments_is_drawn_once() -> None:
    chart = picture([difference("churn", where, NEW) for where in ("dev", "prod")])
    assert labels(chart) == ["churn", "dev and prod", "Deployment/serve: new"]


def test_a_project_has_one_box() -> None:
    chart = picture([difference("churn", "dev", NEW), difference("churn", "prod", RUN)])
    assert labels(chart).count("churn") == 1


def test_the_worst_is_drawn_first_and_the_rest_is_counted() -> None:
    many = [Change(None, thing(f"serve-{number}", {})) for number in range(OBJECTS + 20)]
    found = labels(picture([difference("churn", "dev", *many, GONE)]))
    assert found[2] == "#128308; Namespace/ml-churn: gone"
    assert found[-1] == "and 21 more"
    assert len(found) == OBJECTS + 3


def test_a_picture_of_everything_is_still_one_that_mermaid_draws() -> None:
    many = [
        difference(f"p{project}-{'ø' * 60}", environment, *(Change(None, thing("é" * 250, {})) for _ in range(30)))
        for project in range(100)
        for environment in ("dev", "staging", "prod")
    ]
    chart = picture(many)
    assert len(chart) < 50_000
    assert chart.count("-->") < 500
    assert labels(chart)[-1] == f"and {100 - SECTIONS} more places"
    assert len(markdown(many)) <= LONGEST


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_breaks_it_or_the_page_around_it(text: str) -> None:
    change = Change(None, thing(text, {}, text))
    page = markdown([difference(text, text, change)])
    chart = page.partition("```mermaid\n")[2].partition("```")[0]
    assert [line for line in chart.splitlines() if not LINE.fullmatch(line)] == []
    assert len(chart.splitlines()) == len(labels(chart)) + chart.count("-->") + chart.count("classDef") + 1


def test_mermaid_reads_it() -> None:
    found = parsed(picture([difference(text, text, Change(None, thing(text, {}, text)), GONE) for text in HOSTILE]))
    assert len(found["boxes"]) > SECTIONS
    assert all(arrow[0] != arrow[1] for arrow in found["arrows"])


@pytest.mark.parametrize(("history", "style"), [("prune", ":::danger"), ("keep", ":::note")])
def test_the_colour_says_what_is_done_there(tmp_path: Path, history: str, style: str) -> None:
    """A run that is rendered no more goes on in one environment and is killed in another."""
    root = repository(tmp_path)
    repository(root, {"environments/dev.yaml": f"{DEV}history: {history}\n"})
    git(root, "init", "--quiet")
    committed(root)
    repository(root, {"projects/hello/mlgen.yaml": JOB.replace("job,", "job, schedule: '0 2 * * *',")})
    page = mlgen(root, "diff", "--format", "markdown").out
    (run,) = [line for line in page.splitlines() if re.search(r'\["[^"]*Job/greet-[0-9a-f]{10}: gone"\]', line)]
    assert run.endswith(style)
