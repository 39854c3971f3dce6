"""Which literals a value may come from: through names, loops, conditions and tables of literals."""
