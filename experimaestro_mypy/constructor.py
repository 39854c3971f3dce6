"""``X.C``: what a plan calls to build a configuration.

mypy derives the constructor of instances from the annotations of the class. That of configurations has its parameters
only, without constants, and none is required at once: a plan may give a value later.
"""

from __future__ import annotations

from mypy import nodes as n
from mypy import types as t
from mypy.expandtype import expand_type_by_instance
from mypy.plugin import AnalyzeTypeContext, AttributeContext
from mypy.typevars import fill_typevars

from experimaestro_mypy import configurations


def configuration_class(context: AttributeContext) -> t.Type:
    """The type of ``X.C``: a class object whose constructor takes the parameters of X."""
    made = _made(t.get_proper_type(context.default_attr_type))
    info = None if made is None else _class_of(made)
    if made is None or info is None or not configurations.is_configuration(info):
        return context.default_attr_type
    built = constructor(info, made, context.api.named_generic_type("builtins.type", []))
    if isinstance(made, t.Instance) and made != _own(info):  # ``X[int].C``
        built = expand_type_by_instance(built, made)
        built.variables = ()
    # A variable of type ``type[X]`` holds a subclass that can be made, even where X itself is abstract.
    built.from_type_type = isinstance(t.get_proper_type(context.type), t.TypeType)
    return built


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


def _made(built: t.ProperType) -> t.Instance | t.TypeVarType | None:
    """What a class object makes: for ``type[Self]`` and the like what the type variable stands for."""
    if isinstance(built, t.TypeType):
        if isinstance(built.item, t.Instance):
            return built.item
        return built.item if isinstance(built.item, t.TypeVarType) else None
    return _own(built.type_object()) if isinstance(built, t.CallableType) and built.is_type_obj() else None


def _own(info: n.TypeInfo) -> t.Instance | None:
    own = fill_typevars(info)
    return own if isinstance(own, t.Instance) else None


def _class_of(made: t.Instance | t.TypeVarType) -> n.TypeInfo | None:
    bound = made if isinstance(made, t.Instance) else t.get_proper_type(made.upper_bound)
    return bound.type if isinstance(bound, t.Instance) else None
