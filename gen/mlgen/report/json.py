"""Problems -> one JSON document of mlgen's own, for scripts."""

import json
from collections.abc import Iterable, Mapping, Sequence

from mlgen.problem import Problem, in_order
from mlgen.report.line import Style


def render(problems: Sequence[Problem], _sources: Mapping[str, str], _style: Style) -> str:
    """The document of ``problems`` alone."""
    return document(problems)


def document(problems: Iterable[Problem], **more: object) -> str:
    """The problems by place, and whatever else a command says."""
    entries = [
        {
            "rule": problem.rule,
            "severity": problem.severity,
            "message": problem.message,
            "help": problem.help,
            **problem.span._asdict(),
            "related": [{"message": label, **span._asdict()} for span, label in problem.related],
        }
        for problem in in_order(problems)
    ]
    return written({"schema_version": 1, "problems": entries, **more})


def written(value: object) -> str:
    """``value`` as JSON; in ASCII, so that no character can steer a terminal: what a reader decodes is the text."""
    text = json.dumps(value, indent=2)
    return text.replace("\x7f", "\\u007f").replace("##[", "#\\u0023[") + "\n"
