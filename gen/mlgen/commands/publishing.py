"""What is rendered, and a branch's tip -> the draft of a commit, or why there may be none; a pull request's text."""

from collections.abc import Mapping
from typing import NamedTuple

from mlgen import layout
from mlgen.changes.between import between
from mlgen.changes.markdown import markdown
from mlgen.commands import counted
from mlgen.commands.revision import Source, files
from mlgen.layout import Folders
from mlgen.ownership import Change
from mlgen.platform import Platform, load
from mlgen.problem import MlgenError, Problem, Span, errors
from mlgen.repo import FILES, Entry
from mlgen.repo.publication import Draft
from mlgen.repo.store import SOURCE, Store
from mlgen.secret_text import without_tokens

# What a person has to decide before it can be published: exit code 1, not 2.
REFUSALS = frozenset("hand-edited foreign-file broken-lock older-source unknown-source".split())
FEW = 3
SEARCHED = (100, 10_000)  # commits of a branch among which the last publication of this repository is looked for


class Edition(NamedTuple):
    """What is to be published: folders of files, from where, and how it is named."""

    source: Source
    folders: Folders
    layout: str
    subject: str

    @property
    def digest(self) -> str:
        """By which two renderings are compared."""
        return layout.digest(self.folders)

    @property
    def message(self) -> str:
        """Of the commit: the subject, and trailers that say what was rendered."""
        modified = "Mlgen-Source-Modified: true\n" if self.source.modified else ""
        return f"{self.subject}\n\n{SOURCE}: {self.source.commit}\n{modified}Mlgen-Digest: sha256:{self.digest}\n"


class Landing(NamedTuple):
    """What an edition does to a tip."""

    draft: Draft
    changes: tuple[Change, ...]
    warnings: list[Problem]
    notes: list[str]


def landing(edition: Edition, store: Store, tip: str | None, reference: str) -> Landing:
    """What to change on ``tip``. Raises MlgenError where that would lose what others did there."""
    rows = list(store.repository.rows(tip)) if tip is not None else []
    gone, notes = _gone(edition, [entry.path for _, entry in rows])
    step = layout.step(edition.folders, _present(edition.folders, gone, rows, store))
    problems = [*layout.blocked(edition.folders, [entry.path for _, entry in rows]), *step.problems]
    if found := errors(problems):
        raise MlgenError(*found)
    if step.changes and tip is not None:
        _refuse_older(edition, store, tip, reference)
    return Landing(Draft(step.changes, edition.message), step.kinds, problems, notes)


def subject(projects: list[str], commit: str) -> str:
    """What a commit is called that nobody named."""
    what = ", ".join(projects) if 0 < len(projects) <= FEW else counted(len(projects), "project")
    return f"Publish {what} from {commit[:10]}"


def body(edition: Edition, store: Store, tip: str | None, now: Platform) -> str:
    """What the publication does, object by object, for the pull request: compared with what was published before."""
    before = load(_before(edition, store, tip))
    return without_tokens(markdown(between(before, now, sorted({*before.projects, *now.projects})).differences))


def _gone(edition: Edition, paths: list[str]) -> tuple[set[str], list[str]]:
    """The folders that nothing is rendered for any more, of projects that this repository has or had.

    Another platform may publish to the same branch: what this one's history does not know is not its own.
    """
    mine: set[str] = set()
    foreign: set[str] = set()
    source = edition.source
    now = {path.split("/")[1] for path in source.files if path.startswith("projects/")}
    for folder, project in layout.owned(paths, edition.layout).items():
        if folder in edition.folders:
            continue
        ours = project in now or source.repository.had(source.commit, f"projects/{project}")
        (mine if ours else foreign).add(folder)
    stay = "this clone is shallow and may not know that they are gone"
    return mine, [f"{', '.join(sorted(foreign))} stay: {stay}"] if foreign and source.repository.shallow else []


def _present(
    wanted: Folders, gone: set[str], rows: list[tuple[str, Entry]], store: Store
) -> Mapping[str, Mapping[str, bytes]]:
    """What lies in the folders meant; a link or a submodule is there and has nothing that mlgen wrote."""
    mine = [(mode, *split, entry) for mode, entry in rows if (split := _split(entry.path, wanted, gone))]
    data = store.repository.contents(entry.blob for mode, _, _, entry in mine if mode in FILES)
    found: dict[str, dict[str, bytes]] = {}
    for mode, folder, path, entry in mine:
        found.setdefault(folder, {})[path] = data[entry.blob] if mode in FILES else b""
    return found


def _split(path: str, wanted: Folders, gone: set[str]) -> tuple[str, str] | None:
    """The folder of ours that ``path`` is in, and its path there."""
    parts = path.split("/")
    for end in (2, 3):
        folder = "/".join(parts[:end])
        if len(parts) > end and (folder in wanted or folder in gone):
            return folder, "/".join(parts[end:])
    return None


def _refuse_older(edition: Edition, store: Store, tip: str, reference: str) -> None:
    """Raises MlgenError unless what is published is newer than what the branch has in its folders, by ancestry."""
    repository, commit = edition.source.repository, edition.source.commit
    before = _published(edition, store, tip, reference)
    if before is None:
        return
    if not repository.knows(before):
        message = f"the branch has what {before[:10]} rendered, which this clone does not know"
        hint = "fetch what is newer, and a shallow clone's history: `git fetch --unshallow`, or `fetch-depth: 0`"
        raise MlgenError(_refusal("unknown-source", message, hint))
    if not repository.precedes(before, commit):
        older = repository.precedes(commit, before)
        how = "is newer than" if older else "is not in the history of"
        message = f"the branch has what {before[:10]} rendered, which {how} {commit[:10]}"
        hint = "publish from the newest commit" if older else "merge it first, or publish to another branch"
        raise MlgenError(_refusal("older-source", message, hint))


def _published(edition: Edition, store: Store, tip: str, reference: str) -> str | None:
    """The commit that was rendered last to the folders of ``edition``.

    The tip tells where it is of this repository, because whoever published it asked the same. Behind another's commit
    it is looked for, further back each time.
    """
    newest = store.source(tip)
    if newest is not None and edition.source.repository.knows(newest):
        return newest
    for depth in SEARCHED:
        store.fetch(reference, depth)
        if found := store.sources(tip, sorted(edition.folders)):
            return found[0]
        if not store.repository.shallow:
            break
    return None


def _before(edition: Edition, store: Store, tip: str | None) -> dict[str, bytes]:
    """The sources of what was published last; else those that lie on the branch itself; else nothing."""
    if tip is None:
        return {}
    named = [store.source(tip), *store.sources(tip, sorted(edition.folders))]
    repository = edition.source.repository
    known = next((one for one in named if one is not None and repository.knows(one)), None)
    if known is not None:
        return files(repository, known, edition.source.files)
    return files(store.repository, tip, edition.source.files)


def _refusal(rule: str, message: str, hint: str) -> Problem:
    return Problem(rule, Span("git", 1, 1, 1, 1), message, hint)
