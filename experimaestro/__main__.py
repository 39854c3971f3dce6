"""``python -m experimaestro``: the command line."""

from experimaestro.cli import main

main()
