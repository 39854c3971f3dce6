"""Run before the experiment: the plan needs no heavy library."""

import os

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
