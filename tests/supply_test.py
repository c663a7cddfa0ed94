"""What mlgen is made of: pinned by hash, without a host, and said in an SBOM; what SECURITY.md promises is tested."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.conftest import ROOT

RUNTIME, EVERYTHING = ROOT / ".ci" / "runtime.txt", ROOT / ".ci" / "requirements.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def pins(path: Path) -> Mapping[str, list[tuple[Requirement, list[str]]]]:
    """The requirements of a file by name, each with its hashes; one name may be there for several Pythons."""
    found: dict[str, list[tuple[Requirement, list[str]]]] = {}
    for line in path.read_text("utf-8").replace("\\\n", " ").splitlines():
        said, *hashes = line.split(" --hash=")
        requirement = Requirement(said.strip())
        found.setdefault(canonicalize_name(requirement.name), []).append((requirement, [one.strip() for one in hashes]))
    return found


def files(some: list[tuple[Requirement, list[str]]]) -> list[tuple[str, list[str]]]:
    """Versions and hashes, wherever they are installed."""
    return [(str(requirement.specifier), hashes) for requirement, hashes in some]


@pytest.mark.parametrize("path", [RUNTIME, EVERYTHING], ids=lambda path: path.stem)
def test_everything_is_pinned_by_hash_and_no_host_is_named(path: Path) -> None:
    for requirement, hashes in (one for some in pins(path).values() for one in some):
        (pin,) = requirement.specifier
        assert (pin.operator, requirement.url) == ("==", None), requirement
        assert hashes, requirement
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in hashes), requirement
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted", path.read_text("utf-8"))


def test_the_pins_are_what_the_project_asks_for() -> None:
    extras = PROJECT["optional-dependencies"]
    asked = {
        RUNTIME: [*PROJECT["dependencies"], *extras["policies"]],
        EVERYTHING: [*PROJECT["dependencies"], *(line for lines in extras.values() for line in lines)],
    }
    for path, lines in asked.items():
        known = pins(path)
        for requirement in map(Requirement, lines):
            for pinned, _ in known[canonicalize_name(requirement.name)]:
                (pin,) = pinned.specifier
                assert requirement.specifier.contains(pin.version), f"{requirement}: {pinned}; run `make pins`"


def test_what_runs_is_a_part_of_what_is_tested() -> None:
    everything = pins(EVERYTHING)
    for name, some in pins(RUNTIME).items():
        assert files(some) == files(everything[name]), name


def test_what_is_installed_here_is_what_is_pinned() -> None:
    for name, some in pins(EVERYTHING).items():
        here = [pin for pin, _ in some if pin.marker is None or pin.marker.evaluate()]
        assert all(pin.specifier.contains(version(name)) for pin in here), f"{name} {version(name)}: `make .venv/.dev`"


def test_the_sbom_says_what_runs(tmp_path: Path) -> None:
    """As `make dist` writes it; the program holds what it writes against the schema of CycloneDX."""
    target = tmp_path / "mlgen.cdx.json"
    program = Path(sys.executable).with_name("cyclonedx-py")
    command = [program, "requirements", RUNTIME, "--pyproject", ROOT / "pyproject.toml", "--output-reproducible"]
    subprocess.run([*map(str, command), "--output-file", str(target)], check=True, capture_output=True)
    found = json.loads(target.read_text("utf-8"))
    assert found["metadata"]["component"]["name"] == "mlgen"
    listed = {canonicalize_name(one["name"]): one["version"] for one in found["components"]}
    assert listed == {name: next(iter(some[0][0].specifier)).version for name, some in pins(RUNTIME).items()}
    places = [place for one in found["components"] for place in one["externalReferences"]]
    assert all(entry["content"] for place in places for entry in place["hashes"])
    assert str(ROOT) not in target.read_text("utf-8")


def test_no_workflow_installs_what_is_not_pinned() -> None:
    """Our own checkout has no hash, and needs none."""
    for path in [*ROOT.glob(".github/workflows/*.yml"), ROOT / ".github" / "actions" / "check" / "action.yml"]:
        for line in path.read_text("utf-8").splitlines():
            if re.search(r"\bpip (install )?--?\w|pip install", line) and "$@" not in line:
                assert "--require-hashes" in line or "--no-deps" in line, f"{path.name}: {line.strip()}"


def test_an_audit_is_required() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]
    assert "audit" in jobs["required"]["needs"]
    asked = jobs["audit"]["steps"][-1]["run"]
    assert asked == "pip-audit --require-hashes --disable-pip --requirement .ci/requirements.txt"


def test_every_test_that_security_md_names_exists() -> None:
    named = re.findall(r"`(tests/[\w./]+)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []
