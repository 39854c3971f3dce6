"""What all data sets have."""

from experimaestro import Config, Param


class Dataset(Config):
    name: Param[str]
    split: Param[str]
