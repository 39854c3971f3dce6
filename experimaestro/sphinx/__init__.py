"""A Sphinx extension that documents configurations: ``extensions = ["experimaestro.sphinx"]``.

``.. autoxpmconfig:: package.module.Model`` shows what a class says of itself and of its parameters. Configurations and
parameters are found as classes and attributes, also from the documentation of other projects.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

from experimaestro._types import __version__
from experimaestro.core.config import Config
from experimaestro.core.state import Argument
from experimaestro.tools.lookup import NotFoundError, find_configuration

try:
    from docutils import nodes
    from docutils.parsers.rst import directives
    from sphinx import addnodes
    from sphinx.application import Sphinx
    from sphinx.domains.python import PyAttribute, PyClasslike
    from sphinx.util.docutils import SphinxDirective
    from sphinx.util.inspect import object_description, stringify_signature
    from sphinx.util.typing import restify, stringify_annotation
except ImportError as error:
    raise ImportError("documenting configurations needs Sphinx: pip install experimaestro[sphinx]") from error

STATIC: Final = Path(__file__).parent / "static"


class ConfigurationDirective(PyClasslike):
    """``py:xpmconfig``: a configuration, or a task."""

    option_spec: ClassVar[Any] = {**PyClasslike.option_spec, "task": directives.flag}  # Any: its type varies

    def get_signature_prefix(self, sig: str) -> Sequence[nodes.Node]:
        kind = "XPM Task" if "task" in self.options else "XPM Config"
        return [addnodes.desc_sig_keyword("", kind), addnodes.desc_sig_space()]

    def add_target_and_index(self, name_cls: tuple[str, str], sig: str, signode: addnodes.desc_signature) -> None:
        self.objtype = "class"  # so that projects without this extension find it
        super().add_target_and_index(name_cls, sig, signode)
        self.objtype = "xpmconfig"


class ParameterDirective(PyAttribute):
    """``py:xpmparam``: a parameter of a configuration."""

    option_spec: ClassVar[Any] = {  # Any: its type varies
        **PyAttribute.option_spec,
        "constant": directives.flag,
        "generated": directives.flag,
    }

    def handle_signature(self, sig: str, signode: addnodes.desc_signature) -> tuple[str, str]:
        found = super().handle_signature(sig, signode)
        for mark in ("constant", "generated"):
            if mark in self.options:
                signode += nodes.emphasis("", f" [{mark}]", classes=["xpm-mark"])
        return found

    def add_target_and_index(self, name_cls: tuple[str, str], sig: str, signode: addnodes.desc_signature) -> None:
        self.objtype = "attribute"  # as above
        super().add_target_and_index(name_cls, sig, signode)
        self.objtype = "xpmparam"


def _names(text: str | None) -> list[str] | None:
    """The names that an option lists; None when it lists none."""
    return [name.strip() for name in text.split(",")] if text else None


class AutoConfigurationDirective(SphinxDirective):
    """``autoxpmconfig``: a configuration class, with what its source says of it."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[Any] = {  # Any: its type varies
        "members": _names,
        "exclude-members": _names,
        "undoc-members": directives.flag,
        "inherited-members": directives.unchanged,
        "show-inheritance": directives.flag,
        "member-order": directives.unchanged,
        "no-index": directives.flag,
        "noindex": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        module: str | None = self.env.ref_context.get("py:module")
        try:
            declaration = find_configuration(self.arguments[0], module)
        except NotFoundError as error:
            return [self.error_node(f"autoxpmconfig: {error}")]
        self.env.note_dependency(inspect.getsourcefile(declaration) or __file__)
        return self.parse_text_to_nodes("\n".join(self._lines(declaration)))

    def error_node(self, message: str) -> nodes.Node:
        """What stands in the page, and is logged, in place of something wrong."""
        return self.state.document.reporter.error(message, line=self.lineno)  # pyright: ignore[reportUnknownMemberType]  # docutils is partly typed

    def _lines(self, declaration: type[Config]) -> Iterator[str]:
        objecttype = declaration.__getxpmtype__()
        yield f".. py:xpmconfig:: {declaration.__qualname__}{signature(declaration)}"
        yield f"   :module: {declaration.__module__}"
        yield from ["   :task:"] if objecttype.is_task else []
        yield from ["   :no-index:"] if {"no-index", "noindex"} & set(self.options) else []
        yield ""
        content = [*self._text(declaration), "", *self.content, ""]
        for argument in objecttype.arguments.values():
            content.extend(parameter_lines(argument, objecttype.help(argument.name)))
        for name, directive in members(declaration, self.options):
            content.extend([f".. {directive}:: {declaration.__module__}.{declaration.__qualname__}.{name}", ""])
        yield from (f"   {line}".rstrip() for line in content)

    def _text(self, declaration: type[Config]) -> list[str]:
        found = declaration.__getxpmtype__().documentation
        lines = [found.title, "", *found.description.splitlines()]
        name = f"{declaration.__module__}.{declaration.__qualname__}"
        self.env.events.emit("autodoc-process-docstring", "class", name, declaration, dict(self.options), lines)
        bases = ", ".join(restify(base, "smart") for base in declaration.__bases__)
        outputs = submit_type(declaration)
        return [
            *([f"Bases: {bases}", ""] if "show-inheritance" in self.options else []),
            *lines,
            *(["", f"**Submit type**: {restify(outputs, 'smart')}"] if outputs is not None else []),
        ]


