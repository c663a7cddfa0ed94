"""The reference platform -> what `make demo` shows: render it, a spec beside what it becomes, one overlay built."""

import os
import shutil
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = "hello"


def main() -> int:
    said("Render every project for every environment it names")
    done = shown("mlgen", "render", runs=(sys.executable, "-m", "mlgen", "render"))
    if done:
        return done
    said(f"What {PROJECT} says, and what is written for it")
    print(beside(spec_lines(), written_lines(ROOT / "overlays" / PROJECT)))
    said("Where the other projects are")
    print("\n".join(summary_lines()))
    overlay = last_overlay(ROOT / "overlays" / PROJECT)
    said("What a cluster would apply, as its own Kustomize builds it")
    kustomize = kustomize_command()
    if kustomize is None:
        print(f"(neither kubectl nor kustomize is here; mlgen build {PROJECT} --env {overlay.name} prints the same)")
        return 0
    return shown(*kustomize, str(overlay.relative_to(ROOT)), limit=25)


def said(title: str) -> None:
    print(f"\n== {title}\n", flush=True)


def shown(*command: str, runs: tuple[str, ...] = (), limit: int | None = None) -> int:
    """Print a command, run it, print what it says (its first lines, if there is a limit); its exit code."""
    print("$", " ".join((Path(command[0]).name, *command[1:])), flush=True)
    done = subprocess.run(runs or command, cwd=ROOT, text=True, stdout=subprocess.PIPE, check=False)
    lines = done.stdout.splitlines()
    print("\n".join(lines[:limit]))
    if limit is not None and len(lines) > limit:
        print(f"... and {len(lines) - limit} more lines: {done.stdout.count(chr(10) + 'kind: ')} objects in all")
    return done.returncode


def spec_lines() -> list[str]:
    return (ROOT / "projects" / PROJECT / "mlgen.yaml").read_text("utf-8").splitlines()


def written_lines(folder: Path) -> list[str]:
    """The files of a project's overlays, indented by folder, with their lengths."""
    lines = [f"{folder.relative_to(ROOT).as_posix()}/"]
    for path in sorted(folder.rglob("*"), key=lambda path: (path.parent, path.is_dir(), path.name)):
        depth = "  " * len(path.relative_to(folder).parts)
        length = "" if path.is_dir() else f"  {len(path.read_bytes().splitlines())} lines"
        lines.append(f"{depth}{path.name}{'/' if path.is_dir() else ''}{length}")
    return lines


def beside(left: list[str], right: list[str]) -> str:
    width = max(map(len, left), default=0)
    return "\n".join(f"{a:<{width}}   |  {b}".rstrip() for a, b in zip_longest(left, right, fillvalue=""))


def summary_lines() -> list[str]:
    """One line a project and environment: how many files."""
    return [
        f"{overlay.relative_to(ROOT).as_posix():<32} {sum(path.is_file() for path in overlay.rglob('*')):>3} files"
        for overlay in sorted(path.parent for path in (ROOT / "overlays").glob("*/*/kustomization.yaml"))
        if overlay.parent.name != PROJECT
    ]


def last_overlay(folder: Path) -> Path:
    return max(path.parent for path in folder.glob("*/kustomization.yaml") if path.parent.name != "base")


def kustomize_command() -> tuple[str, ...] | None:
    if kustomize := os.environ.get("MLGEN_KUSTOMIZE") or shutil.which("kustomize"):
        return (kustomize, "build")
    kubectl = shutil.which("kubectl")
    return (kubectl, "kustomize") if kubectl else None


if __name__ == "__main__":
    sys.exit(main())
