"""The command line as a whole: help, usage errors, exit codes, streams, colour, completion."""

import os
import re
import shlex
import sys
from pathlib import Path

import pytest
from tests.commands.diff_test import committed, git
from tests.imports_test import NIGHTLY
from tests.terminal import Done, mlgen, repository, shell

from mlgen import process
from mlgen.commands import console

COMMANDS = (
    "init new import validate render check build lint diff release promote publish health explain schema rule platform"
).split()
RENDER_HELP = """\
Examples:
  mlgen render                    all projects
  mlgen render churn --env dev    one of them in one environment

Write overlays/ and say what changed, and which runs start. Where anything is wrong, write nothing.

Usage: mlgen render [PROJECT|FILE]... [OPTIONS]

Arguments:
  [PROJECT|FILE]...  A project, its mlgen.yaml wherever that is, or a file in environments/; else
                     all projects.

Options:
  -e, --env ENV                 Only this environment.
      --root DIR                The platform repository; else the nearest folder upwards that is
                                one.
      --staged                  Exit with 1 if git would commit anything else.
      --check                   Compare and write nothing, as `mlgen check` does.
      --force                   Give up edits made by hand in files that mlgen wrote.
      --exit-non-zero-on-change
                                Exit with 1 if files changed.
      --format FORM             Print problems as text, concise, json, github, gitlab, sarif or
                                junit; or $MLGEN_FORMAT.
      --strict                  Let warnings count as problems.
  -h, --help                    Show this message and exit.
"""
COMPLAINTS = {
    "biuld": "mlgen: No such command 'biuld'. Did you mean 'build'? Try: mlgen --help",
    "explain": "mlgen: Missing argument 'WHAT'. Try: mlgen explain --help",
    "build web": "mlgen: Missing option '--env' / '-e'. Try: mlgen build --help",
    "build web --evn dev": "mlgen: No such option: --evn (Possible options: --env). Try: mlgen build --help",
    "rule a b": "mlgen: Got unexpected extra argument(s) (b). Try: mlgen rule --help",
    "validate --format xml": "mlgen: Invalid value for '--format' (env var: 'MLGEN_FORMAT'): 'xml' is not one of "
    "'text', 'concise', 'json', 'github', 'gitlab', 'sarif', 'junit'. Try: mlgen validate --help",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path)


def test_without_a_command_there_is_help_and_no_success(tmp_path: Path) -> None:
    help_ = mlgen(tmp_path, "--help")
    assert help_.code == 0
    assert help_.out.startswith("Examples:\n  mlgen init ")
    assert mlgen(tmp_path) == Done(2, "", help_.out)


def test_help_lists_every_command_with_one_line(tmp_path: Path) -> None:
    listed = mlgen(tmp_path, "--help").out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == COMMANDS
    assert all(len(line.split()) > 3 for line in listed)


def test_help_looks_like_this(tmp_path: Path) -> None:
    assert mlgen(tmp_path, "render", "--help") == Done(0, RENDER_HELP, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_begins_with_examples_and_explains_all(command: str, tmp_path: Path) -> None:
    done = mlgen(tmp_path, command, "-h")
    assert done.code == 0
    assert done.out.startswith(f"Examples:\n  mlgen {command}")
    assert f"\nUsage: mlgen {command} " in done.out
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 100
    nameless = [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if re.fullmatch(r" {2,6}-\S.*", line) and "  " not in line.strip() and not after.startswith(" " * 20)
    ]
    assert not nameless, "these options say nothing"


CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: models.ml.example.com}
spec:
  group: ml.example.com
  names: {plural: models, kind: Model}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
