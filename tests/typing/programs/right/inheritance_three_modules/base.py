"""What scorers are."""

from experimaestro import Config, Constant, Param


class Scorer(Config):
    version: Constant[int] = 2
    max_length: Param[int]

    def describe(self) -> str:
        return f"up to {self.max_length} tokens"
