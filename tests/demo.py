"""The reference platform -> what `make demo` shows: render it, a spec beside what it becomes, one overlay built."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = "hello"
CHANGE = ("churn", "max: 10", "max: 12")


def main() -> int:
    said("Render every project for every environment it names")
    failed = mlgen("render")
    if failed:
        return failed
    said(f"What {PROJECT} says, and what is written for it")
    folder = ROOT / "overlays" / PROJECT
    print(beside(spec(PROJECT).read_text("utf-8").splitlines(), [f"overlays/{PROJECT}/", *tree(folder, "  ")]))
    said("How much a spec says, and how much it becomes")
    for project, environment in (("hello", "staging"), ("churn", "prod")):
        print(weighed(project, environment))
    changed(*CHANGE)
    said("What a cluster applies, as its own Kustomize builds it")
    return built(max(path.parent for path in folder.glob("*/kustomization.yaml") if path.parent.name != "base"))


def said(title: str) -> None:
    print(f"\n== {title}\n", flush=True)


def mlgen(*arguments: str, root: Path = ROOT) -> int:
    print("$ mlgen", *arguments, flush=True)
    return subprocess.run([sys.executable, "-m", "mlgen", *arguments, "--root", str(root)], check=False).returncode


def weighed(project: str, environment: str) -> str:
    """The lines of a spec, and the objects that it becomes in one environment."""
    command = [sys.executable, "-m", "mlgen", "build", project, "--env", environment, "--root", str(ROOT)]
    objects = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = spec(project).read_text("utf-8").count("\n")
    return f"{project}: {lines} lines, {len(re.findall('^kind:', objects, re.MULTILINE))} objects in {environment}"


def spec(project: str, root: Path = ROOT) -> Path:
    return root / "projects" / project / "mlgen.yaml"


def tree(folder: Path, margin: str) -> list[str]:
    """The files of a folder, with their lengths, and then its folders."""
    lines = []
    for path in sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name)):
        if path.is_dir():
            lines += [f"{margin}{path.name}/", *tree(path, f"{margin}  ")]
        else:
            lines.append(f"{margin}{path.name}: {len(path.read_bytes().splitlines())} lines")
    return lines


def beside(left: list[str], right: list[str]) -> str:
    width = max(map(len, left), default=0)
    return "\n".join(f"{a:<{width}}   |  {b}".rstrip() for a, b in zip_longest(left, right, fillvalue=""))


def changed(project: str, old: str, new: str) -> None:
    """Show what one changed line does, on a copy, because a demo should not change anything here."""
    said(f"What happens when {project} says `{new}` instead of `{old}` (tried on a copy)")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("environments", "projects", "overlays"):
            shutil.copytree(ROOT / name, copy / name)
        text = spec(project, copy).read_text("utf-8")
        assert old in text, f"{project} no longer says {old}: change CHANGE"
        spec(project, copy).write_text(text.replace(old, new, 1), "utf-8")
        mlgen("render", project, root=copy)


def built(overlay: Path) -> int:
    """Print what Kustomize makes of an overlay, its beginning at least."""
    where = overlay.relative_to(ROOT).as_posix()
    command = kustomize()
    if command is None:
        print(f"Neither kubectl nor kustomize is here; mlgen build {PROJECT} --env {overlay.name} prints the same.")
        return 0
    print("$", Path(command[0]).name, *command[1:], where, flush=True)
    done = subprocess.run([*command, where], cwd=ROOT, text=True, stdout=subprocess.PIPE, check=False)
    lines = done.stdout.splitlines()
    print("\n".join(lines[:25]))
    print(f"... {len(lines)} lines, {sum(line.startswith('kind: ') for line in lines)} objects in all")
    return done.returncode


def kustomize() -> tuple[str, ...] | None:
    if alone := os.environ.get("MLGEN_KUSTOMIZE") or shutil.which("kustomize"):
        return (alone, "build")
    kubectl = shutil.which("kubectl")
    return (kubectl, "kustomize") if kubectl else None


if __name__ == "__main__":
    sys.exit(main())
