"""Whatever somebody writes into kinds/ and components/ is a problem at its place, and never a traceback."""

import re
from collections.abc import Iterator

import pytest
from tests.bad_test import ODD
from tests.conftest import ROOT

from mlgen import disk, engine, report
from mlgen.platform import load

EXPRESSIONS = (
    "null",
    '"{{ workload.workers }}"',
    '"{{ pods.worker.spec }}"',
    '"{{ pods }}"',
    '"{{ workload }}"',
    '"{{ workload. }}"',
    '"{{ run.name | seconds }}"',
    '"{{ workload.scheduler }}"',
)
EACH = 37  # all of them take minutes: one in so many, a prime, so that each sort of value meets each sort of place


def replaced(text: str) -> Iterator[str]:
    """``text`` with an odd value in the place of each of its values, one at a time."""
    for match in re.finditer(r"(?<=: )(\{.*\}|\[.*\]|[^\s,{}\[\]]+|\"[^\"]*\")", text):
        yield from (f"{text[: match.start()]}{odd}{text[match.end() :]}" for odd in (*ODD, *EXPRESSIONS))


@pytest.mark.parametrize("case", ["own-kinds", "components"])
def test_odd_values_are_problems_in_their_files(case: str) -> None:
    files, _ = disk.read_inputs(ROOT / "tests" / "cases" / case)
    texts = [
        (path, text)
        for path in files
        if path.startswith(("kinds/", "components/"))
        for text in replaced(files[path].decode())
    ]
    refused = 0
    for path, text in texts[::EACH]:
        changed = {**files, path: text.encode()}
        platform = load(changed)
        found = engine.check(platform, sorted(platform.projects))
        assert report.render(found, platform.sources) or found == []
        refused += bool(found)
        for problem in found:
            assert problem.message
            assert problem.span.line <= changed[problem.span.file].count(b"\n") + 1
    assert refused > len(texts) / EACH / 2
