"""How errors that are the user's to mend are told."""

from __future__ import annotations

import click

from experimaestro.configuration.errors import ConfigurationError
from experimaestro.exceptions import HandledException


class ReportedError(click.ClickException):
    """An error of which the message is enough."""

    def __init__(self, error: HandledException | OSError) -> None:
        super().__init__(error_text(error))

    def show(self, file: object = None) -> None:
        click.secho(self.message, fg="red", err=True)


def error_text(error: HandledException | OSError) -> str:
    """``Error: what is wrong``; the mistakes of a configuration are counted."""
    if isinstance(error, OSError):
        return f"Error: {error.filename}: {error.strerror}"
    count = len(error.problems) if isinstance(error, ConfigurationError) else 1
    return f"Error: {count} mistakes in the configuration\n{error}" if count > 1 else f"Error: {error}"
