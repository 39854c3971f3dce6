from collections.abc import Callable
from typing import TypeVar

_C = TypeVar("_C", bound=type)

def useragreement(*args: str, **kwargs: str) -> Callable[[_C], _C]: ...
