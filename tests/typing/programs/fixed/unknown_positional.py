"""Parameters are given by name."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Tokenizer(Config):
    vocabulary: Param[int]
    lowercase: Param[bool]


class Tokenize(Task):
    tokenizer: Param[Tokenizer]
    corpus: Param[str]

    def execute(self) -> None:
        print(self.tokenizer.vocabulary, self.corpus)


@configuration
class Tokens(ConfigurationBase):
    vocabulary: int = 30000


def run(helper: ExperimentHelper, cfg: Tokens) -> None:
    tokenizer = Tokenizer.C(vocabulary=cfg.vocabulary, lowercase=True)
    Tokenize.C(tokenizer=tokenizer, corpus="wiki").submit()
