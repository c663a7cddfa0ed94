"""A SparkApplication, or one on a schedule -> a workload of kind `spark`."""

from mlgen.imports import container
from mlgen.imports.form import Asked, Form, plainly
from mlgen.imports.naming import Words
from mlgen.imports.source import text, whole
from mlgen.kinds import spark_size
from mlgen.node import Json, Node, Path
from mlgen.quantity import amount

UNITS = {"k": "Ki", "m": "Mi", "g": "Gi", "t": "Ti"}
MEBIBYTE = 1024**2
LONGEST = 12  # no size is written with more


def mebibytes(size: str) -> int | None:
    """A size of Spark's, such as `512m` or `4g`, which are binary, in whole MiB."""
    number = size.lower().removesuffix("b").rstrip("i")
    unit = UNITS.get(number[-1:])
    return (
        int(amount(f"{number[:-1]}{unit}") / MEBIBYTE) if unit and number[:-1].isdigit() and len(number) < 12 else None
    )


def memory(part: Node, *, tenths: int) -> Json:
    """What the pod gets in all, of which Spark's share is left over."""
    heap = mebibytes(text(part, "memory"))
    if heap is None:
        return None
    said = mebibytes(text(part, "memoryOverhead"))
    over = said if said is not None else max(spark_size.LEAST_OVERHEAD, heap * tenths // 10)
    total = heap + over
    return f"{total // 1024}Gi" if total % 1024 == 0 else f"{total}Mi"


def processors(part: Node) -> Json:
    """What the pod asks for, else how many tasks it runs at a time."""
    request = text(part, "coreRequest")
    return container.cores(request) if request else whole(part, "cores")


class Application:
    """The words of an application that stands at ``place`` of its object."""

    def __init__(self, *place: str) -> None:
        self.place: Path = place

    def words(self, asked: Asked) -> Words:
        """Its program, its driver and its executors."""
        spec = asked.body.nearest(self.place)
        main = text(spec, "mainApplicationFile")
        tenths = spark_size.TENTHS_ON_THE_JVM if main.endswith(".jar") else spark_size.TENTHS_BESIDE_IT
        found: Words = {"image": container.image(text(spec, "image"))}
        driver = spec.get("driver")
        if driver is not None:
            said = container.said(driver, asked.name, asked.shared)
            found |= {key: said[key] for key in ("env", "secrets")}
            found["driver"] = self.part(driver, tenths)
        executor = spec.get("executor") or Node({}, spec.span)
        count: Words = {"count": whole(executor, "instances")}
        if spec.find("dynamicAllocation", "enabled") is not None:
            count = {key: whole(spec, "dynamicAllocation", f"{key}Executors") for key in ("min", "max")}
        sized = {**count, **self.part(executor, tenths)}
        found["executors"] = {key: value for key, value in sized.items() if value is not None}
        if text(spec, "restartPolicy", "type") == "Never":
            found["retries"] = 0
        return found | self.settings(spec)

    def part(self, part: Node, tenths: int) -> Words:
        """What a driver or an executor asks for."""
        sized = {"cpu": processors(part), "memory": memory(part, tenths=tenths)}
        return {key: value for key, value in sized.items() if value is not None}

    def settings(self, spec: Node) -> Words:
        """Spark's own settings."""
        conf = spec.get("sparkConf")
        return {"conf": {key: node.plain() for key, node in conf.entries.items()}} if conf is not None else {}

    def form(self, **more: Path) -> Form:
        """The form of its object; ``more`` are places of the object's own, by their words."""
        place = self.place
        return Form(
            kind="spark",
            platform="spark-operator-2.5",
            pods=(),
            says={
                (*place, "mainApplicationFile"): ("main", plainly),
                (*place, "mainClass"): ("mainClass", plainly),
                (*place, "arguments"): ("args", plainly),
                (*place, "sparkVersion"): ("version", plainly),
                (*place, "restartPolicy", "onFailureRetries"): ("retries", plainly),
                **{path: (word, plainly) for word, path in more.items()},
            },
            more=self.words,
        )


FORM = Application("spec").form()
SCHEDULED = Application("spec", "template").form(
    schedule=("spec", "schedule"),
    timeZone=("spec", "timeZone"),
    concurrency=("spec", "concurrencyPolicy"),
)
