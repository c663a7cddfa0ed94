"""Everything that no schema can say: the checks of projects, of workloads and of built objects, one module a rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from mlgen.checks import (
    bad_address,
    bad_replicas,
    bad_schedule,
    bad_timing,
    crowded_gpus,
    denied_conf,
    empty_project,
    engine_namespace,
    history_data,
    how_many_executors,
    main_class,
    many_writers,
    model_in_scratch,
    mount_collision,
    mpi_queue,
    no_effect,
    no_gang,
    no_spot_nodes,
    nobody_decrypts,
    one_destination,
    one_gpu_resource,
    own_label,
    patch_changes_nothing,
    pod_defaults_elsewhere,
    priority_without_queue,
    refused_collector,
    refused_init_container,
    runtime_decides,
    same_canary,
    same_name,
    scheduler_queue,
    secret_value,
    shared_claim,
    shared_gpu,
    spark_queue,
    step_cycle,
    storage_secret_keys,
    tensorboard_data,
    too_little_memory,
    too_many_gpus,
    too_much_shared_memory,
    too_old_spark,
    unbuildable_text,
    unfit_step,
    unknown_connection,
    unknown_data,
    unknown_gpu,
    unknown_pod_default,
    unknown_priority,
    unknown_proxies,
    unknown_quota,
    unknown_secret,
    unknown_step,
    unlisted_environment,
    unpinned_image,
    unprotected_run,
    unreached_head,
    untagged_image,
    unused,
    unused_release,
    unversioned_model,
    user_in_address,
    variable_collision,
    waits_for_run,
    whole_files_only,
    whole_host,
)
from mlgen.checks.sorts import (
    Check,
    DocumentCheck,
    EnvironmentsCheck,
    ObjectsCheck,
    PipelineCheck,
    ProjectCheck,
    ProjectsCheck,
    ReleasesCheck,
    TogetherCheck,
    WorkloadCheck,
)
from mlgen.manifest import Manifest
from mlgen.node import Node
from mlgen.platform import BASE
from mlgen.problem import Problem, errors
from mlgen.rules.rule import Rule
from mlgen.site import Resolved, Site, Workload
from mlgen.trace import said

PROJECT: tuple[ProjectCheck, ...] = (empty_project, unlisted_environment, unused, secret_value)
ENVIRONMENT: tuple[DocumentCheck, ...] = (secret_value,)
OFFER: tuple[DocumentCheck, ...] = (
    unknown_quota,
    one_gpu_resource,
    priority_without_queue,
    pod_defaults_elsewhere,
    scheduler_queue,
    nobody_decrypts,
    unknown_proxies,
    own_label,
    user_in_address,
)
RELEASES: tuple[ReleasesCheck, ...] = (unused_release,)
WORKLOAD: tuple[WorkloadCheck, ...] = (
    unknown_data,
    unknown_secret,
    unknown_connection,
    unknown_gpu,
    unknown_priority,
    unknown_pod_default,
    no_spot_nodes,
    no_gang,
    too_many_gpus,
    shared_gpu,
    too_much_shared_memory,
    tensorboard_data,
    history_data,
    bad_replicas,
    model_in_scratch,
    same_canary,
    shared_claim,
    how_many_executors,
    too_little_memory,
    main_class,
    mpi_queue,
    spark_queue,
    too_old_spark,
    denied_conf,
    bad_schedule,
    no_effect,
    mount_collision,
    many_writers,
    whole_files_only,
    variable_collision,
    whole_host,
    bad_address,
    refused_collector,
    refused_init_container,
    unprotected_run,
    runtime_decides,
    unreached_head,
)
PIPELINE: tuple[PipelineCheck, ...] = (same_name, unknown_step, unfit_step, step_cycle, bad_timing)
TOGETHER: tuple[TogetherCheck, ...] = (patch_changes_nothing,)
OBJECTS: tuple[ObjectsCheck, ...] = (
    unbuildable_text,
    untagged_image,
    unpinned_image,
    storage_secret_keys,
    unversioned_model,
    engine_namespace,
    waits_for_run,
)

PROJECTS: tuple[ProjectsCheck, ...] = (crowded_gpus,)
ENVIRONMENTS: tuple[EnvironmentsCheck, ...] = (one_destination,)

RULES: tuple[Rule, ...] = tuple(
    check.RULE
    for check in chain[Check](PROJECT, RELEASES, OFFER, WORKLOAD, PIPELINE, TOGETHER, OBJECTS, PROJECTS, ENVIRONMENTS)
)


def of_project(project: Node) -> Iterator[Problem]:
    """What is wrong with a project, whatever the environment."""
    for check in PROJECT:
        yield from check.check(project)


def of_environment(environment: Node) -> Iterator[Problem]:
    """What is wrong with an environment, whatever runs there. What base lacks, the others may add."""
    for check in (*ENVIRONMENT, *(OFFER if said(environment["name"]) != BASE else ())):
        yield from check.check(environment)


def of_environments(environments: Mapping[str, Node]) -> Iterator[Problem]:
    """What is wrong between environments, whatever runs there."""
    for check in ENVIRONMENTS:
        yield from check.check(environments)


def of_releases(project: Node, releases: Node | None) -> Iterator[Problem]:
    """What is wrong with a project's releases, if it has any."""
    if releases is not None:
        for check in RELEASES:
            yield from check.check(project, releases)


def of_workload(workload: Workload) -> Iterator[Problem]:
    """What is wrong with a workload in its environment."""
    for check in WORKLOAD:
        yield from check.check(workload)


def of_pipelines(resolved: Resolved, workloads: Sequence[Workload]) -> tuple[Resolved, list[Problem]]:
    """``resolved`` with those ``workloads`` that passed their checks and the pipelines of such that passed theirs."""
    names = {workload.name for workload in workloads}
    sound, problems = [], []
    for pipeline in resolved.pipelines:
        found = [problem for check in PIPELINE for problem in check.check(pipeline, resolved)]
        problems += found
        if not errors(found) and names.issuperset(map(said, pipeline.started)):
            sound.append(pipeline)
    return replace(resolved, workloads=tuple(workloads), pipelines=tuple(sound)), problems


def of_workloads(workloads: Sequence[Workload]) -> Iterator[Problem]:
    """What is wrong with the workloads of one environment together."""
    for check in TOGETHER:
        yield from check.check(workloads)


def of_objects(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """What is wrong with what was built."""
    for check in OBJECTS:
        yield from check.check(manifests, site)


def of_projects(offer: Node, built: Mapping[str, Sequence[Manifest]]) -> Iterator[Problem]:
    """What is wrong with all that is built for the environment ``offer``."""
    for check in PROJECTS:
        yield from check.check(offer, built)


def concern_others(offer: Node, manifests: Sequence[Manifest]) -> bool:
    """Whether what one project builds in ``offer`` may be part of what is wrong with all that is built there."""
    return any(check.concerns(offer, manifests) for check in PROJECTS)
