"""What users wait for, measured on the built wheel -> docs/bench.md: medians of alternating runs, as ratios."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.bench import lint, many  # noqa: E402 - this is a script, and no package is around it

ROUNDS = 21
SLOW_ROUNDS = 5
LONG_ROUNDS = 3

Action = Callable[[], object]


class Goal(NamedTuple):
    """A median of one action divided by a median of another, and the most it may be."""

    title: str
    action: str
    yardstick: str
    limit: float


GOALS = (
    Goal("`mlgen --version`", "version", "python -c pass", 8),
    Goal("`mlgen validate hello`", "validate", "python -c pass", 25),
    Goal("`mlgen lint`: one file", "lint one", "python -c pass", 25),
    Goal("`mlgen lint`: 1,000 manifests in 1,000 files", "lint", "kubeconform", 1),
    Goal("`mlgen render`: the reference platform, validated and written anew", "render", "kustomize", 1),
    Goal("`mlgen diff`: one project of 500 changed", "diff", "render 500", 0.33),
)
NAMES = {
    "python -c pass": "`python -c pass`",
    "kustomize": "Kustomize building its overlays one by one",
    "kubeconform": "`kubeconform -strict` with the same schemas",
    "render 500": "`mlgen render` of all 500",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        table = report(measured(Path(folder)))
    print(table)
    target = ROOT / "docs" / "bench.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"# How fast\n\nWritten by `make bench`.\n\n{table}\n", "utf-8")
    return int("**missed**" in table)


def measured(folder: Path) -> dict[str, float]:
    """Seconds, by the name of what was done."""
    binaries = installed(folder)
    platform = folder / "platform"
    for name in ("environments", "projects"):
        shutil.copytree(ROOT / name, platform / name)
    mlgen, root = str(binaries / "mlgen"), ("--root", str(platform))
    quick = {
        "python -c pass": command(str(binaries / "python"), "-c", "pass"),
        "version": command(mlgen, "--version"),
        "validate": command(mlgen, "validate", "hello", *root),
    }
    linting = {name: command(*arguments) for name, arguments in lint.commands(mlgen, folder).items()}
    slow = {"render": command(mlgen, "render", *root)}
    if kustomize := kustomize_command():
        slow["kustomize"] = lambda: [command(*kustomize, str(overlay))() for overlay in overlays()]
    quick["lint one"] = linting.pop("lint one")
    large = many.platform(folder / "large")
    on_many = ("diff", "--root", str(large)), ("render", "--root", str(large))
    long = dict(zip(("diff", "render 500"), (command(mlgen, *arguments) for arguments in on_many), strict=True))
    found = medians(linting, ROUNDS)
    found |= medians(long, LONG_ROUNDS, before=lambda: cleared(large / "overlays"))
    return found | medians(quick, ROUNDS) | medians(slow, SLOW_ROUNDS, before=lambda: cleared(platform / "overlays"))


def installed(folder: Path) -> Path:
    """The wheel in an environment of its own, as a user has it: no development hook slows its Python down."""
    wheels, home = folder / "wheels", folder / "venv"
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    command(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(source(folder)))()
    command(sys.executable, "-m", "venv", "--without-pip", str(home))()
    command(*pip, "--python", str(home / "bin" / "python"), "install", "--no-deps", *map(str, wheels.iterdir()))()
    libraries = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    (site,) = home.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(f"{libraries}\n", "utf-8")
    return home / "bin"


def source(folder: Path) -> Path:
    target = folder / "source"
    for name in ("gen", "schemas", "environments", "projects"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.glob("*"):
        if path.is_file():
            shutil.copyfile(path, target / path.name)
    return target


def kustomize_command() -> list[str] | None:
    named = os.environ.get("MLGEN_KUSTOMIZE") or shutil.which("kustomize")
    if named:
        return [named, "build"]
    kubectl = shutil.which("kubectl")
    return [kubectl, "kustomize"] if kubectl else None


def overlays() -> list[Path]:
    """What a cluster applies: each project's overlay of each environment, so not the bases."""
    found = (ROOT / "overlays").glob("*/*/kustomization.yaml")
    return sorted(path.parent for path in found if path.parent.name != "base")


def command(*arguments: str) -> Action:
    return lambda: subprocess.run(arguments, check=True, capture_output=True)


def cleared(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def medians(actions: Mapping[str, Action], rounds: int, before: Action = lambda: None) -> dict[str, float]:
    """Median seconds of each action; they take turns, so that a busy moment slows all of them."""
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds + 1):  # the first, which fills the disk's cache and Python's, does not count
        for name, action in actions.items():
            before()
            start = time.perf_counter()
            action()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


def report(seconds: Mapping[str, float]) -> str:
    rows = ["| what | compared with | ratio | goal | |", "|---|---|---:|---:|---|"]
    for goal in GOALS:
        if goal.yardstick not in seconds:
            rows.append(f"| {goal.title} | {NAMES[goal.yardstick]} | | {goal.limit:g} | not measured: it is not here |")
            continue
        ratio = seconds[goal.action] / seconds[goal.yardstick]
        verdict = "met" if ratio <= goal.limit else "**missed**"
        rows.append(f"| {goal.title} | {NAMES[goal.yardstick]} | {ratio:.2f} | {goal.limit:g} | {verdict} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
