"""Called for each configuration class: keeps what it declares, and tells the daemon on what its constructor depends."""

from __future__ import annotations

from mypy import nodes as n
from mypy.plugin import ClassDefContext

from experimaestro_mypy import configurations
from experimaestro_mypy.declarations import Declarations


def declare(context: ClassDefContext) -> None:
    """Keeps what a configuration class declares in its metadata."""
    info, api = context.cls.info, context.api
    if not configurations.is_configuration(info):
        return

    def lookup(name: str) -> n.SymbolTableNode | None:
        return api.lookup_qualified(name, context.cls, suppress_errors=True)

    declarations = Declarations(api.modules[api.cur_mod_id].path, lookup, api.modules)
    configurations.keep(info, declarations.record(context.cls))
    _depend_on_parents(context)


def _depend_on_parents(context: ClassDefContext) -> None:
    """Under the daemon ``X.C`` must be looked at again when the parameters of a parent change.

    mypy's dependencies know that of ``X(...)``, not that of an attribute of the class. Those within a module are left
    out: a module is looked at as a whole, and doing so changes what is generated in its classes, without end.
    """
    info = context.cls.info
    for base in info.mro[1:]:
        if configurations.is_configuration(base) and base.module_name != info.module_name:
            context.api.add_plugin_dependency(f"<{base.fullname}.__init__>", info.fullname)
            context.api.add_plugin_dependency(f"<{base.fullname}[wildcard]>", info.fullname)
