"""The files of experiments, checked against the classes of their configuration."""
