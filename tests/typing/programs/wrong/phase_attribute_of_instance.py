"""What `__post_init__` sets exists in instances only."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Vocabulary(Config):
    size: Param[int]

    def __post_init__(self) -> None:
        self.words = [f"word{index}" for index in range(self.size)]


class Encode(Task):
    vocabulary: Param[Vocabulary]

    def execute(self) -> None:
        print(self.vocabulary.words[0])


@configuration
class Encoding(ConfigurationBase):
    size: int = 100


def run(helper: ExperimentHelper, cfg: Encoding) -> None:
    vocabulary = Vocabulary.C(size=cfg.size)
    print("first word", vocabulary.words[0])  # E: xpm-phase
    Encode.C(vocabulary=vocabulary).submit()
