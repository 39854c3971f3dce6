"""A copy doesn't change constants."""

from experimaestro import Config, Constant, Param, Task, copyconfig
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Tokenizer(Config):
    version: Constant[int] = 2
    lowercase: Param[bool]


class Tokenize(Task):
    tokenizer: Param[Tokenizer]

    def execute(self) -> None:
        print(self.tokenizer.version)


@configuration
class Tokenizers(ConfigurationBase):
    lowercase: bool = True


def run(helper: ExperimentHelper, cfg: Tokenizers) -> None:
    tokenizer = Tokenizer.C(lowercase=cfg.lowercase)
    other = copyconfig(tokenizer, version=3)  # E: xpm-copyconfig
    for one in (tokenizer, other):
        Tokenize.C(tokenizer=one).submit()
