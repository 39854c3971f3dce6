"""The mypy plugin: ``plugins = ["experimaestro.mypy"]`` in the configuration of mypy.

``python -m experimaestro.mypy`` runs mypy with it.
"""

import sys

from experimaestro_mypy import plugin as plugin
from experimaestro_mypy.version import module_attribute as __getattr__  # noqa: F401  # mypy asks for `__version__`

if __name__ == "__main__":
    from experimaestro_mypy.command import main  # late: for mypy this is the plugin

    sys.exit(main(sys.argv[1:]))
