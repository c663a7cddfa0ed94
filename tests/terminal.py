"""A platform repository on disk and a command -> what it prints and its exit code, as a user sees them."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from mlgen import process

HEAD = "apiVersion: mlgen.dev/v1\nkind: {}\nname: {}\n"
BASE = HEAD.format("Environment", "base")
DEV = HEAD.format("Environment", "dev")
PROD = HEAD.format("Environment", "prod") + "defaults:\n  serving: {replicas: {min: 2}}\n"
JOB = (
    HEAD.format("Project", "hello")
    + """\
owner: team
workloads:
  greet: {kind: job, image: "ghcr.io/acme/greet:1.0"}
environments: {dev: {}}
"""
)
SERVING = (
    HEAD.format("Project", "web")
    + """\
owner: team
workloads:
  serve:
    kind: serving
    server: custom
    image: ghcr.io/acme/web:1.0
    replicas: {min: 3, max: 9}
environments:
  dev: {}
  prod:
    workloads: {serve: {replicas: {min: 4}}}
"""
)
FILES = {
    "environments/base.yaml": BASE,
    "environments/dev.yaml": DEV,
    "environments/prod.yaml": PROD,
    "projects/hello/mlgen.yaml": JOB,
    "projects/web/mlgen.yaml": SERVING,
}


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def repository(root: Path, files: dict[str, str] | None = None) -> Path:
    """``root`` with ``files`` in it, by default those of a small platform."""
    for path, text in (FILES if files is None else files).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def mlgen(root: Path, *arguments: str) -> Done:
    """Run the command line in this process, in the folder ``root``, without a terminal."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(root),
        mock.patch.object(sys, "argv", ["mlgen", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = process.run()
    return Done(code, out.getvalue(), err.getvalue())


def shell(root: Path, script: str, **variables: str) -> Done:
    """Run ``script`` in a shell whose `mlgen` is this very one."""
    environ = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR", "PRE_COMMIT")}
    python = f'mlgen() {{ "{sys.executable}" -P -m mlgen "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail\n{python}{script}"],
        cwd=root,
        env={**environ, **variables},
        capture_output=True,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
