"""Values that identifiers confuse."""

from __future__ import annotations

from experimaestro.core.composites import DictType, SequenceType, TupleType, UnionType
from experimaestro.core.difference import KEY_OF, Change, Difference
from experimaestro.core.document import Json
from experimaestro.core.graph import owned_first
from experimaestro.core.state import ConfigState, Type
from experimaestro.core.values import EnumType, LiteralType, ScalarType


def is_redeclaration(difference: Difference, state: ConfigState) -> bool:
    """Whether a difference with what was recorded earlier only tells that a declaration was changed since.

    An `int` that became a boolean or an enumeration, a class whose name is written in another case: within one plan
    they cannot be mixed up, and the results remain those of the same parameters.
    """
    match difference.change:
        case Change.TYPE:
            return difference.before.lower() == difference.after.lower()
        case Change.VALUE:
            declared = _declared_type(difference, state)
            return are_twins(*difference.values) and declared is not None and not _may_mix(declared)
        case Change.ADDED | Change.REMOVED | Change.TASK | Change.ORIGIN:
            return False


def are_twins(one: Json, other: Json) -> bool:
    """Whether two scalars are equal for Python: 1 and True, an enumeration of numbers or texts and its values."""
    left, right = _plain(one), _plain(other)
    return isinstance(left, int | str) and isinstance(right, int | str) and left == right


def _plain(value: Json) -> Json:
    return value.get("value") if isinstance(value, dict) else value


def _may_mix(declared: Type) -> bool:
    """Whether a scalar of that type can be equal, for Python, to another one, and yet different."""
    match declared:
        case LiteralType():
            return len(set(declared.choices)) < len(declared.choices)
        case UnionType():
            families = [_family(member) for member in declared.concrete]
            return None in families or len(set(families)) < len(families)
        case _:
            return _family(declared) is None


def _family(declared: Type) -> type | None:
    """What the values of a type are for Python: numbers (booleans are some) or texts. None: both, or neither."""
    match declared:
        case ScalarType():
            return int if declared.kind is bool else declared.kind
        case EnumType():
            return next((kind for kind in (int, float, str) if issubclass(declared.enum, kind)), None)
        case _:
            return None


def _declared_type(difference: Difference, root: ConfigState) -> Type | None:
    """The type of the value that differs, as it is declared now."""
    types = {state.xpmtype for state in owned_first(root)}
    owners = [xpmtype for xpmtype in types if xpmtype.identifier.spelling == difference.owner]
    argument = next((owner.arguments.get(difference.parameter) for owner in owners), None)
    declared = None if argument is None else _only(argument.type)
    for step in difference.inside:
        declared = None if declared is None else _part(declared, step)
    return declared


def _part(declared: Type, step: str) -> Type | None:
    """The type of what a container holds: at an index, at a key, or of that key."""
    match declared:
        case SequenceType():
            return _only(declared.item)
        case DictType():
            return _only(declared.key if step.startswith(f"[{KEY_OF}") else declared.value)
        case TupleType():
            return _only(declared.items[int(step[1:-1])])
        case _:
            return None


def _only(declared: Type) -> Type:
    """The type itself, when None is the only other choice."""
    return declared.concrete[0] if isinstance(declared, UnionType) and len(declared.concrete) == 1 else declared
