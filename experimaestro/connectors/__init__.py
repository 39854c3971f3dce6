"""Machines: how to run, watch and kill a process there."""

from experimaestro.connectors.base import Connector, Process, Redirect, RedirectType

__all__ = ["Connector", "Process", "Redirect", "RedirectType"]
