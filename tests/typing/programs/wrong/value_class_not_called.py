"""Parentheses are missing."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Tokenizer(Config):
    vocabulary: Param[int]


@Tokenizer.value_class
class FastTokenizer(Tokenizer):  # E: xpm-value-class
    def tokenize(self, text: str) -> list[str]:
        return text.split()[: self.vocabulary]


class Tokenize(Task):
    tokenizer: Param[Tokenizer]

    def execute(self) -> None:
        print(self.tokenizer.vocabulary)


@configuration
class Tokenization(ConfigurationBase):
    vocabulary: int = 100


def run(helper: ExperimentHelper, cfg: Tokenization) -> None:
    Tokenize.C(tokenizer=Tokenizer.C(vocabulary=cfg.vocabulary)).submit()
