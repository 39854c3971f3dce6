"""The model, the task that learns it, the step that loads it, and the task that evaluates it."""

import json

import numpy as np
from data import DigitsData
from numpy.typing import NDArray

from experimaestro import Config, DependentMarker, LightweightTask, Meta, Param, Path, PathGenerator, Task, field, tqdm


class Network(Config):
    """A network with one hidden layer, or none: then it is a linear classifier.

    Its parameters say which network it is. What it has learned is an ordinary attribute: `LoadNetwork` sets it.
    """

    hidden: Param[int]
    regularization: Param[float]
    seed: Param[int] = field(default=0, ignore_default=True)

    def __post_init__(self) -> None:
        self.layers: list[NDArray[np.float64]] = []

    def predict(self, images: NDArray[np.float64]) -> NDArray[np.int64]:
        *inner, last = self.layers
        for layer in inner:
            images = np.maximum(images @ layer[:-1] + layer[-1], 0)
        digits: NDArray[np.int64] = np.argmax(images @ last[:-1] + last[-1], axis=1)
        return digits


class LoadNetwork(LightweightTask):
    """Gives a network what it has learned. Runs inside the job that needs the network, before its task."""

    model: Param[Network]
    path: Meta[Path]

    def execute(self) -> None:
        with np.load(self.path) as arrays:
            self.model.layers = [arrays[name] for name in arrays.files]


class Learn(Task):
    model: Param[Network]
    data: Param[DigitsData]
    epochs: Param[int]

    parameters: Meta[Path] = field(default_factory=PathGenerator("model.npz"))

    def task_outputs(self, dep: DependentMarker) -> LoadNetwork:
        return dep(LoadNetwork.C(model=self.model, path=self.parameters))

    def execute(self) -> None:
        from sklearn.neural_network import MLPClassifier

        classifier = MLPClassifier(
            hidden_layer_sizes=[self.model.hidden] if self.model.hidden else [],
            alpha=self.model.regularization,
            random_state=self.model.seed,
        )
        samples = self.data.train()
        for _ in tqdm(range(self.epochs), desc="Epochs"):  # shown while the experiment runs
            classifier.partial_fit(samples.images, samples.labels, classes=np.unique(samples.labels))

        # One array a layer: its weights, and its biases as last row.
        np.savez(self.parameters, *map(np.vstack, zip(classifier.coefs_, classifier.intercepts_, strict=True)))


class Evaluate(Task):
    model: Param[Network]
    data: Param[DigitsData]

    results: Meta[Path] = field(default_factory=PathGenerator("results.json"))

    def execute(self) -> None:
        samples = self.data.test()
        accuracy = float(np.mean(self.model.predict(samples.images) == samples.labels))
        self.results.write_text(json.dumps({"accuracy": accuracy}))
