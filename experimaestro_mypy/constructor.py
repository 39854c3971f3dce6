"""``X.C``: what a plan calls to build a configuration.

mypy derives the constructor of instances from the annotations of the class. That of configurations has its parameters
only, without constants, and none is required at once: a plan may give a value later.
"""

from __future__ import annotations

from mypy import nodes as n
from mypy import types as t
from mypy.plugin import AnalyzeTypeContext, AttributeContext
from mypy.typevars import fill_typevars

from experimaestro_mypy import configurations


def configuration_class(context: AttributeContext) -> t.Type:
    """The type of ``X.C``: a class object whose constructor takes the parameters of X."""
    info = _class_of(t.get_proper_type(context.default_attr_type))
    if info is None or not configurations.is_configuration(info):
        return context.default_attr_type
    own = fill_typevars(info)
    return constructor(info, own, context.api.named_generic_type("builtins.type", []))


def constructor(info: n.TypeInfo, made: t.Type, fallback: t.Instance) -> t.CallableType:
    """The class object of the configurations of a class."""
    accepted = [d for d in configurations.parameters(info).values() if d.parameter.is_settable]
    unknown = 1 if info.fallback_to_any else 0  # a base that mypy can't see may declare parameters
    anything = t.AnyType(t.TypeOfAny.special_form)
    return t.CallableType(
        arg_types=[*(configurations.type_of(info, declared) for declared in accepted), *[anything] * unknown],
        arg_kinds=[n.ARG_NAMED_OPT] * len(accepted) + [n.ARG_STAR2] * unknown,
        arg_names=[*(declared.parameter.name for declared in accepted), *[None] * unknown],
        ret_type=made,
        fallback=info.metaclass_type or fallback,
        name=info.name,
        definition=info,
        variables=info.defn.type_vars,
    )


def configuration_annotation(context: AnalyzeTypeContext) -> t.Type:
    """``X.C`` in an annotation: what X means."""
    name, _, _ = context.type.name.rpartition(".")
    return context.api.analyze_type(
        t.UnboundType(name, context.type.args, line=context.type.line, column=context.type.column)
    )


def _class_of(made: t.ProperType) -> n.TypeInfo | None:
    if isinstance(made, t.TypeType) and isinstance(made.item, t.Instance):
        return made.item.type
    if isinstance(made, t.CallableType) and made.is_type_obj():
        return made.type_object()
    return None
