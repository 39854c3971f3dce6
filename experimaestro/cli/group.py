"""A group of commands that knows what was meant."""

from __future__ import annotations

import click

from experimaestro.exceptions import did_you_mean


class Group(click.Group):
    """A group that names the nearest command when it has not the one asked for."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            ctx.fail(f"No such command {args[0]!r} (known: {', '.join(known)}){did_you_mean(args[0], known)}")
        return super().resolve_command(ctx, args)
