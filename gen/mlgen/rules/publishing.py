"""Rules about publishing: what `mlgen publish` refuses, and what may go wrong on the way."""

from mlgen.rules.rule import Rule

RULES = (
    Rule(
        id="older-source",
        title="A branch that has what a newer commit rendered",
        why="Publishing an older commit over a newer one would take back what others changed since, as a build that "
        "is run again does.",
        bad="git checkout v1 && mlgen publish --branch deploy",
        good="git checkout main && mlgen publish --branch deploy",
    ),
    Rule(
        id="unknown-source",
        title="A clone that does not know what was published last",
        why="Whether its commit is newer cannot be told, and publishing an older one would take back changes: a clone "
        "may be shallow, or older than what another build published meanwhile.",
        bad="git clone --depth 1 ...",
        good="git fetch --unshallow",
        source="git-scm.com, git-clone",
    ),
    Rule(
        id="unsafe-address",
        title="A repository that nothing is pushed to",
        why="git runs commands for some addresses and takes others for options; http shows passwords to anybody.",
        bad="mlgen publish --repository 'ext::sh -c ...'",
        good="mlgen publish --repository https://git.example.com/acme/deploy.git",
        source="git-scm.com, git-push, git-remote-ext",
    ),
    Rule(
        id="unsafe-branch",
        title="A name that is no branch's",
        why="git would take it for an option or a pattern, or does not allow it.",
        bad="mlgen publish --branch=--force",
        good="mlgen publish --branch deploy",
        source="git-scm.com, git-check-ref-format",
    ),
    Rule(
        id="remote-unreachable",
        title="A remote that cannot be read or pushed to",
        why="Nothing was published. git never asks for a password here: a credential helper, a key or a token of the "
        "build has to be set up.",
        source="git-scm.com, gitcredentials",
    ),
    Rule(
        id="unknown-outcome",
        title="A connection that broke while the commit was pushed",
        why="The remote may have it or not. Publishing again finds out: what arrived is not published twice.",
    ),
    Rule(
        id="publish-refused",
        title="A remote that refuses the branch",
        why="It is protected, checked out over there, or a hook of the remote wants something else.",
        bad="mlgen publish --branch main",
        good="mlgen publish --pull-request",
        source="git-scm.com, git-receive-pack",
    ),
    Rule(
        id="lost-race",
        title="Others published faster, every time",
        why="The commit is made anew on each new tip, and after twenty tries a person should know.",
    ),
    Rule(
        id="stale-lock",
        title="A lock that a killed git left",
        why="git refuses to change the branch while the lock is there. mlgen cannot know whose it is and lets it be.",
        source="git-scm.com, git-update-ref",
    ),
    Rule(
        id="no-identity",
        title="Nobody to name as the author",
        why="A commit has an author, and what git guesses from the name of the machine says nobody's name.",
        bad="git config --unset user.email",
        good="git config user.email deploy@example.com",
        source="git-scm.com, git-commit-tree",
    ),
    Rule(
        id="not-signed",
        title="A commit that could not be signed",
        why="git is set up to sign, and who verifies signatures must not find one missing: nothing is published then.",
        bad="commit.gpgsign is true and the key is not there",
        good="git config user.signingkey ~/.ssh/id_ed25519.pub",
        source="git-scm.com, git-config",
    ),
    Rule(
        id="no-commit",
        title="A commit that git could not make",
        why="It is made in a temporary folder, which may be full or not writable.",
    ),
)