"""


def examples(command: str) -> list[str]:
    help_ = mlgen(Path(), command, "--help").out.removeprefix("Examples:\n").partition("\n\n")[0]
    return [re.split(r" {2,}", line.strip())[0] for line in help_.splitlines()]


def under_git(root: Path) -> None:
    """All that is there, committed, as the branch that others push to."""
    git(root, "init", "--quiet", "--initial-branch", "main")
    committed(root)
    git(root, "init", "--quiet", "--bare", "../deploy.git")
    git(root, "remote", "add", "origin", "../deploy.git")
    git(root, "push", "--quiet", "origin", "main")
    git(root, "config", "user.name", "A")
    git(root, "config", "user.email", "a@example.com")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_of_help_work(command: str, tmp_path: Path) -> None:
    root = tmp_path / "ml-platform"
    assert mlgen(tmp_path, "init", "ml-platform").code == 0
    if command != "new":
        assert mlgen(root, "new", "churn", "--example", "churn").code == 0
        assert mlgen(root, "render").code == 0
        under_git(root)
    (root / "crds.yaml").write_text(CRD, "utf-8")
    files = dict.fromkeys(("train.yaml", "manifests/nightly.yaml", "k8s/base/nightly.yaml"), NIGHTLY)
    files["k8s/base/kustomization.yaml"] = "resources: [nightly.yaml]\n"
    files |= {f"k8s/overlays/{name}/kustomization.yaml": "resources: [../../base]\n" for name in ("dev", "prod")}
    for file, text in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, "utf-8")
    for example in examples(command):
        if command == "new":
            example = example.replace("new churn", f"new {'x' * (3 + example.count('--'))}")
        example = example.replace("3d7c...", "3d7c" * 16).replace("https://git.example.com/acme", "..")
        words = shlex.split(re.split(r"[|>]", example)[0])
        done = mlgen(root, *words[1:])
        assert (words[0], done.code) == ("mlgen", 0), done.err


@pytest.mark.parametrize(("arguments", "complaint"), COMPLAINTS.items(), ids=COMPLAINTS)
def test_wrong_arguments_are_one_line_and_2(arguments: str, complaint: str, root: Path) -> None:
    assert mlgen(root, *arguments.split()) == Done(2, "", f"{complaint}\n")


def test_outside_a_repository_one_line_says_so(tmp_path: Path) -> None:
    said = "mlgen: there is no environments/ here or in any folder above: "
    help_ = "`mlgen init` makes a platform repository, and --root names one\n"
    assert mlgen(tmp_path, "validate") == Done(2, "", said + help_)


def test_traceback_shows_more_wherever_it_stands(tmp_path: Path) -> None:
    for arguments in (["--traceback", "validate"], ["validate", "--traceback"]):
        done = mlgen(tmp_path, *arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("Traceback (most recent call last):\n")
        assert "there is no environments/" in done.err.splitlines()[-1]


def test_a_bug_is_one_line_and_asks_for_a_report(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> int:
        raise ValueError("one\ntwo")

    monkeypatch.setattr("mlgen.commands.validate.validate", broken)
    said = "mlgen: ValueError: one two. This is a bug in mlgen: please report it with what `--traceback` prints.\n"
    assert mlgen(root, "validate") == Done(2, "", said)


def test_what_the_system_refuses_is_one_line(root: Path) -> None:
    (root / "file").write_text("")
    assert mlgen(root, "init", "file/below") == Done(2, "", "mlgen: file/below/environments: Not a directory\n")


def test_an_interrupt_is_130_and_says_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("mlgen.commands.validate.validate", interrupted)
    assert mlgen(root, "validate") == Done(130, "", "")


LOADED = """
import sys
sys.argv = ["mlgen", *{arguments}]
from mlgen.__main__ import main
code = main()
print(*sorted(name for name in sys.modules if name.split(".")[0] in {watched}), file=sys.stderr)
sys.exit(code)
"""


def loaded(arguments: list[str], *watched: str) -> set[str]:
    script = LOADED.format(arguments=arguments, watched=watched)
    done = shell(Path(), f"{shlex.quote(sys.executable)} -P -c {shlex.quote(script)}")
    assert done.code == 0, done.err
    return set(done.err.split())


def test_the_version_loads_nothing() -> None:
    assert loaded(["--version"], "mlgen", "typer", "yaml") == {"mlgen", "mlgen.__main__"}


@pytest.mark.parametrize("arguments", [["rule", "unknown-key"], ["rule"], ["schema"], ["--help"]])
def test_what_reads_no_repository_loads_no_engine(arguments: list[str]) -> None:
    found = loaded(arguments, "mlgen", "jinja2", "jsonschema_rs")
    assert "mlgen.cli" in found
    assert not {"mlgen.engine", "mlgen.kubernetes", "jinja2", "jsonschema_rs"} & found


APART = """
import sys
from unittest import mock
from mlgen import process, processors
sys.argv = ["mlgen", *{arguments}]
with mock.patch.object(processors, "count", return_value={count}), mock.patch.object(process, {instead!r}, {by}):
    code = process.run(apart=True)
