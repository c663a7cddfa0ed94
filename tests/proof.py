"""Tests marked `proof`, a process each -> docs/proof.md; what passed for the same sources is not repeated.

python tests/proof.py [WORD ...]      only the tests whose name holds one of the words
"""

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
STATE = ROOT / ".proof"
SOURCES = ("gen", "schemas", "environments", "projects", "tests", "pyproject.toml")
HEAD = """# What was proved

Written by `make proof`: the tests that take too long for `make test`, each with the commit that it was last run for. An
interrupted run goes on where it stopped; what passed for the very same sources is not repeated.

| test | cases | time | result | commit |
|---|---:|---:|---|---|
"""


@dataclass(frozen=True)
class Outcome:
    """One proof test. ``count`` is what it says it tries: the mark's `count=`, or else Hypothesis' examples."""

    test: str
    count: int
    seconds: float
    passed: bool
    commit: str


class Collector:
    """A pytest plugin that only remembers which tests there are and how many cases each tries."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            self.counts[item.nodeid] = stated_count(item)


def stated_count(item: pytest.Item) -> int:
    mark = item.get_closest_marker("proof")
    if mark is not None and "count" in mark.kwargs:
        return int(mark.kwargs["count"])
    settings: Any = getattr(getattr(item, "function", None), "_hypothesis_internal_use_settings", None)
    return int(settings.max_examples) if settings else 1


def main(words: list[str]) -> int:
    os.environ["MLGEN_PROOF"] = "1"
    collector = Collector()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = pytest.main(["-q", "-m", "proof", "--collect-only", "-p", "no:cacheprovider", str(ROOT)], [collector])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(said.getvalue(), "the tests cannot be collected", sep="\n", file=sys.stderr)
        return 2
    folder = STATE / fingerprint()
    folder.mkdir(parents=True, exist_ok=True)
    for test, count in collector.counts.items():
        if not words or any(word in test for word in words):
            proved(folder, test, count)
    return written(folder, collector.counts)


def fingerprint() -> str:
    """A digest of every source a result depends on, committed or not."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SOURCES],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    digest = hashlib.sha256()
    for name in sorted(set(listed.stdout.split("\0")) - {""}):
        path = ROOT / name
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ''}\0".encode())
    return digest.hexdigest()[:16]


def place(folder: Path, test: str) -> Path:
    return folder / f"{hashlib.sha256(test.encode()).hexdigest()[:16]}.json"


def proved(folder: Path, test: str, count: int) -> None:
    """Run one test unless it passed before, and keep its outcome."""
    known = outcome(folder, test)
    if known is not None and known.passed:
        print(f"{test}: passed before", flush=True)
        return
    print(f"{test}: ", end="", flush=True)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "proof", "-p", "no:cacheprovider", test],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    passed = done.returncode == 0 and " passed" in done.stdout
    result = Outcome(test, count, round(time.perf_counter() - start, 1), passed, commit())
    place(folder, test).write_text(json.dumps(asdict(result)), "utf-8")
    print(f"{'passed' if result.passed else 'FAILED'} in {result.seconds:.0f} s", flush=True)
    if not result.passed:
        print(done.stdout + done.stderr, file=sys.stderr)


def outcome(folder: Path, test: str) -> Outcome | None:
    path = place(folder, test)
    return Outcome(**json.loads(path.read_text("utf-8"))) if path.exists() else None


def newest(test: str) -> Outcome | None:
    """How a test ended when it was last run, for whichever sources."""
    paths = sorted(STATE.glob(f"*/{place(STATE, test).name}"), key=lambda path: path.stat().st_mtime)
    return outcome(paths[-1].parent, test) if paths else None


def written(folder: Path, counts: dict[str, int]) -> int:
    """Write the table, a row for each function; the exit code says whether every test passed for these sources."""
    rows: dict[str, list[Outcome | None]] = {}
    for test in counts:
        rows.setdefault(test.partition("[")[0], []).append(newest(test))
    target = ROOT / "docs" / "proof.md"
    target.parent.mkdir(exist_ok=True)
    table = "".join(row(function, found) for function, found in sorted(rows.items()))
    target.write_text(HEAD + table, "utf-8")
    print(f"wrote {target.relative_to(ROOT)}")
    here = [outcome(folder, test) for test in counts]
    return int(not all(found is not None and found.passed for found in here))


def commit() -> str:
    """Which commit the sources are of; the table itself is none of them."""
    command = ["git", "describe", "--always", "--exclude=*", "--abbrev=10"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def row(function: str, outcomes: list[Outcome | None]) -> str:
    """A function's parameters together: what was tried in all, and how it ended."""
    ran = [found for found in outcomes if found is not None]
    if not all(found.passed for found in ran):
        result = "**failed**"
    elif len(ran) < len(outcomes):
        result = f"{len(ran)} of {len(outcomes)} run" if ran else "not run"
    else:
        result = "passed"
    count, seconds = sum(found.count for found in ran), sum(found.seconds for found in ran)
    commits = ", ".join(sorted({found.commit for found in ran}))
    return f"| {function.removeprefix('tests/')} | {count:,} | {seconds:,.0f} s | {result} | {commits} |\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
