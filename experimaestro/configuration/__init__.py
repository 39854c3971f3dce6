"""From YAML files to one tree of values with positions, and the classes that such a tree is structured into.

`loader.load` reads an experiment's files, `source.experiment_source` says which code it runs, and
`experimaestro.structuring.structure` turns the tree into an object of the user's class, declared with `base`.
"""
