"""What is rendered, and a branch's tip -> the draft of a commit, or why there may be none; a pull request's text."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import cache
from typing import NamedTuple

from mlgen import layout
from mlgen.changes.between import between
from mlgen.changes.markdown import markdown
from mlgen.commands import counted
from mlgen.commands.revision import Source, files
from mlgen.commands.workspace import SPEC
from mlgen.layout import Folders
from mlgen.masking import without_tokens
from mlgen.ownership import Change
from mlgen.platform import Platform, load
from mlgen.problem import MlgenError, Problem, Span, errors
from mlgen.repo import FILES, Entry, Repository
from mlgen.repo.publication import Draft
from mlgen.repo.store import SOURCE, Store

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
    """What an edition does to a tip; ``there`` is all that this depends on."""

    draft: Draft
    changes: tuple[Change, ...]
    warnings: list[Problem]
    notes: list[str]
    there: object


def landing(edition: Edition, store: Store, tip: str | None, reference: str, last: Landing | None) -> Landing:
    """What to change on ``tip``; ``last`` again where only others' files changed since it, which makes races short.

    Raises MlgenError where it would lose what others did there.
    """
    rows = list(store.repository.rows(tip)) if tip is not None else []
    paths = [entry.path for _, entry in rows]
    owned = layout.owned(paths, edition.layout)
    problems = list(layout.blocked(edition.folders, paths))
    gone, notes = _gone(edition, owned)
    folders = {*edition.folders, *gone}
    there = [row for row in rows if _split(row[1].path, folders, edition.layout)], folders, notes, tuple(problems)
    if last is not None and last.there == there:
        return last
    step = layout.step(edition.folders, _present(folders, rows, store, edition.layout))
    problems += step.problems
    if found := errors(problems):
        raise MlgenError(*found)
    if step.changes and tip is not None:
        _refuse_older(edition, store, tip, reference)
    return Landing(Draft(step.changes, edition.message), step.kinds, problems, notes, there)


def subject(projects: list[str], commit: str) -> str:
    """What a commit is called that nobody named."""
    what = ", ".join(projects) if 0 < len(projects) <= FEW else counted(len(projects), "project")
    return f"Publish {what} from {commit[:10]}"


def body(edition: Edition, store: Store, tip: str | None, now: Platform) -> str:
    """What the publication does, object by object, for the pull request: compared with what was published before."""
    before = load(_before(edition, store, tip))
    return without_tokens(markdown(between(before, now, sorted({*before.projects, *now.projects})).differences))


def _gone(edition: Edition, owned: Mapping[str, str]) -> tuple[set[str], list[str]]:
    """The folders that nothing is rendered for any more, of projects that this repository has or had.

    Another platform may publish to the same branch: what this one's history does not know is not its own.
    """
    others = {folder: project for folder, project in owned.items() if folder not in edition.folders}
    if not others:
        return set(), []
    source = edition.source
    paths = (*source.files, *_ever(source.repository, source.commit))
    ours = {path.split("/")[1] for path in paths if path.startswith("projects/")}
    mine = {folder for folder, project in others.items() if project in ours}
    foreign = sorted(others.keys() - mine)
    stay = "this clone is shallow and may not know that they are gone"
    return mine, [f"{', '.join(foreign)} stay: {stay}"] if foreign and source.repository.shallow else []


@cache
def _ever(repository: Repository, commit: str) -> set[str]:
    """The specs that ``commit`` or one before it had."""
    return repository.ever(commit, f"projects/*/{SPEC}")


def _present(
    folders: set[str], rows: list[tuple[str, Entry]], store: Store, form: str
) -> Mapping[str, Mapping[str, bytes]]:
    """What lies in ``folders``; a link or a submodule is there and has nothing that mlgen wrote."""
    mine = [(mode, *split, entry) for mode, entry in rows if (split := _split(entry.path, folders, form))]
    data = store.repository.contents(entry.blob for mode, _, _, entry in mine if mode in FILES)
    found: dict[str, dict[str, bytes]] = {}
    for mode, folder, path, entry in mine:
        found.setdefault(folder, {})[path] = data[entry.blob] if mode in FILES else b""
    return found


def _split(path: str, folders: Container[str], form: str) -> tuple[str, str] | None:
    """Which of ``folders`` ``path`` is in, or points at, and its path from there."""
    pointed = layout.pointed(path, form)
    if pointed is not None:
        return pointed if pointed[0] in folders else None
    parts = path.split("/")
    for end in (2, 3):
        folder = "/".join(parts[:end])
        if len(parts) > end and folder in folders:
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
