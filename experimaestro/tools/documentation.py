"""Checks that the configurations of a project are documented, for its tests."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click

from experimaestro.tools.lookup import NotFoundError, Unimported, configurations_of, find_configuration, import_all

__all__ = ["DocumentationAnalyzer"]

_DIRECTIVE: Final = re.compile(r"(?P<indent>\s*)\.\.\s+(?P<name>[\w:-]+)::\s*(?P<argument>.*)")
_CONFIGURATION: Final = ("autoxpmconfig", "py:xpmconfig", "xpmconfig")
_MODULE: Final = ("module", "currentmodule", "py:module", "py:currentmodule")
_LITERAL: Final = ("code-block", "code", "sourcecode", "literalinclude", "parsed-literal")
_ENTRY: Final = re.compile(r".*<(?P<target>[^<>]+)>|(?P<plain>\S+)")
_SUFFIXES: Final = (".rst", ".md", ".txt", ".ipynb")


class Entry(NamedTuple):
    """A configuration that the documentation names."""

    name: str
    module: str | None
    """The module that the page is about."""
    origin: str


class Directive(NamedTuple):
    """A directive of a page."""

    name: str
    argument: str
    content: Sequence[str]
    line: int


class DocumentationAnalyzer:
    """Compares the configurations of packages with a Sphinx documentation (reStructuredText).

    After `analyze`, `undocumented` has the configurations that no page documents, `falsely_documented` the entries that
    name no configuration, `parsing_errors` what could not be read or imported.
    """

    def __init__(self, doc_path: Path | str, modules: Collection[str], excluded: Collection[str] = ()) -> None:
        """Describes the documentation.

        :param doc_path: its main page; the others are found through toctree and include.
        :param modules: the packages that are documented.
        :param excluded: the modules and classes that need not be, with what is below them.
        """
        self.doc_path = Path(doc_path)
        self.modules = modules
        self.excluded = excluded
        self.documented: list[str] = []
        self.undocumented: list[str] = []
        self.falsely_documented: list[str] = []
        self.parsing_errors: list[str] = []

    def analyze(self) -> None:
        """Reads the pages, and imports the packages."""
        self.documented, self.falsely_documented, self.parsing_errors = [], [], []
        for entry in self._entries():
            self._resolve(entry)
        known = set(self.documented)
        self.undocumented = sorted(name for name in self._configurations() if name not in known)

    def report(self) -> None:
        """Prints what was found."""
        for title, lines, color in (
            ("Errors", self.parsing_errors, "red"),
            ("Undocumented configurations", self.undocumented, "yellow"),
            ("Documented, and not found", self.falsely_documented, "yellow"),
        ):
            if lines:
                click.secho(f"{title}:", fg=color, bold=True)
                click.echo("".join(f"  - {line}\n" for line in lines), nl=False)
        click.echo(f"{len(set(self.documented))} configurations are documented, {len(self.undocumented)} are not")

    def assert_no_undocumented(self) -> None:
        """Raises AssertionError when a configuration is not documented, or something could not be read."""
        _refuse({"errors": self.parsing_errors, "undocumented": self.undocumented})

    def assert_valid_documentation(self) -> None:
        """As `assert_no_undocumented`, and when an entry names no configuration."""
        _refuse(
            {
                "errors": self.parsing_errors,
                "undocumented": self.undocumented,
                "documented, and not found": self.falsely_documented,
            }
        )

    def _resolve(self, entry: Entry) -> None:
        try:
            found = find_configuration(entry.name, entry.module)
        except NotFoundError as error:
            self.falsely_documented.append(f"{entry.origin}: {error}")
        except Exception as error:  # noqa: BLE001  # the code of the user: it is reported
            self.parsing_errors.append(f"{entry.origin}: {entry.name} could not be imported: {error}")
        else:
            self.documented.append(f"{found.__module__}.{found.__qualname__}")

    def _configurations(self) -> Iterator[str]:
        for package in self.modules:
            for module in import_all(package):
                if isinstance(module, Unimported):
                    if not self._is_excluded(module.name):
                        self.parsing_errors.append(f"Module {module.name} could not be loaded: {module.error}")
                else:
                    names = (f"{known.__module__}.{known.__qualname__}" for known in configurations_of(module))
                    yield from (name for name in names if not self._is_excluded(name))

    def _is_excluded(self, name: str) -> bool:
        return any(name == prefix or name.startswith(f"{prefix}.") for prefix in self.excluded)

    def _entries(self) -> Iterator[Entry]:
        """The configurations named in all pages."""
        pending, seen = [self.doc_path], {self.doc_path.resolve()}
        while pending:
            page = pending.pop()
            try:
                text = page.read_text(encoding="utf-8")
            except OSError as error:
                self.parsing_errors.append(f"{page}: {error.strerror}")
                continue
            module: str | None = None
            for directive in parse_directives(text):
                origin = f"{page}:{directive.line}"
                if directive.name in _MODULE:
                    module = directive.argument
                elif directive.name in _CONFIGURATION:
                    yield Entry(directive.argument.partition("(")[0].strip(), module, origin)
                for found in self._pages(page, directive, origin):
                    if found.resolve() not in seen:
                        seen.add(found.resolve())
                        pending.append(found)

    def _pages(self, page: Path, directive: Directive, origin: str) -> list[Path]:
        """The pages that a directive leads to."""
        targets = [directive.argument] if directive.name == "include" else _toctree(directive)
        found: list[Path] = []
        for target in targets:
            root = self.doc_path.parent if target.startswith("/") else page.parent
            pages = _documents(root, target.lstrip("/"))
            if not pages:
                self.parsing_errors.append(f"{origin}: no document {target}")
            found.extend(page for page in pages if page.suffix in (".rst", ".txt", ".inc"))
        return found


def parse_directives(text: str) -> Iterator[Directive]:
    """The directives of a page; not those shown as examples."""
    lines = text.expandtabs().splitlines()
    number = 0
    while number < len(lines):
        line = lines[number]
        found = _DIRECTIVE.fullmatch(line)
        content = _below(lines, number)
        number += 1
        if found is None:
            number += len(content) if line.rstrip().endswith("::") else 0
            continue
        yield Directive(found["name"], found["argument"].strip(), content, number)
        number += len(content) if found["name"] in _LITERAL else 0


def _below(lines: Sequence[str], number: int) -> Sequence[str]:
    """The lines that follow a line, and are deeper."""
    margin = len(lines[number]) - len(lines[number].lstrip())
    end = number + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > margin):
        end += 1
    return lines[number + 1 : end]


def _toctree(directive: Directive) -> list[str]:
    if directive.name != "toctree":
        return []
    lines = [line.strip() for line in directive.content]
    entries = [_ENTRY.fullmatch(line) for line in lines if line and not line.startswith(":")]
    targets = [entry["target"] or entry["plain"] for entry in entries if entry is not None]
    return [target for target in targets if target != "self" and "://" not in target]


def _documents(root: Path, target: str) -> list[Path]:
    """The files that an entry stands for; it may be a pattern, and go without suffix."""
    if "*" in target:
        return sorted(path for path in root.glob(target) if path.suffix in _SUFFIXES) or sorted(
            path for suffix in _SUFFIXES for path in root.glob(target + suffix)
        )
    candidates = [root / target, *(root / f"{target}{suffix}" for suffix in _SUFFIXES)]
    return [path for path in candidates if path.is_file()][:1]


def _refuse(problems: dict[str, list[str]]) -> None:
    lines = [f"{title}: {problem}" for title, found in problems.items() for problem in found]
    if lines:
        raise AssertionError("the documentation is not complete:\n" + "\n".join(f"- {line}" for line in lines))