sys.stdout.flush()
print("typer" in sys.modules, file=sys.stderr)
sys.exit(code)
"""


def run_apart(root: Path, arguments: list[str], count: int = 2, instead: str = "COMPLETION", by: str = "''") -> Done:
    script = APART.format(arguments=arguments, count=count, instead=instead, by=by)
    return shell(root, f"{shlex.quote(sys.executable)} -P -c {shlex.quote(script)}")


@pytest.mark.parametrize(
    "arguments",
    [["validate"], ["check"], ["--traceback", "validate"], ["validate", "--help"], ["nonsense"], ["rule", "x"]],
)
def test_another_process_reads_the_arguments_and_all_is_as_without_it(root: Path, arguments: list[str]) -> None:
    alone, apart = run_apart(root, arguments, count=1), run_apart(root, arguments)
    assert apart == alone._replace(err=alone.err.replace("True\n", "False\n"))


def test_where_that_process_dies_this_one_reads_them(root: Path) -> None:
    done = run_apart(root, ["validate"], instead="_tell", by="lambda _: process.os._exit(9)")
    assert (done.code, done.err) == (0, "2 projects checked, nothing wrong\nTrue\n")


def test_a_reader_who_goes_away_is_no_error(root: Path) -> None:
    script = "for form in text json; do mlgen validate --format $form | true; done; mlgen schema | head -n 1"
    assert shell(root, script) == Done(0, "{\n", "2 projects checked, nothing wrong\n")


def test_a_closed_stream_is_no_error(root: Path) -> None:
    assert shell(root, "mlgen rule >&-; mlgen validate 2>&-") == Done(0, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_2(root: Path) -> None:
    assert shell(root, "mlgen rule >/dev/full") == Done(2, "", "mlgen: No space left on device\n")


def test_the_bytes_do_not_depend_on_the_locale(root: Path) -> None:
    spec = root / "projects" / "hello" / "mlgen.yaml"
    spec.write_text(spec.read_text("utf-8").replace("owner: team", "owner: team\ndescription: [Köln 雪]"), "utf-8")
    plain = shell(root, "mlgen validate --format text")
    assert "Köln 雪" in plain.out
    assert shell(root, "mlgen validate --format text", PYTHONIOENCODING="latin-1", LC_ALL="C") == plain


def test_the_format_can_be_said_once_for_all(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLGEN_FORMAT", "json")
    assert mlgen(root, "validate") == Done(0, '{\n  "schema_version": 1,\n  "problems": []\n}\n', "")


def on_a_terminal(root: Path, *command: str, **variables: str) -> str:
    """What ``command`` prints, both streams together, on a terminal."""
    pty = pytest.importorskip("pty")
    environ = {name: value for name, value in os.environ.items() if name not in console.QUIET_VARIABLES}
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(root)
        os.execve(sys.executable, [sys.executable, "-P", *command], {**environ, "TERM": "xterm", **variables})
    printed = b""
    try:
        while data := os.read(terminal, 4096):
            printed += data
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(terminal)
    os.waitpid(pid, 0)
    return printed.decode().replace("\r\n", "\n")


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_colour_is_for_terminals_whose_user_wants_it(root: Path) -> None:
    (root / "projects" / "hello" / "mlgen.yaml").write_text("")
    plain = mlgen(root, "validate").out
    command = ("-m", "mlgen", "validate")
    coloured = on_a_terminal(root, *command)
    assert coloured.startswith("\x1b[1;31merror[empty-file]\x1b[0m")
    assert re.sub(r"\x1b\[[0-9;]*m|\x1b\[K|\r", "", coloured) == plain
    for variable in ({"NO_COLOR": "1"}, {"CI": "true"}, {"TERM": "dumb"}):
        assert on_a_terminal(root, *command, **variable) == plain


PATIENCELESS = """
import sys
from mlgen import process
from mlgen.commands import console
console.PATIENCE = -1.0
sys.argv = ["mlgen", "validate"]
sys.exit(process.run())
"""


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_long_work_says_on_a_terminal_where_it_is(root: Path) -> None:
    said = "\r\x1b[Kchecking hello (1 of 2)\r\x1b[Kchecking web (2 of 2)\r\x1b[K2 projects checked, nothing wrong\n"
    assert on_a_terminal(root, "-c", PATIENCELESS) == said
    assert on_a_terminal(root, "-c", PATIENCELESS, CI="true") == "2 projects checked, nothing wrong\n"


def completed(root: Path, *words: str) -> list[str]:
    done = shell(
        root,
        "mlgen",
        _MLGEN_COMPLETE="complete_bash",
        COMP_WORDS=f"mlgen {' '.join(words)}",
        COMP_CWORD=str(len(words)),
    )
    assert done.code == 0, done.err
    return done.out.split()


def test_the_shell_completes_what_is_there(root: Path, tmp_path: Path) -> None:
    assert completed(root, "re") == ["render", "release"]
    assert completed(root, "validate", "w") == ["web"]
    assert completed(root, "build", "web", "--env", "''") == ["dev", "prod"]
    assert completed(root / "projects", "new", "x", "--example", "h") == ["hello"]
    assert completed(Path("/"), "check", "--root", str(root), "h") == ["hello"]
    assert completed(Path("/"), "check", "h") == []
    assert completed(root, "rule", "unknown-k") == ["unknown-key"]
    assert completed(root, "explain", "servi") == ["serving"]
    assert completed(root, "schema", "r") == ["releases"]
    assert completed(root, "platform", "s") == ["show"]
    assert completed(root, "platform", "show", "kubeflow-2") == ["kubeflow-26.03"]
    assert completed(root, "diff", "--with-platform", "kubeflow-2") == ["kubeflow-26.03"]


def test_every_shell_gets_its_script(tmp_path: Path) -> None:
    for shell_name in ("bash", "zsh", "fish"):
        done = shell(tmp_path, "mlgen", _MLGEN_COMPLETE=f"source_{shell_name}")
        assert done.code == 0
        assert f"complete_{shell_name}" in done.out
    assert "_mlgen_completion" in shell(tmp_path, "mlgen --show-completion").out


def test_run_returns_what_the_command_returned(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "argv", ["mlgen", "check"])
    assert process.run() == 1
