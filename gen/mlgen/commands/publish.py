"""`mlgen publish`: the rendered tree as a commit on a branch, here or elsewhere; nobody's work is lost by it."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mlgen import engine, layout, report
from mlgen.commands import FINE, PROBLEMS, UsageError, console, counted
from mlgen.commands.ground import WorkTree
from mlgen.commands.publishing import REFUSALS, Edition, Landing, body, landing, subject
from mlgen.commands.revision import Source, source
from mlgen.commands.workspace import Workspace
from mlgen.engine import Rendered
from mlgen.masking import without_tokens
from mlgen.platform import BASE, load
from mlgen.problem import MlgenError, errors, in_order
from mlgen.repo import Repository, address, publication
from mlgen.repo.address import Address
from mlgen.repo.publication import Draft, Drafting, Publication, begun
from mlgen.repo.store import Store, checked, opened

LONGEST_MESSAGE = 10_000
REMOTE = "origin"
INSTEAD = "publish finished objects: `--layout hydrated`"


class Wish(NamedTuple):
    """Where and how to publish, as the user said it."""

    repository: str | None
    branch: str | None
    layout: str
    message: str | None
    dry_run: bool
    pull_request: bool
    form: str


class _Target(NamedTuple):
    """Where it goes: ``base`` is what a branch begins with that is not there yet."""

    address: Address
    branch: str
    base: str | None


def publish(root: Path | None, said: Sequence[Any]) -> int:
    """Render, and push what that makes to a branch; ``said`` is a Wish."""
    wish = Wish(*said)
    came = source(root)
    workspace = Workspace(came.root, load(came.files, tuple(came.problems)), [], whole=True, ground=WorkTree(came.root))
    workspace = workspace._replace(projects=sorted(workspace.platform.projects))
    target = _target(came, workspace, wish)
    rendered = engine.render(workspace.platform, console.progress(workspace.projects, "rendering"))
    if wish.layout == "overlays" and workspace.platform.components.every:
        named = next(iter(workspace.platform.components.every))
        raise UsageError(f"overlays with components need {named}, which no branch of overlays has", INSTEAD)
    problems = in_order(rendered.problems)
    if errors(problems):
        return _refuse(workspace, problems, wish.form)
    if wish.form != "json":
        workspace.show(problems, "text", sys.stderr)
    if came.modified:
        more = f" and {len(came.modified) - 1} more" if len(came.modified) > 1 else ""
        console.say(f"{came.modified[0]}{more}: not committed, and published as it is")
    for sentence in _elsewhere(workspace, rendered, target) if not wish.pull_request else ():
        console.say(sentence)
    try:
        return _published(came, workspace, rendered, target, wish)
    except MlgenError as error:
        if not any(problem.rule in REFUSALS for problem in error.problems):
            raise
        return _refuse(workspace, error.problems, wish.form)


def _published(came: Source, workspace: Workspace, rendered: Rendered, target: _Target, wish: Wish) -> int:
    landed: list[Landing] = []
    edition = Edition(
        came,
        layout.folders(rendered, wish.layout),
        wish.layout,
        _message(wish, target.address) or subject(workspace.projects, came.commit),
    )
    with opened(came.repository, target.address) as store:

        def draft(tip: str | None, reference: str) -> Draft:
            landed.append(landing(edition, store, tip, reference, landed[-1] if landed else None))
            return landed[-1].draft

        done = (
            _dry(store, target, draft)
            if wish.dry_run
            else publication.publish(store, target.branch, target.base, draft)
        )
        text = body(edition, store, done.parent, workspace.platform) if wish.pull_request else None
    if wish.form == "json":
        entries = _entries(done, landed[-1], edition, target, text)
        console.product(report.document([*rendered.problems, *landed[-1].warnings], **entries))
    else:
        _tell(done, landed[-1], target, wish, text)
    return FINE


def _dry(store: Store, target: _Target, draft: Drafting) -> Publication:
    tip = store.fetch(f"refs/heads/{target.branch}")
    parent, reference = begun(store, target.branch, target.base, tip)
    return Publication(None, parent, 1, draft(parent, reference).changes)


def _tell(done: Publication, landed: Landing, target: _Target, wish: Wish, text: str | None) -> None:
    """Print what was published, and the text of the pull request for a pipe."""
    console.show(landed.warnings, {}, "text", sys.stderr)
    for note in landed.notes:
        console.say(note)
    where = f"`{target.branch}` of {target.address.shown}"
    what = f"{counted(len(done.changes), 'file')} to {where}"
    tries = f" at the {done.tries}. try" if done.tries > 1 else ""
    if not done.changes:
        line = f"Nothing to publish: {where} has it all"
    elif wish.dry_run:
        signs = {"added": "+", "restored": "+", "changed": "~", "removed": "-"}
        line = "\n".join([*(f"{signs[one.what]} {one.path}" for one in landed.changes), f"Would publish {what}"])
    else:
        line = f"Published {what}: {(done.commit or '')[:10]}{tries}"
    if text is None:
        console.product("".join(f"{report.safe(row)}\n" for row in line.split("\n")))
    else:
        console.say(f"{line}\nThe text of the pull request follows.")
        console.product(text)


def _entries(
    done: Publication, landed: Landing, edition: Edition, target: _Target, text: str | None
) -> dict[str, object]:
    return {
        "commit": done.commit,
        "branch": target.branch,
        "repository": target.address.shown,
        "source": edition.source.commit,
        "modified": edition.source.modified,
        "digest": f"sha256:{edition.digest}",
        "tries": done.tries,
        "changes": [{"file": one.path, "what": one.what} for one in landed.changes if one.path in done.changes],
        **({"body": text} if text is not None else {}),
    }


def _target(came: Source, workspace: Workspace, wish: Wish) -> _Target:
    """Where to publish. Raises UsageError where that is not said, MlgenError where it may not be."""
    where = _address(came.repository, wish.repository)
    planned = {_revision(workspace, name) for name in workspace.environments} - {None}
    named = planned.pop() if len(planned) == 1 else None
    if wish.pull_request:
        base = f"refs/heads/{checked(came.repository, named)}" if named else "HEAD"
        return _Target(where, checked(came.repository, wish.branch or f"mlgen/{came.commit[:10]}"), base)
    branch = wish.branch if wish.branch is not None else named
    if branch is None:
        raise UsageError("it is not said which branch to publish to", "name one with --branch")
    return _Target(where, checked(came.repository, branch), None)


def _address(repository: Repository, named: str | None) -> Address:
    """The address of a remote, or the one that is given; a remote's may be relative to the work tree."""
    configured = repository.configured()
    name = named if named is not None else REMOTE
    for key in (f"remote.{name}.pushurl", f"remote.{name}.url"):
        if found := [value for entry, value in configured if entry == key and value is not None]:
            if len(found) > 1:
                raise UsageError(f"the remote `{name}` has several addresses", "name one with --repository")
            return address.parse(found[0], repository.top)
    if named is None:
        raise UsageError(f"this repository has no remote `{REMOTE}`", "name where to publish to with --repository")
    return address.parse(named, Path.cwd())