def signature(declaration: type[Config]) -> str:
    """The keywords of ``X.C(...)``: constants and generated values cannot be given."""
    arguments = declaration.__getxpmtype__().arguments.values()
    kept = [known for known in arguments if not known.constant and known.generator is None]
    parameters = [
        inspect.Parameter(
            argument.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if argument.required else argument.default,
            annotation=annotation(argument),
        )
        for argument in kept
    ]
    return stringify_signature(inspect.Signature(parameters), unqualified_typehints=True)


def parameter_lines(argument: Argument, text: str | None) -> Iterator[str]:
    """The directive that documents a parameter."""
    yield f".. py:xpmparam:: {argument.name}"
    yield f"   :type: {stringify_annotation(annotation(argument), 'smart')}"
    yield from [f"   :value: {object_description(argument.default)}"] if argument.default is not None else []
    yield from ["   :constant:"] if argument.constant else []
    yield from ["   :generated:"] if argument.generator is not None else []
    yield ""
    yield from (f"   {line}" for line in (text or "").splitlines())
    yield ""


def annotation(argument: Argument) -> Any:  # Any: a type, as it is written
    """The declared type of a parameter."""
    declaration, name = argument.objecttype.originaltype, argument.name
    written = declaration.__annotations__[name]
    alone = type(declaration.__name__, (), {"__annotations__": {name: written}})
    try:
        return typing.get_type_hints(alone, vars(sys.modules[declaration.__module__]))[name]
    except NameError:  # it names something that is defined in a function
        return written


def submit_type(declaration: type[Config]) -> Any:  # Any: a type, as it is written
    """What ``submit()`` returns, when the task says it; None otherwise."""
    outputs = getattr(declaration, "task_outputs", None)
    try:
        return typing.get_type_hints(outputs).get("return") if outputs is not None else None
    except NameError:
        return None


def members(declaration: type[Config], options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:  # Any: of Sphinx
    """The methods and properties to document, with the directive of each: those asked for, and those marked."""
    listed: list[str] | None = options.get("members")
    excluded: list[str] = options.get("exclude-members") or []
    inherits = "inherited-members" in options
    for name in listed or (dir(declaration) if inherits else vars(declaration)):
        value = inspect.getattr_static(declaration, name, None)
        marked = getattr(value, "__xpm_documentation__", False)
        public = "members" in options and not name.startswith("_")
        documented = bool(inspect.getdoc(value)) or "undoc-members" in options or name in (listed or [])
        directive = _directive(value)
        own = name not in excluded and not (inherits and hasattr(Config, name))
        if own and directive and (marked or (public and documented)):
            yield name, directive


def _directive(value: object) -> str | None:
    if isinstance(value, property):
        return "autoproperty"
    return "automethod" if inspect.isfunction(value) or isinstance(value, classmethod | staticmethod) else None


def setup(app: Sphinx) -> dict[str, object]:
    """Registers the directives; called by Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.add_directive_to_domain("py", "xpmconfig", ConfigurationDirective)
    app.add_directive_to_domain("py", "xpmparam", ParameterDirective)
    app.add_directive("autoxpmconfig", AutoConfigurationDirective)
    app.connect("builder-inited", _add_static)
    app.add_css_file("experimaestro.css")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _add_static(app: Sphinx) -> None:
    app.config.html_static_path.append(str(STATIC))
