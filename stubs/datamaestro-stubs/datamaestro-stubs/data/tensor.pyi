from abc import ABC, abstractmethod
from struct import Struct
from typing import Any

from datamaestro.data import Base, File

class Tensor(Base, ABC):
    @abstractmethod
    def data(self) -> Any: ...  # Any: an array of numpy, which the stubs do not require

class IDX(Tensor, File):
    MAGIC_NUMBER: Struct
    DIM: Struct
    def data(self) -> Any: ...  # Any: an array of numpy
