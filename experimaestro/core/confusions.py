"""Values that identifiers confuse."""

from __future__ import annotations

from experimaestro.core.difference import Change, Difference
from experimaestro.core.document import Json
from experimaestro.core.graph import owned_first
from experimaestro.core.state import Argument, ConfigState, Type
from experimaestro.core.values import AnyType, DictType, LiteralType, SequenceType, TupleType, UnionType


def is_redeclaration(difference: Difference, state: ConfigState) -> bool:
    """Whether a difference with what was recorded earlier only tells that a declaration was changed since.

    An `int` that became a boolean or an enumeration, a class whose name is written in another case: within one plan
    they cannot be mixed up, and the results remain those of the same parameters.
    """
    match difference.change:
        case Change.TYPE:
            return difference.before.lower() == difference.after.lower()
        case Change.VALUE:
            argument = _argument(difference, state)
            return are_twins(*difference.values) and argument is not None and not may_mix(argument.type)
        case Change.ADDED | Change.REMOVED | Change.TASK | Change.ORIGIN:
            return False


def are_twins(one: Json, other: Json) -> bool:
    """Whether two scalars are equal for Python: 1 and True, an enumeration of numbers or texts and its values."""
    left, right = _plain(one), _plain(other)
    return isinstance(left, int | str) and isinstance(right, int | str) and left == right


def _plain(value: Json) -> Json:
    return value.get("value") if isinstance(value, dict) else value


def may_mix(declared: Type) -> bool:
    """Whether a parameter of that type can have values that are equal for Python, and yet different."""
    match declared:
        case AnyType():
            return True
        case UnionType() if len(declared.concrete) == 1:
            return may_mix(declared.concrete[0])
        case UnionType() | LiteralType():
            return True
        case SequenceType():
            return may_mix(declared.item)
        case TupleType():
            return any(map(may_mix, declared.items))
        case DictType():
            return may_mix(declared.value)
        case _:
            return False


def _argument(difference: Difference, root: ConfigState) -> Argument | None:
    """The parameter in which a difference is, as it is declared now."""
    types = {state.xpmtype for state in owned_first(root)}
    owners = [xpmtype for xpmtype in types if xpmtype.identifier.spelling == difference.owner]
    return next((owner.arguments.get(difference.parameter) for owner in owners), None)
