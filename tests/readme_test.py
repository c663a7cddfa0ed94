"""What README and ARCHITECTURE show is true: every command runs, every excerpt is what mlgen says, every link leads."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from textwrap import dedent
from typing import get_args

import pytest
import yaml
from tests.architecture_test import MODULES, TREES, imports, own
from tests.commands.diff_test import committed, git
from tests.terminal import mlgen

from mlgen.arguments import Format
from mlgen.commands.init import PRE_COMMIT

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
BLOCKS = [(word, dedent(text)) for word, text in re.findall(r"^ *```(\w+)\n(.*?)^ *```$", README, re.M | re.S)]
# What the table of commands leaves to the user.
CHOSEN = {
    "DIR": "../elsewhere",
    "HOST": "github",
    "PROJECT/ENV:KIND/NAME:PATH": "churn/dev:Deployment/serve:spec.template",
    "PROJECT or FILE": "churn",
    "PROJECT": "churn",
    "NAME": "project",
    "FIELD": "serving.replicas",
    "PROFILE": "kubeflow-26.03",
    "ID": "unknown-key",
    "E": "dev",
    "MANIFESTS": "overlays",
    "MANIFEST": "overlays/hello/base/serviceaccount-greet.yaml",
    "REV": "HEAD",
    "URL": "../deploy.git",
    "BRANCH": "main",
    "WORKLOAD": "train",
    "ENVIRONMENT": "staging",
}


def block(word: str, number: int = 0) -> str:
    """The text of a block of README."""
    return [text for kind, text in BLOCKS if kind == word][number]


def table() -> list[list[str]]:
    """The commands of each line of the table."""
    rows = re.findall(r"^\| (`mlgen .*`) \| .* \|$", README, re.M)
    return [re.findall(r"`([^`]*)`", row) for row in rows]


def said() -> list[str]:
    """The commands in the running text."""
    text = re.sub(r"^ *```.*?^ *```$|^\|.*?$", "", README, flags=re.M | re.S)
    return [command for command in re.findall(r"`(mlgen [^`]*)`", text) if "install-completion" not in command]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform repository as the first commands of README make it."""
    root = tmp_path_factory.mktemp("readme")
    for command in ("init", "new churn --example churn", "render"):
        assert mlgen(root, *command.split()).code == 0
    return root


@pytest.fixture
def platform(made: Path, tmp_path: Path) -> Path:
    """A copy of it, under git."""
    folder = Path(shutil.copytree(made, tmp_path / "platform"))
    git(folder, "init", "--quiet")
    committed(folder)
    git(tmp_path, "init", "--quiet", "--bare", "deploy.git")
    return folder


def test_the_first_commands_run_one_after_the_other_in_an_empty_folder(tmp_path: Path) -> None:
    lines = [line.removeprefix("$ ") for line in block("console").splitlines() if line.startswith("$ ")]
    assert len(lines) >= 4
    for line in lines:
        words = shlex.split(line, comments=True)
        done = mlgen(tmp_path, *words[1:])
        assert (words[0], done.code) == ("mlgen", 0), f"{line}\n{done.err}"


def test_the_ten_lines_are_the_example_and_work(tmp_path: Path) -> None:
    spec = block("yaml")
    assert len(spec.splitlines()) == 10
    assert (ROOT / "projects" / "hello" / "mlgen.yaml").read_text("utf-8") == spec
    mlgen(tmp_path, "init")
    (tmp_path / "projects" / "hello" / "mlgen.yaml").write_text(spec)
    assert mlgen(tmp_path, "render", "--strict").code == 0


def test_the_report_is_what_a_typo_gives(tmp_path: Path) -> None:
    mlgen(tmp_path, "init")
    (tmp_path / "projects" / "hello" / "mlgen.yaml").write_text(block("yaml").replace("command:", "comand:"))
    done = mlgen(tmp_path, "validate")
    assert done.code == 1
    assert done.out.startswith(f"{block('text')}\nFound 1 error.\n")


def test_the_table_has_every_command(tmp_path: Path) -> None:
    listed = mlgen(tmp_path, "--help").out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    named = dict.fromkeys(command.split()[1] for row in table() for command in row)
    assert sorted(named) == sorted(line.split()[0] for line in listed if line[2] != " ")


