"""Configurations: their types, values, identifiers, instances and files."""
