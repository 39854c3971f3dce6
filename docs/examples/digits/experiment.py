"""A search for the network that best reads handwritten digits.

$ experimaestro run-experiment --workdir ./workspace full.yaml
"""

import json
from collections.abc import Sequence
from itertools import product

from data import PrepareDigits
from learn import Evaluate, Learn, Network

from experimaestro import RunMode, tag, tags
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@configuration
class Digits(ConfigurationBase):
    """What a YAML file sets; a wrong name or type there is an error before anything runs."""

    hidden: list[int]
    regularization: list[float]
    epochs: int = 100
    test_ratio: float = 0.25


def run(helper: ExperimentHelper, cfg: Digits) -> None:
    # `submit` plans a task and returns its output at once; nothing has run yet.
    data = PrepareDigits.C(test_ratio=cfg.test_ratio).submit()

    evaluations: list[Evaluate] = []
    for hidden, regularization in product(cfg.hidden, cfg.regularization):
        # Tags name what varies: they label jobs and results, and do not change identifiers.
        model = Network.C(hidden=tag(hidden), regularization=tag(regularization))
        learned = Learn.C(model=model, data=data, epochs=cfg.epochs).submit()
        evaluations.append(Evaluate.C(model=model, data=data).submit(init_tasks=[learned]))

    helper.xp.wait()
    if helper.xp.run_mode == RunMode.NORMAL:  # there is nothing to show after a dry run
        print_table(evaluations)


def print_table(evaluations: Sequence[Evaluate]) -> None:
    """Prints the accuracies, best first."""
    print("accuracy  hidden  regularization")
    for evaluation in sorted(evaluations, key=accuracy, reverse=True):
        varied = tags(evaluation)
        print(f"{accuracy(evaluation):8.4f}  {varied['hidden']:6}  {varied['regularization']:14}")


def accuracy(evaluation: Evaluate) -> float:
    return float(json.loads(evaluation.results.read_text())["accuracy"])