@pytest.mark.parametrize("command", [command for row in table() for command in row])
def test_what_the_table_shows_runs(platform: Path, command: str) -> None:
    help_ = mlgen(platform, command.split()[1], "--help").out
    assert all(option in help_ for option in re.findall(r"--\w+", command))
    chosen = {**CHOSEN, **({"PROJECT": "mine", "NAME": "churn"} if " new " in command else {})}
    longest_first = "|".join(sorted(chosen, key=len, reverse=True))
    filled = re.sub(rf"\b({longest_first})\b", lambda match: chosen[match[0]], command)
    done = mlgen(platform, *re.sub(r"[\[\]]|\.\.\.", "", filled).split()[1:])
    assert done.code == 0, f"{filled}\n{done.err}"


@pytest.mark.parametrize("command", said())
def test_what_the_text_shows_runs(platform: Path, tmp_path: Path, command: str) -> None:
    (tmp_path / "path/to").mkdir(parents=True)
    (tmp_path / "path/to/mlgen.yaml").write_text(block("yaml").replace("name: hello", "name: mine"))
    where = tmp_path if "PLATFORM" in command else platform
    done = mlgen(where, *shlex.split(command.replace("PLATFORM", str(platform)))[1:])
    assert done.code == 0, done.err
    if command.endswith("minReplicas"):
        assert re.findall(r"^  (from|over)", done.out, re.M) == ["from", "over", "over", "over"]


def test_the_text_shows_what_it_promises() -> None:
    commands = {command.split()[1] for command in said()}
    assert {"explain", "validate", "check"} <= commands
    assert f"`--format {'|'.join(get_args(Format))}`" in README


def test_the_hook_is_the_one_that_init_writes() -> None:
    assert yaml.safe_load(block("yaml", 1)) == yaml.safe_load(PRE_COMMIT)


def test_the_action_is_used_as_it_is_declared() -> None:
    checkout, action = yaml.safe_load(block("yaml", 2))["steps"]
    folder = action["uses"].removeprefix("OWNER/mlgen/").removesuffix("@COMMIT")
    declared = yaml.safe_load((ROOT / folder / "action.yml").read_text("utf-8"))["inputs"]
    assert set(action["with"]) <= declared.keys()
    assert checkout["uses"] in (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")


def targets() -> set[str]:
    return set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def test_make_has_the_targets_that_are_named() -> None:
    named = set(re.findall(r"\bmake (\w+)\b", re.sub(r"(?<!`)\bmake (?!\w+ {2,})", "", README)))
    assert {"demo", "test"} <= named <= targets()


@pytest.mark.proof
def test_the_demo_runs(tmp_path: Path) -> None:
    """On a copy, because it renders; with what is installed already."""
    beside = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__")
    copy = Path(shutil.copytree(ROOT, tmp_path / "copy", ignore=beside))
    (copy / ".venv").symlink_to(ROOT / ".venv")
    done = subprocess.run(["make", "demo"], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "\n== " in done.stdout


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)]*)\)", text) if "://" not in link]
    assert not [link for link in links if not (ROOT / link).exists()]


def rows() -> list[tuple[str, list[str]]]:
    """The floors of ARCHITECTURE: each with its modules, those of a package in full."""
    found = []
    for floor, cell in re.findall(r"^\| (\w+) \| ((?:`[\w/]+` ?)+)\|", ARCHITECTURE, re.M):
        modules: list[str] = []
        for name in re.findall(r"`([^`]+)`", cell):
            inner = [module for module in MODULES if f"{module.replace('.', '/')}/".startswith(name)]
            modules += inner if name.endswith("/") and inner else [name]
        found.append((floor, modules))
    return found


def test_every_module_has_a_place_in_the_architecture() -> None:
    named = [module for _, modules in rows() for module in modules]
    assert len(named) == len(set(named))
    missing, gone = set(MODULES) - {*named, "mlgen", "__main__"}, set(named) - set(MODULES)
    assert not missing, f"name {sorted(missing)} in ARCHITECTURE.md, in the row they belong to"
    assert not gone, f"ARCHITECTURE.md names {sorted(gone)}"


def test_no_module_imports_from_a_later_row() -> None:
    row_of = {module: number for number, (_, modules) in enumerate(rows()) for module in modules}
    upward = [
        f"{module}, line {line}: {inner}"
        for module, number in row_of.items()
        for target, line in imports(TREES[module])
        if (inner := own(target)) in row_of and row_of[str(inner)] > number
    ]
    assert not upward


def test_the_pages_name_no_file_that_is_gone() -> None:
    paths = re.findall(r"`((?:gen|tests|schemas|projects|environments)/[\w./-]+)`", README + ARCHITECTURE)
    assert paths
    assert not [path for path in paths if not (ROOT / path).exists()]
