"""Mistakes of plans that are known before a job starts: each is an error, which says what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest

from experimaestro import (
    Config,
    DependentMarker,
    DirtyGitAction,
    Identifier,
    LightweightTask,
    Meta,
    Param,
    PathGenerator,
    Prepare,
    RunMode,
    Task,
    TransientMode,
    copyconfig,
    deprecate,
    experiment,
    field,
    param_group,
    partial,
)
from experimaestro.core.config import DeclarationError
from experimaestro.core.configured import PlannedExecutionError, UnknownReadError
from experimaestro.core.contracts import UnusableMethodError
from experimaestro.core.deprecation import DeprecationError
from experimaestro.core.environment import Env
from experimaestro.core.identifier import ConversionError
from experimaestro.core.implementations import ValueClassError
from experimaestro.core.instance import ContextError
from experimaestro.core.kinds import DuplicateIdentifierError
from experimaestro.core.partials import GroupError
from experimaestro.core.submission import NoExperimentError, SubmissionError
from experimaestro.core.tags import TagNameError
from experimaestro.tokens import CounterToken

GROUP = param_group("group")


class Model(Config):
    size: Param[int]


class Files(Config):
    path: Meta[Path]


class Step(LightweightTask):
    size: Param[int]

    def execute(self) -> None: ...


class Learn(Task):
    size: Param[int]
    path: Meta[Path] = field(default_factory=PathGenerator("model.pt"))

    def execute(self) -> None: ...


def look(task: Any, **options: Any) -> Any:  # Any: the tasks and the mistakes below
    return task.submit(run_mode=RunMode.DRY_RUN, **options)


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[experiment]:
    """An experiment that runs nothing, but whose plan must be right."""
    with experiment(tmp_path, "plan", run_mode=RunMode.DRY_RUN, dirty_git=DirtyGitAction.IGNORE) as xp:
        yield xp


# --- Declarations


@pytest.mark.parametrize("option", ["exclude_groups", "include_groups"])
@pytest.mark.parametrize("given", [["group"], "group", GROUP])
def test_partial_takes_a_list_of_groups(option: str, given: object) -> None:
    with pytest.raises(GroupError, match=f"{option}: found .*, expected a list of groups: write {option}=\\["):
        partial(**{option: given})  # type: ignore[arg-type]  # the subject of the test


def test_field_takes_a_list_of_groups() -> None:
    with pytest.raises(GroupError, match=re.escape("write groups=[THE_GROUP]")):
        field(default=1, groups=GROUP)  # type: ignore[call-overload]  # the subject of the test


def test_default_factory_is_a_function() -> None:
    with pytest.raises(TypeError, match=re.escape("is a function, not 3: write field(default=...)")):
        field(default_factory=3)  # type: ignore[call-overload]  # the subject of the test


def test_path_is_not_shared_by_the_partial_of_another_class() -> None:
    class Owner(Task):
        shared = partial(exclude_groups=[GROUP])
        path: Meta[Path] = field(default_factory=PathGenerator("a", partial=shared))

    class Below(Owner):
        log: Meta[Path] = field(default_factory=PathGenerator("b", partial=Owner.shared))

    assert Below.shared is Owner.shared
    with pytest.raises(DeclarationError, match=r"Stranger.path: its path is shared by the partial 'shared' of .*Owner"):

        class Stranger(Task):
            path: Meta[Path] = field(default_factory=PathGenerator("c", partial=Owner.shared))


def test_partial_of_no_class_is_shared_by_several() -> None:
    common = partial(exclude_groups=[GROUP])

    class One(Task):
        path: Meta[Path] = field(default_factory=PathGenerator("a", partial=common))

    class Other(Task):
        path: Meta[Path] = field(default_factory=PathGenerator("a", partial=common))

    assert One.__getxpmtype__().generated
    assert Other.__getxpmtype__().generated


def test_two_paths_are_not_the_same_file() -> None:
    with pytest.raises(DeclarationError, match=r"Twice.last: PathGenerator\('./a'\) is the file of 'best' already"):

        class Twice(Task):
            best: Meta[Path] = field(default_factory=PathGenerator("a"))
            last: Meta[Path] = field(default_factory=PathGenerator("./a"))

    with pytest.raises(DeclarationError, match=r"is the file of 'path' already, declared by .*Learn"):

        class Again(Learn):
            weights: Meta[Path] = field(default_factory=PathGenerator("model.pt"))


def test_two_paths_are_the_same_directory_or_the_same_name_elsewhere() -> None:
    class Places(Task):
        shared = partial(exclude_groups=[GROUP])
        here: Meta[Path] = field(default_factory=PathGenerator())
        there: Meta[Path] = field(default_factory=PathGenerator())
        own: Meta[Path] = field(default_factory=PathGenerator("a"))
        common: Meta[Path] = field(default_factory=PathGenerator("a", partial=shared))

    class Redeclared(Learn):
        path: Meta[Path] = field(default_factory=PathGenerator("model.pt"), overrides=True)

    assert len(Places.__getxpmtype__().generated) == 4
    assert len(Redeclared.__getxpmtype__().generated) == 1


def test_generated_path_is_declared_as_a_path() -> None:
    with pytest.raises(
        DeclarationError, match=r"PathGenerator\('a'\) makes a path, expected str: declare it as a Path"
    ):

        class Text(Task):
            path: Meta[str] = field(default_factory=PathGenerator("a"))  # type: ignore[assignment]  # the subject


def test_generated_path_is_given_by_field() -> None:
    with pytest.raises(DeclarationError, match=re.escape("write it as field(default_factory=PathGenerator('a'))")):

        class Bare(Task):
            path: Meta[Path] = PathGenerator("a")  # type: ignore[assignment]  # the subject of the test


def test_group_that_no_parameter_has_warns_where_it_is_used(caplog: pytest.LogCaptureFixture) -> None:
    class Search(Task):
        shared = partial(exclude_groups=[GROUP])
        path: Meta[Path] = field(default_factory=PathGenerator("a", partial=shared))

        def execute(self) -> None: ...

    assert not caplog.records
    look(Search.C())
    assert "Search: the partial 'shared' leaves out the parameters of group 'group', and there are none" in caplog.text


def test_value_class_is_registered_once() -> None:
    class Index(Config): ...

    @Index.value_class()
    class Memory(Index): ...

    with pytest.raises(ValueClassError, match=r"Index has a value class already, .*Memory: a second one, .*Disk"):

        @Index.value_class()
        class Disk(Index): ...


def test_value_class_is_defined_again() -> None:
    """As a cell of a notebook does."""

    class Index(Config): ...

    def define() -> type[Index]:
        @Index.value_class()
        class Memory(Index): ...

        return Memory

    define()
    again = define()
    assert type(Index.C().instance()) is again


def test_value_class_is_called() -> None:
    class Index(Config): ...

    with pytest.raises(ValueClassError, match=r"write @.*Index.value_class\(\)"):

        @Index.value_class  # type: ignore[arg-type]  # the subject of the test
        class Memory(Index): ...


# --- Former classes


def test_conversion_that_announces_nothing_is_refused() -> None:
    with pytest.raises(DeprecationError, match=r"Old.__convert__ returns None, expected a Model configuration"):

        @deprecate(Model)
        class Old(Config):
            def __convert__(self) -> None: ...


def test_conversion_that_announces_another_class_is_refused() -> None:
    class Other(Config): ...

    def convert(self: Any) -> Any: ...  # Any: the subject of the test

    convert.__annotations__["return"] = Other
    with pytest.raises(DeprecationError, match=r"Old.__convert__ returns .*Other, expected a Model configuration"):

        @deprecate(Model)
        class Old(Config):
            __convert__ = convert


@pytest.mark.parametrize("replace", [True, False])
def test_conversion_that_returns_something_else_is_refused(replace: bool) -> None:
    returned: list[Any] = [None]  # Any: the mistakes of users

    @deprecate(Model, replace=replace)
    class Old(Config):
        def __convert__(self) -> Any:  # Any: as above
            return returned[-1]

    with pytest.raises(ConversionError, match="returned None, expected a configuration of the class that replaces it"):
        Old.C().__identifier__()
    returned.append(Files.C(path=Path("a")))
    with pytest.raises(ConversionError, match=r"returned .*Files configuration .*, expected"):
        Old.C().__identifier__()
    returned.append(Model.C(size=1))
    assert Old.C().__identifier__() == Model.C(size=1).__identifier__()


# --- Methods


class Argument(Task):
    def execute(self, device: str) -> None: ...  # type: ignore[override]  # the subject of the test


class Keyword(Task):
    def execute(self, *, device: str) -> None: ...  # type: ignore[override]  # the subject of the test


class Asynchronous(Task):
    async def execute(self) -> None: ...  # type: ignore[override]  # the subject of the test


class Lazy(Task):
    def execute(self) -> Iterator[int]:  # type: ignore[override]  # the subject of the test
        yield 1


class NoMarker(Task):
    def task_outputs(self) -> int:
        return 1

    def execute(self) -> None: ...


class Download(Prepare):
    def prepare(self, directory: Path) -> None: ...  # type: ignore[override]  # the subject of the test


class Prepared(Task):
    download: Param[Download]

    def execute(self) -> None: ...


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        (Argument, "Argument.execute(self, device): nothing gives it device: write def execute(self) (what it needs"),
        (Keyword, "Keyword.execute(self, device): nothing gives it device"),
        (Asynchronous, "Asynchronous.execute(self): is asynchronous: nothing would run it"),
        (Lazy, "Lazy.execute(self): is a generator (it has `yield`)"),
        (NoMarker, "NoMarker.task_outputs(self): it is given self, dep: write def task_outputs(self, dep)"),
    ],
)
def test_method_that_cannot_be_called_is_told_with_its_place(kind: type[Task], problem: str) -> None:
    place = rf"{re.escape(__file__)}:\d+: "
    with pytest.raises(UnusableMethodError, match=place + re.escape(f"{__name__}.{problem}")):
        look(kind.C())


def test_preparation_that_cannot_be_called_is_told() -> None:
    with pytest.raises(UnusableMethodError, match=r"Download.prepare\(self, directory\): nothing gives it directory"):
        look(Prepared.C(download=Download.C()))


def test_optional_arguments_are_no_mistake() -> None:
    class Flexible(Task):
        def execute(self, device: str = "cpu", *more: int, seed: int = 0, **others: int) -> None: ...

        def task_outputs(self, *arguments: DependentMarker) -> int:
            return len(arguments)

    class Static(Task):
        @staticmethod
        def execute() -> None: ...  # type: ignore[override]  # as Python allows it

    assert look(Flexible.C()) == 1
    assert look(Static.C())


@pytest.mark.usefixtures("planned")
def test_task_without_execute_is_not_run() -> None:
    class Idle(Task): ...

    with pytest.raises(UnusableMethodError, match=r"Idle defines no execute\(self\): its job would have nothing to do"):
        Idle.C().submit()
    assert look(Idle.C())  # which only looks at it


# --- Submission


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("transient", True, "TransientMode.TRANSIENT"),
        ("transient", "remove", "TransientMode.REMOVE"),
        ("max_retries", "3", "a number"),
    ],
)
def test_option_of_another_type_is_refused(option: str, value: object, expected: str) -> None:
    with pytest.raises(SubmissionError, match=f"{option} of .*Learn .*: found {value!r} .*, expected .*{expected}"):
        look(Learn.C(size=1), **{option: value})
    assert look(Learn.C(size=1), transient=TransientMode.TRANSIENT, max_retries=3)


def test_unknown_run_mode_is_refused() -> None:
    with pytest.raises(SubmissionError, match=r"found 'dry' \(str\), expected a RunMode such as RunMode.DRY_RUN"):
        Learn.C(size=1).submit(run_mode="dry")  # type: ignore[call-overload]  # the subject of the test


def test_init_tasks_are_a_list_of_configurations() -> None:
    with pytest.raises(SubmissionError, match=re.escape("expected a list: init_tasks=[...]")):
        look(Learn.C(size=1), init_tasks=Step.C(size=1))
    with pytest.raises(SubmissionError, match=re.escape("a LightweightTask: write Step.C(...)")):
        look(Learn.C(size=1), init_tasks=[Step])


def test_dependency_that_was_not_submitted_is_told() -> None:
    before = Learn.C(size=1)
    task = Learn.C(size=2).add_dependencies(before)
    with pytest.raises(SubmissionError, match=r"depends on .*Learn .*, which was not submitted: call .submit\(\)"):
        look(task)
    look(before)
    assert look(task)


def test_dependency_may_be_submitted_after_it_is_added() -> None:
    before = Learn.C(size=1)
    task = Learn.C(size=2).add_dependencies(before)
    look(before)
    assert look(task)


def test_dependency_is_something_that_a_job_can_wait_for(tmp_path: Path) -> None:
    token = CounterToken("gpu", tmp_path / "gpu", 2)
    task = Learn.C(size=2)
    with pytest.raises(TypeError, match=r"cannot depend on .*CounterToken.*: write token.dependency\(1\)"):
        task.add_dependencies(token)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the mistake
    with pytest.raises(TypeError, match="cannot depend on 'gpu'"):
        task.add_dependencies("gpu")
    assert task.add_dependencies(token.dependency(1), [])


def test_running_task_does_not_submit(tmp_path: Path) -> None:
    with Env.at(taskpath=tmp_path, wspath=tmp_path), pytest.raises(NoExperimentError, match="a running task cannot"):
        Learn.C(size=1).submit()


# --- Outputs


class Produce(Task):
    path: Meta[Path] = field(default_factory=PathGenerator("a"))
    how: Meta[str] = field(default="")

    def task_outputs(self, dep: DependentMarker) -> Any:  # Any: right and wrong outputs
        match self.how:
            case "marked":
                return [dep(Files.C(path=self.path))]
            case "one of two":
                return {"one": dep(Files.C(path=self.path)), "two": Files.C(path=self.path / "b")}
            case "inside":
                return Holder.C(files=dep(Files.C(path=self.path)), note=self.how)
            case "list":
                return dep([Files.C(path=self.path)])  # type: ignore[type-var]  # the subject of the test
            case "elsewhere":
                return Files.C(path=Path("/data"))
            case _:
                return Files.C(path=self.path)

    def execute(self) -> None: ...


class Holder(Config):
    files: Param[Files]
    note: Param[str]


@pytest.mark.parametrize("how", ["", "one of two"])
def test_output_with_a_file_of_the_task_is_marked(how: str) -> None:
    with pytest.raises(
        SubmissionError, match=r"Produce.task_outputs returns .*Files .*is not marked: .*write dep\(Files"
    ):
        look(Produce.C(how=how))


@pytest.mark.parametrize("how", ["marked", "inside"])
def test_output_is_marked_itself_or_by_what_it_holds(how: str, caplog: pytest.LogCaptureFixture) -> None:
    assert look(Produce.C(how=how))
    assert not caplog.records


def test_output_without_file_nor_mark_warns(caplog: pytest.LogCaptureFixture) -> None:
    assert look(Produce.C(how="elsewhere")).path == Path("/data")
    assert "Produce.task_outputs returns a" in caplog.text


def test_marking_a_list_tells_how_to_mark_its_items() -> None:
    with pytest.raises(SubmissionError, match=re.escape("mark each of them, [dep(config) for config in ...]")):
        look(Produce.C(how="list"))


# --- Identifiers


class Adam(Config):
    __xpmid__ = "mistakes.Adam"


class Copied(Config):
    __xpmid__ = "mistakes.ADAM"


class Shared(Config):
    __xpmid__ = Identifier("mistakes.shared")


class OneShared(Shared): ...


class OtherShared(Shared): ...


class Use(Task):
    configs: Param[list[Config]]

    def execute(self) -> None: ...


@pytest.mark.usefixtures("planned")
def test_two_classes_with_the_same_identifier_are_told() -> None:
    Use.C(configs=[Adam.C()]).submit()
    with pytest.raises(DuplicateIdentifierError, match=r"Adam and .*Copied have the same identifier, 'mistakes.adam'"):
        Use.C(configs=[Copied.C()]).submit()


@pytest.mark.usefixtures("planned")
def test_inherited_and_former_identifiers_are_shared() -> None:
    @deprecate
    class Former(Adam): ...

    assert Use.C(configs=[Shared.C(), OneShared.C(), OtherShared.C(), Adam.C(), Former.C()]).submit()


@pytest.mark.usefixtures("planned")
def test_class_defined_again_is_the_same() -> None:
    def define() -> type[Config]:
        class Cell(Config): ...

        return Cell

    assert Use.C(configs=[define().C(), define().C()]).submit()


# --- Configurations


def test_configuration_is_not_executed() -> None:
    with pytest.raises(PlannedExecutionError, match=r"Learn.execute\(\) is called on a configuration .*: .submit\(\)"):
        Learn.C(size=1).execute()
    with pytest.raises(PlannedExecutionError, match=re.escape("submit(init_tasks=[...]) of a task has it run")):
        Step.C(size=1).execute()
    Step.C(size=1).instance().execute()


def test_unknown_attribute_names_the_nearest_parameter() -> None:
    with pytest.raises(UnknownReadError, match=r"Model has no parameter nor attribute 'sise'; did you mean 'size'?"):
        print(Model.C(size=1).sise)  # type: ignore[attr-defined]  # the subject of the test
    with pytest.raises(UnknownReadError, match="only tasks are submitted, and this is no Task"):
        Model.C(size=1).submit()  # type: ignore[attr-defined]  # the subject of the test
    assert not hasattr(Model.C(size=1), "other")


def test_property_tells_what_fails_in_it() -> None:
    class Broken(Config):
        @property
        def half(self) -> int:
            return "text".half  # type: ignore[attr-defined,no-any-return]  # the subject of the test

    with pytest.raises(AttributeError, match="'str' object has no attribute 'half'"):
        print(Broken.C().half)


def test_attributes_that_the_class_computes_are_read() -> None:
    class Open(Config):
        def __getattr__(self, name: str) -> str:
            return name.upper()

    assert Open.C().anything == "ANYTHING"


def test_tag_has_a_name() -> None:
    with pytest.raises(TagNameError, match=re.escape("found 1 (int) as name, expected a text: write tag('seed', 1)")):
        Model.C(size=1).tag(1, "seed")  # type: ignore[arg-type]  # the subject of the test


def test_instance_takes_a_context() -> None:
    with pytest.raises(ContextError, match=r"found .*, expected DirectoryContext\(path\)"):
        Learn.C(size=1).instance(Path("a"))  # type: ignore[arg-type]  # the subject of the test


def test_constant_changed_by_a_copy_warns(caplog: pytest.LogCaptureFixture) -> None:
    from experimaestro import Constant

    class Versioned(Config):
        version: Constant[int] = 1

    assert copyconfig(Versioned.C(), version=2).version == 2
    assert "copyconfig changes 'version', which is a constant of" in caplog.text


def test_composition_in_the_wrong_order_is_told() -> None:
    class Outer(Config):
        model: Param[Model] = field(default=Model.C(size=0))

    with pytest.raises(ValueError, match=r"Outer holds the other one, write it on the left of @"):
        print(Model.C(size=1) @ Outer.C())


T = TypeVar("T")


class Store(Config, Generic[T]):
    item: Param[T]


class OfModels(Config):
    store: Param[Store[Model]]


def test_values_of_a_generic_configuration_are_those_that_are_declared() -> None:
    assert OfModels.C(store=Store.C(item=Model.C(size=1)))
    with pytest.raises(
        ValueError, match=r"at .item: found .*Files configuration .*, expected a configuration of Model"
    ):
        OfModels.C(store=Store.C(item=Files.C(path=Path("a"))))  # type: ignore[arg-type]  # the subject of the test
