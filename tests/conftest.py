"""What tests share: the real readers of our YAML, the material beside the repository, and which tests run when."""

import math
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
PROOF = os.environ.get("MLGEN_PROOF") == "1"
Build = Callable[[Path], list[dict[str, Any]]]
Run = Callable[..., str]

# A red build has to be red again when it is looked at: only proof runs try new examples.
settings.register_profile("test", deadline=None, derandomize=True)
settings.register_profile("proof", deadline=None, print_blob=True)
settings.load_profile("proof" if PROOF else "test")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "proof: the long version of a test; only -m proof or MLGEN_PROOF=1 runs it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the proof tests, unless a -m expression says what to run or MLGEN_PROOF=1 asks for all."""
    if config.option.markexpr or PROOF:
        return
    proof = [item for item in items if item.get_closest_marker("proof")]
    if proof:
        config.hook.pytest_deselected(items=proof)
        items[:] = [item for item in items if item not in proof]


class BuiltLoader(yaml.CSafeLoader):
    """Reads what Kustomize prints: it quotes each string that a Kubernetes reader could take for anything else, so a
    bare word is JSON's or a string. Stock PyYAML would make dates, octals, and a crash of a bare `=`."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own name; its resolvers are looked up on the class


for _tag, _form, _first in (
    ("null", r"null", "n"),
    ("bool", r"true|false", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", "-0123456789"),
):
    BuiltLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_form})\Z"), list(_first))


def _float(loader: BuiltLoader, node: yaml.ScalarNode) -> float | str:
    """What no float can hold is a string to Go, and so Kustomize leaves it bare: 1e400."""
    text = str(loader.construct_scalar(node))
    return float(text) if math.isfinite(float(text)) else text


BuiltLoader.add_constructor("tag:yaml.org,2002:float", _float)


def read_built(text: str) -> list[dict[str, Any]]:
    """The objects of a stream that Kustomize printed."""
    return [document for document in yaml.load_all(text, BuiltLoader) if document is not None]


def missing(what: str) -> NoReturn:
    """A law that cannot be checked here is skipped and says so; in CI it must be checked."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def run(command: list[str], stdin: str = "") -> str:
    """What ``command`` prints. It sees no cluster; its complaint is the failure's text."""
    done = subprocess.run(
        command, input=stdin.encode(), capture_output=True, env={**os.environ, "KUBECONFIG": os.devnull}, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.decode(errors='replace')[:2000]}"
    return done.stdout.decode()


@pytest.fixture(scope="session")
def kustomize() -> Build:
    """``build(folder)``: the objects that a real Kustomize builds from it, in its order. MLGEN_KUSTOMIZE names one;
    else it is kubectl's, else the kustomize that is found."""
    if named := os.environ.get("MLGEN_KUSTOMIZE"):
        command = [named, "build"]
    elif found := shutil.which("kubectl"):
        command = [found, "kustomize"]
    elif found := shutil.which("kustomize"):
        command = [found, "build"]
    else:
        missing("no kubectl or kustomize found: the Kustomize law is not checked")
    return lambda folder: read_built(run([*command, str(folder)]))


@pytest.fixture(scope="session")
def kubectl() -> Run:
    """``kubectl(*arguments, stdin="")``: what a real kubectl prints; it has no cluster."""
    found = shutil.which("kubectl")
    if found is None:
        # Not `missing`: a fresh CI machine builds a Kustomize for the law, and has no kubectl.
        pytest.skip("no kubectl found: what kubectl reads is not checked")
    return lambda *arguments, stdin="": run([str(found), *arguments], stdin)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of samples beside the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not here: its samples are not checked")
    return folder
