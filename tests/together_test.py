"""Problems of several environments in, each said once out."""

import pytest

from mlgen.problem import Problem, Span
from mlgen.together import together

HERE = Span("projects/demo/mlgen.yaml", 3, 5, 3, 9)
THERE = Span("environments/dev.yaml", 1, 1, 1, 4)


def told(**messages: str) -> list[str]:
    found = {name: [Problem("wrong", HERE, message, "mend it")] for name, message in messages.items()}
    return [problem.message for problem in together(found)]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ({"dev": "`x` is wrong in `dev`", "prod": "`x` is wrong in `prod`"}, ["`x` is wrong in `dev` and `prod`"]),
        ({"dev": "Job/train in `dev`: no `x`"}, ["Job/train in `dev`: no `x`"]),
        (
            {name: f"Job/train in `{name}`: no `x`" for name in ("dev", "test", "prod")},
            ["Job/train in `dev`, `test` and `prod`: no `x`"],
        ),
        (
            {
                "dev": "Job/train in `dev`: no `x`",
                "test": "TFJob/train in `test`: no `x`",
                "prod": "TFJob/train in `prod`: no `x`",
            },
            ["Job/train in `dev`; TFJob/train in `test` and `prod`: no `x`"],
        ),
        (
            {"dev": "Job/train in `dev`: no `x`", "prod": "Job/train in `prod`: no `y`"},
            ["Job/train in `dev`: no `x`", "Job/train in `prod`: no `y`"],
        ),
        ({"dev": "`a` and `b` both write `c`", "prod": "`a` and `b` both write `c`"}, ["`a` and `b` both write `c`"]),
    ],
)
def test_what_differs_in_the_environment_or_the_object_only_is_one_problem(
    messages: dict[str, str], expected: list[str]
) -> None:
    assert told(**messages) == expected


def test_related_places_are_those_of_all() -> None:
    found = {
        name: [Problem("wrong", HERE, f"wrong in `{name}`", related=((THERE._replace(line=line), "there"),))]
        for line, name in enumerate(("dev", "prod"))
    }
    [problem] = together(found)
    assert [span.line for span, _ in problem.related] == [0, 1]


def test_two_objects_that_one_line_breaks_are_one_problem() -> None:
    found = {
        name: [Problem("wrong", HERE, f"Job/{job} in `{name}`: no `x`") for job in "ab"] for name in ("dev", "prod")
    }
    [problem] = together(found)
    assert problem.message == "Job/a and Job/b in `dev` and `prod`: no `x`"
    many = [Problem("wrong", HERE, f"Job/{job} in `dev`: no `x`") for job in "abcdefgh"]
    [problem] = together({"dev": many})
    assert problem.message == "Job/a, Job/b, Job/c, Job/d, Job/e and 3 more in `dev`: no `x`"
