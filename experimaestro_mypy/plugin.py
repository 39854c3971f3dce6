"""The hooks that mypy calls: each names what to do, and does nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from mypy import nodes as n
from mypy import types as t
from mypy.errors import CompileError
from mypy.options import Options
from mypy.plugin import (
    AnalyzeTypeContext,
    AttributeContext,
    ClassDefContext,
    FunctionContext,
    MethodContext,
    Plugin,
    ReportConfigContext,
)

from experimaestro_mypy import constructor, experiments, names, sentinel
from experimaestro_mypy.declaring import declare
from experimaestro_mypy.files import fields
from experimaestro_mypy.session import SEEN_METHODS, Session
from experimaestro_mypy.settings import Settings, SettingsError, settings_of, settings_or_defaults

_CONFIGURATION_CLASS: Final = (".C", ".XPMConfig")
_CLASSES: Final = tuple(f"{names.CONFIG}{name}" for name in _CONFIGURATION_CLASS)
_METHODS: Final = (*(f".{name}" for name in SEEN_METHODS), f"{names.DEPENDENT_MARKER}.__call__")


class ExperimaestroPlugin(Plugin):
    """Checks plans: the classes of configurations, what builds them, and what is done with them."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.session = Session(options, self._all_modules)
        self._settings: Settings | None = None
        self._near: dict[str, bool] = {}

    def set_modules(self, modules: dict[str, n.MypyFile]) -> None:
        """Called by mypy once it knows which modules there are; wrong settings end the run here, with one sentence."""
        try:
            settings_of(self.options)
        except SettingsError as error:
            raise CompileError([str(error)]) from error
        super().set_modules(modules)

    def report_config_data(self, ctx: ReportConfigContext) -> object:
        """What mypy compares before it takes a module from its cache."""
        if not experiments.is_of_user(ctx.id, ctx.path):
            return None
        if self.session.is_daemon or self._settings is None:  # the daemon lives longer than what it read
            self._settings, self._near = settings_or_defaults(self.options), {}
        settings, near = self._settings, self._near
        identifiers = self.session.identifiers
        identifiers.paths[ctx.id] = ctx.path

        def data() -> object:
            found = {**experiments.data(ctx.id, ctx.path, settings, near), "identifiers": identifiers.digest(ctx.path)}
            return found if any(found.values()) else None

        return self.session.guard.call(data, None)

    def _all_modules(self) -> dict[str, n.MypyFile]:
        return self._modules or {}

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        symbol = self.lookup_fully_qualified(fullname)
        base = None if symbol is None else symbol.node
        if isinstance(base, n.TypeInfo) and not base.has_base(names.CONFIG):
            return self._told(fields.remember) if base.has_base(names.CONFIGURATION_BASE) else None
        return self._told(declare)

    def _told(self, hook: Callable[[ClassDefContext], None]) -> Callable[[ClassDefContext], None]:
        """A hook that does nothing where it fails."""
        return lambda context: self.session.guard.call(lambda: hook(context), None)

    def get_class_decorator_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        hook = fields.decorator_hook(fullname)
        return None if hook is None else self._told(hook)

    def get_class_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], t.Type] | None:
        if not fullname.endswith(_CONFIGURATION_CLASS):
            return None
        return partial(self.session.attribute, constructor.configuration_class)

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], t.Type] | None:
        is_seen = self.session.is_daemon or fullname.startswith(f"{names.PACKAGE}.")
        return self.session.call if is_seen or self._builds(fullname) else None

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], t.Type] | None:
        if fullname == sentinel.METHOD:
            return self.session.end
        return self.session.call if fullname.endswith(_METHODS) or self._builds(fullname) else None

    def _builds(self, fullname: str) -> bool:
        """Whether a call is that of ``X.C``: mypy gives it the name of X."""
        symbol = self.lookup_fully_qualified(fullname) if self.session.is_daemon else None
        return symbol is not None and isinstance(symbol.node, n.TypeInfo) and symbol.node.has_base(names.CONFIG)

    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], t.Type] | None:
        if fullname in _CLASSES:
            return constructor.configuration_annotation
        return self.session.annotation()

    def get_additional_deps(self, file: n.MypyFile) -> list[tuple[int, str, int]]:
        if self.session.is_daemon:
            sentinel.add_to_top_level(file)
        if sentinel.IS_NEEDED:
            sentinel.add(file)
        return []

    def get_additional_indirect_deps(self, file: n.MypyFile) -> set[str]:
        """Called by mypy (2.4 and later) once the types of a module are known."""
        self.session.finish(file)
        return self.session.guard.call(lambda: experiments.dependencies(file), set[str]())