def _elsewhere(workspace: Workspace, rendered: Rendered, target: _Target) -> Iterator[str]:
    """Which environments' pointers follow another branch than the one that is published to."""
    for name in sorted({environment for found in rendered.objects.values() for environment in found}):
        followed = _revision(workspace, name)
        if followed not in (None, target.branch):
            yield f"{name} follows `{followed}`: what is published to `{target.branch}` reaches it only from there"


def _revision(workspace: Workspace, environment: str) -> str | None:
    found = workspace.platform.environments[environment].find("gitops", "revision")
    return str(found.value) if found is not None and environment != BASE and found.value is not None else None


def _message(wish: Wish, where: Address) -> str | None:
    """The message that is wanted, without what looks like a secret. Raises UsageError for one that git cannot have."""
    text = wish.message
    if text is None:
        return None
    if not text.strip() or len(text) > LONGEST_MESSAGE or not text.replace("\n", "").replace("\t", "").isprintable():
        raise UsageError("the message is empty, too long, or has characters that are not shown")
    return without_tokens(address.redacted(text.strip(), *where.secrets))


def _refuse(workspace: Workspace, problems: Sequence[Any], form: str) -> int:
    workspace.show(problems, form, sys.stdout if form == "json" else sys.stderr)
    console.say("Nothing was published.")
    return PROBLEMS
