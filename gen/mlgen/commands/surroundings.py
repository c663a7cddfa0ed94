"""What a user says of the place where manifests are meant to go -> the Setting that they are judged by there."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlgen.commands import UsageError
from mlgen.crd import imported
from mlgen.gathered import Setting
from mlgen.kubernetes.bundle import MINORS
from mlgen.problem import MlgenError, errors

if TYPE_CHECKING:
    from mlgen.platform import Platform  # which takes long, and most manifests lie elsewhere

DEFAULT = MINORS[-3]  # the newest but two: what clusters that are kept current run
ENVIRONMENTS, SCHEMAS = "environments/", "schemas/"
OVERLAY = 3  # overlays/<project>/<environment>


class Surroundings:
    """Where manifests go as a whole, and where each overlay does that mlgen rendered.

    Raises UsageError and MlgenError as ``_setting`` does.
    """

    def __init__(self, root: Path | None, kubernetes: str | None, environment: str | None) -> None:
        self.kubernetes = kubernetes
        self.named = environment is not None
        self.setting = _setting(root, kubernetes, environment)
        self.platforms: dict[Path, Platform | None] = {}

    def of(self, folder: str) -> Setting:
        """The same, but for what is known to exist in the environment that ``folder``, an overlay, is for.

        Which version it runs is known, too; what it asks for, such as pinned images, is `mlgen check`'s to say.
        """
        path = Path(folder).resolve()
        platform = None if self.named or len(path.parts) <= OVERLAY else self._platform(path.parents[OVERLAY - 1])
        offer = platform.environments.get(path.name) if platform is not None else None
        if platform is None or offer is None:
            return self.setting
        from mlgen.existing import named_by, named_in

        besides = {*named_by(offer)}
        for project in platform.projects.values():
            besides.update(named_in(project, offer))
        minor = self.setting.minor if self.kubernetes else str(offer["kubernetes"].scalar)
        return Setting(minor, besides=frozenset(besides), imported=imported(platform.schemas))

    def _platform(self, root: Path) -> "Platform | None":
        """The platform at ``root``, if there is one, read once."""
        if root not in self.platforms:
            self.platforms[root] = _loaded(root) if (root / ENVIRONMENTS).is_dir() else None
        return self.platforms[root]


def _loaded(root: Path) -> "Platform":
    from mlgen import disk
    from mlgen.platform import load

    files, problems = disk.read_inputs(root)
    return load(files, tuple(problems))


def _setting(root: Path | None, kubernetes: str | None, environment: str | None) -> Setting:
    """A version of Kubernetes, an environment of the platform repository, or that with another version; and the
    custom resources that the repository has schemas of, if there is one.

    Raises UsageError where there is none of that name, MlgenError where an environment is wrong itself.
    """
    minor = _minor(kubernetes or DEFAULT)
    if environment is not None:
        found = _offered(root, environment)
        return replace(found, minor=minor) if kubernetes else found
    folders = (root,) if root is not None else (Path.cwd(), *Path.cwd().parents)
    top = next((folder for folder in folders if (folder / "environments").is_dir()), None)
    if root is None and (top is None or not (top / "schemas").is_dir()):
        return Setting(minor)
    from mlgen import disk  # it costs a third of a start-up, and most manifests lie elsewhere
    from mlgen.commands.workspace import find_root

    files, _ = disk.read_inputs(find_root(root or top))
    texts = {file: data.decode(errors="replace") for file, data in files.items() if file.startswith(SCHEMAS)}
    return Setting(minor, imported=imported(texts))


def _offered(root: Path | None, environment: str) -> Setting:
    """What an environment of the platform repository offers, and what its cluster enforces. Raises as above."""
    from mlgen import disk
    from mlgen.commands.workspace import find_root
    from mlgen.existing import named_in
    from mlgen.platform import BASE, load
    from mlgen.policy.documents import offered
    from mlgen.suggest import did_you_mean

    files, problems = disk.read_inputs(find_root(root))
    platform = load(files, tuple(problems))
    known = [name for name in platform.environments if name != BASE]
    if environment not in known:
        if wrong := [one for one in errors(platform.problems) if one.span.file.startswith(ENVIRONMENTS)]:
            raise MlgenError(*wrong)
        raise UsageError(f"there is no environment `{environment}`", did_you_mean(environment, known))
    offer = platform.environments[environment]
    besides = frozenset(one for project in platform.projects.values() for one in named_in(project, offer))
    policies = offered(offer, platform.policies)
    if policies.documents:
        from mlgen.policy.offered import problems as wrong_policies  # CEL, which most platforms do without

        if unfit := errors(list(wrong_policies(offer, platform.policies))):
            raise MlgenError(*unfit)
    return Setting(str(offer["kubernetes"].scalar), offer, besides, imported(platform.schemas), policies)


def _minor(version: str) -> str:
    """A minor version of Kubernetes as it may be written: 1.34, v1.34.2. Raises UsageError for an unknown one."""
    minor = ".".join(version.removeprefix("v").split(".")[:2])
    if minor not in MINORS:
        raise UsageError(f"there are no schemas of Kubernetes {version}", f"those are {MINORS[0]} to {MINORS[-1]}")
    return minor
