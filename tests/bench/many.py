"""The reference projects -> a platform of 500 in git, one of them edited: what `mlgen diff` is measured on."""

import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PROJECTS = 500
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def platform(folder: Path) -> Path:
    """Copies of the reference projects in turn, committed; then one is changed."""
    shutil.copytree(ROOT / "environments", folder / "environments")
    originals = sorted(path for path in (ROOT / "projects").iterdir() if path.is_dir())
    for number in range(PROJECTS):
        name, original = f"p-{number:03}", originals[number % len(originals)]
        target = folder / "projects" / name
        target.mkdir(parents=True)
        for file in original.glob("*.yaml"):
            text = re.sub(rf"(?m)^(name|    host): {original.name}\b", rf"\1: {name}", file.read_text("utf-8"))
            (target / file.name).write_text(text, "utf-8")
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "first")):
        who = ("-c", "user.name=Anna", "-c", "user.email=anna@example.com")
        subprocess.run(("git", *who, *arguments), cwd=folder, env={**os.environ, **GIT}, check=True)
    spec = folder / "projects" / "p-000" / "mlgen.yaml"
    text = spec.read_text("utf-8")
    spec.write_text(text.replace("EPOCHS: 20", "EPOCHS: 21"), "utf-8")
    if text == spec.read_text("utf-8"):
        raise ValueError(f"{originals[0].name} has no EPOCHS: 20 to change")
    return folder
