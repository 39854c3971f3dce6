"""Tools for the projects that define configurations."""
