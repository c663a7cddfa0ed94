"""`mlgen check --since`: never less than `mlgen check` finds new since then, and nothing that it does not find.

The law is checked on real repositories, change by change; first those in which one project makes trouble for another.
"""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st
from tests.commands.diff_test import committed, git
from tests.platforms import Changed, changes_of_a_project, changes_of_an_environment, files
from tests.terminal import HEAD, Done, mlgen, repository

SHARED = HEAD.format("Environment", "dev") + "cluster: one\nnamespace: {existing: shared}\n"
GPUS = (
    HEAD.format("Environment", "prod")
    + """\
cluster: one
gpus: {a100: {resource: nvidia.com/gpu, total: 6}}
ignore: {untagged-image: the registry allows one image a name}
"""
)


def project(name: str, *, workload: str = "main", gpus: int = 0, image: str = "ghcr.io/acme/x:1.0") -> str:
    asked = f"    resources: {{gpu: {{a100: {gpus}}}}}\n" if gpus else ""
    where = "{prod: {}}" if gpus or ":" not in image else "{dev: {}}"
    head = HEAD.format("Project", name)
    body = f"  {workload}:\n    kind: job\n    image: {image}\n{asked}"
    return f"{head}owner: team\nworkloads:\n{body}environments: {where}\n"


PLATFORM = {
    "environments/base.yaml": HEAD.format("Environment", "base"),
    "environments/dev.yaml": SHARED,
    "environments/prod.yaml": GPUS,
    "projects/a/mlgen.yaml": project("a", workload="b-x"),
    "projects/a-b/mlgen.yaml": project("a-b", workload="c"),
    "projects/few/mlgen.yaml": project("few", gpus=2),
    "projects/many/mlgen.yaml": project("many", gpus=4),
    "projects/web/mlgen.yaml": project("web", image="ghcr.io/acme/x"),
    "README.md": "# Ours\n",
}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All is rendered, committed and without a fault."""
    root = repository(tmp_path_factory.mktemp("origin"), PLATFORM)
    assert mlgen(root, "render").code == 0
    assert mlgen(root, "check", "--strict") == Done(0, "", "5 projects up to date\n")
    git(root, "init", "--quiet", "--initial-branch", "main")
    committed(root)
    return root


@pytest.fixture
def root(origin: Path, tmp_path: Path) -> Path:
    shutil.copytree(origin, tmp_path / "platform")
    return tmp_path / "platform"


def found(root: Path, *arguments: str) -> set[str]:
    """Every problem that `mlgen check` has, whole."""
    done = mlgen(root, "check", "--format", "json", *arguments)
    assert done.code in (0, 1), done.err
    problems = json.loads(done.out)["problems"]
    texts = {json.dumps(problem, sort_keys=True) for problem in problems}
    assert len(texts) == len(problems), "none is told twice"
    return texts


def written(root: Path, text: str, path: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


def gone(root: Path, path: str) -> None:
    shutil.rmtree(root / path) if (root / path).is_dir() else (root / path).unlink()


# What is changed, the rules that are broken by it, and how many projects are looked at.
CHANGES: list[tuple[str, Callable[[Path], None], set[str], int]] = [
    ("nothing", lambda _root: None, set(), 0),
    ("a readme", lambda root: written(root, "# Theirs\n", "README.md"), set(), 0),
    ("a dockerfile", lambda root: written(root, "FROM x\n", "projects/web/Dockerfile"), set(), 1),
    ("a comment", lambda root: written(root, f"# x\n{project('few', gpus=2)}", "projects/few/mlgen.yaml"), set(), 1),
    ("a fault", lambda root: written(root, "name: web\n", "projects/web/mlgen.yaml"), {"missing-key"}, 0),
    (
        "more GPUs, in sum",
        lambda root: written(root, project("few", gpus=3), "projects/few/mlgen.yaml"),
        {"crowded-gpus", "stale-overlay"},
        1,
    ),
    (
        "a name that another project has",
        lambda root: written(root, project("a", workload="b-c"), "projects/a/mlgen.yaml"),
        {"cluster-collision"},
        1,
    ),
    (
        "the one use of an environment's ignore",
        lambda root: written(root, project("web", image="ghcr.io/acme/x:2.0"), "projects/web/mlgen.yaml"),
        {"unused-ignore", "stale-overlay"},
        1,
    ),
    ("a project that goes", lambda root: gone(root, "projects/a"), {"stale-overlay"}, 0),
    ("an overlay that goes", lambda root: gone(root, "overlays/a"), {"stale-overlay"}, 1),
    ("a new project", lambda root: written(root, project("new"), "projects/new/mlgen.yaml"), {"stale-overlay"}, 1),
    ("a name", lambda root: written(root, project("new"), "projects/new/mlgen.yml"), {"wrong-file-name"}, 0),
    (
        "an edit by hand",
        lambda root: written(root, "x: 1\n", "overlays/a/dev/kustomization.yaml"),
        {"hand-edited"},
        1,
    ),
    ("a foreign file", lambda root: written(root, "x: 1\n", "overlays/a/dev/x.yaml"), {"foreign-file"}, 1),
    ("a lock", lambda root: gone(root, "overlays/a/dev/mlgen.lock"), {"stale-overlay"}, 1),
    ("an environment", lambda root: written(root, f"{SHARED}kubernetes: '1.36'\n", "environments/dev.yaml"), set(), 5),
    ("an environment that goes", lambda root: gone(root, "environments/dev.yaml"), {"unknown-environment"}, 5),
    ("a policy", lambda root: written(root, "kind: X\n", "policies/deep/x.yaml"), set(), 5),
    ("a pin of mlgen", lambda root: written(root, "mlgen==9\n", "requirements.txt"), set(), 5),
]


HOW = [(how, row) for how in ("lying there", "staged", "committed") for row in CHANGES[how != "lying there" :: 3]]
HOW += [("lying there", row) for number, row in enumerate(CHANGES) if number % 3]


@pytest.mark.parametrize(
    ("how", "change", "rules", "count"),
    [(how, *row[1:]) for how, row in HOW],
    ids=[f"{row[0]}, {how}" for how, row in HOW],
)
def test_what_a_change_does_is_found(
    root: Path, how: str, change: Callable[[Path], None], rules: set[str], count: int
) -> None:
    change(root)
    staged = ("--staged",) if how == "staged" else ()
    revision = "HEAD"
    if how != "lying there":
        git(root, "add", "--all")
    if how == "committed":
        committed(root)
        revision = "HEAD~"
    whole, part = found(root, *staged), found(root, "--since", revision, *staged)
    assert part == whole, "at the base nothing was wrong: all that is wrong is new"
    assert {json.loads(one)["rule"] for one in part} >= rules
    assert bool(part) == bool(rules)
    if not rules:
        said = f"{count} project{'s' * (count != 1)} of 5, which a change since {revision} can touch, up to date\n"
        assert mlgen(root, "check", "--since", revision, *staged) == Done(0, "", said)
    faults = mlgen(root, "validate", "--format", "json", *staged)
    assert mlgen(root, "validate", "--format", "json", "--since", revision, *staged) == faults


@pytest.mark.parametrize("changes", [changes_of_an_environment, changes_of_a_project])
def test_whatever_changes_nothing_new_is_missed(
    changes: Callable[[], st.SearchStrategy[Changed]], tmp_path: Path
) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=8, phases=[Phase.generate])
    @given(changes())
    def one(change: Changed) -> None:
        root = tmp_path / f"{sum(seen.values())}"
        texts = {path: data.decode() for path, data in files(change.before).items()}
        repository(root, texts)
        if mlgen(root, "render").code != 0:
            shutil.rmtree(root)
            reject()
        git(root, "init", "--quiet", "--initial-branch", "main")
        committed(root)
        before = found(root)
        after = {path: data.decode() for path, data in files(change.after).items()}
        for path in texts.keys() - after.keys():
            (root / path).unlink()
        repository(root, after)
        whole, part = found(root), found(root, "--since", "main")
        assert whole - before <= part <= whole
        seen["something" if whole - before else "nothing"] += 1

    one()
    assert seen["something"] >= 2, seen


def test_projects_that_others_change_are_left_alone(root: Path) -> None:
    """A branch is compared with where it began, not with where main is now."""
    git(root, "checkout", "--quiet", "-b", "mine")
    written(root, project("a", workload="other"), "projects/a/mlgen.yaml")
    committed(root)
    git(root, "checkout", "--quiet", "main")
    gone(root, "environments/dev.yaml")
    committed(root)
    git(root, "checkout", "--quiet", "mine")
    assert "1 of 5" not in mlgen(root, "check", "--since", "main").err
    assert {json.loads(one)["rule"] for one in found(root, "--since", "main")} == {"stale-overlay"}
    assert mlgen(root, "render", "a").code == 0
    done = mlgen(root, "check", "--since", "main")
    assert done == Done(0, "", "1 project of 5, which a change since main can touch, up to date\n")


def test_with_projects_named_it_is_those_of_them(root: Path) -> None:
    written(root, project("a", workload="other"), "projects/a/mlgen.yaml")
    assert mlgen(root, "check", "web", "--since", "main").code == 0
    assert mlgen(root, "check", "web", "a", "--since", "main").code == 1


def test_where_the_history_is_cut_off_it_says_what_to_do(root: Path, tmp_path: Path) -> None:
    git(root, "checkout", "--quiet", "-b", "side")
    written(root, "x", "notes.txt")
    committed(root)
    git(root, "checkout", "--quiet", "main")
    written(root, "y", "notes.txt")
    committed(root)
    git(tmp_path, "clone", "--quiet", "--depth", "1", "--no-single-branch", f"file://{root}", "shallow")
    shallow = tmp_path / "shallow"
    whole = "`git fetch --unshallow`, or `fetch-depth: 0` where a build machine checks out"
    cut = "mlgen: this clone's history is cut off before HEAD and `origin/side` meet: get the whole history: "
    assert mlgen(shallow, "check", "--since", "origin/side") == Done(2, "", f"{cut}{whole}\n")
    none = "mlgen: there is no revision `HEAD~3` here: get the whole history: "
    assert mlgen(shallow, "check", "--since", "HEAD~3") == Done(2, "", f"{none}{whole}\n")
    git(shallow, "fetch", "--quiet", "--unshallow")
    assert mlgen(shallow, "check", "--since", "origin/side").code == 0


@pytest.mark.parametrize("revision", ["nope", "--help", "HEAD:README.md", "a\nb", "$(id)", ""])
def test_what_is_no_revision(root: Path, revision: str) -> None:
    done = mlgen(root, "check", f"--since={revision}")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "fetch it, or name another one (on a build machine: `fetch-depth: 0`)" in done.err


def test_outside_of_git_nothing_tells_what_changed(tmp_path: Path) -> None:
    root = repository(tmp_path / "apart", PLATFORM)
    done = mlgen(root, "validate", "--since", "main")
    assert done == Done(2, "", f"mlgen: {root} is in no git repository, so nothing tells what changed since `main`\n")
