"""The data: handwritten digits, 8 by 8 pixels, split into two parts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experimaestro import Config, DependentMarker, Meta, Param, Path, PathGenerator, Task, field


@dataclass(frozen=True)
class Samples:
    """Images, one a row, and the digit that each shows."""

    images: NDArray[np.float64]
    labels: NDArray[np.int64]


class DigitsData(Config):
    """Where the two parts are. Tasks receive this handle: the images themselves stay on disk."""

    path: Meta[Path]

    def train(self) -> Samples:
        return self._part("train")

    def test(self) -> Samples:
        return self._part("test")

    def _part(self, name: str) -> Samples:
        with np.load(self.path) as arrays:
            return Samples(arrays[f"{name}_images"], arrays[f"{name}_labels"])


class PrepareDigits(Task):
    """Takes the digits that scikit-learn ships, and keeps some of them for the test."""

    # Parameters identify the task: another ratio is another task, with another directory.
    test_ratio: Param[float]
    # A default that is ignored can be added to a class that already has results: their identifiers do not change.
    seed: Param[int] = field(default=0, ignore_default=True)

    # A path in the directory of the task. `Meta` is not part of the identity.
    path: Meta[Path] = field(default_factory=PathGenerator("digits.npz"))

    def task_outputs(self, dep: DependentMarker) -> DigitsData:
        """What `submit` returns. `dep` marks it: whoever uses the data waits for this task."""
        return dep(DigitsData.C(path=self.path))

    def execute(self) -> None:
        # Imported here: building the plan does not wait for libraries that only jobs need.
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split

        images, labels = load_digits(return_X_y=True)
        train_images, test_images, train_labels, test_labels = train_test_split(
            images / 16, labels, test_size=self.test_ratio, random_state=self.seed, stratify=labels
        )
        np.savez(
            self.path,
            train_images=train_images,
            train_labels=train_labels,
            test_images=test_images,
            test_labels=test_labels,
        )
