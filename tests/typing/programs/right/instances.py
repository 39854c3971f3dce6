"""Objects without experiment, as in tests and notebooks."""

from pathlib import Path

from experimaestro import Config, DirectoryContext, Meta, ObjectStore, Param, PathGenerator, Task, field


class Vocabulary(Config):
    size: Param[int]

    def __post_init__(self) -> None:
        super().__post_init__()
        self.words = [f"word{index}" for index in range(self.size)]

    def __validate__(self) -> None:
        super().__validate__()
        if self.size < 1:
            raise ValueError("a vocabulary has words")


class Encode(Task):
    vocabulary: Param[Vocabulary]
    path: Meta[Path] = field(default_factory=PathGenerator("encoded.txt"))

    def execute(self) -> None:
        print(" ".join(self.vocabulary.words))


vocabulary = Vocabulary.C(size=3)
print(vocabulary.instance().words[0])

store = ObjectStore()
context = DirectoryContext(Path("out"))
first = Encode.C(vocabulary=vocabulary).instance(context, objects=store)
second = Encode.C(vocabulary=vocabulary).instance(context=context, objects=store, keep=False)
first.execute()
print(first.vocabulary is second.vocabulary, first.xpmconfig.vocabulary.size, first.path.name)
