"""A documentation compared with the configurations of a package."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from experimaestro.tools.documentation import DocumentationAnalyzer

FILES: Final = {
    "documented/__init__.py": "",
    "documented/models.py": """
from experimaestro import Config
class Model(Config): pass
class Large(Model): pass
@Large.value_class()
class LargeValue(Large): pass
class NoConfiguration: pass
""",
    "documented/inner/__init__.py": "from experimaestro import Config, Task\nclass Learn(Task): pass\n",
    "documented/test/broken.py": "import absent_library\n",
    "documented/test/__init__.py": "",
}

Analyze = Callable[..., DocumentationAnalyzer]


@pytest.fixture
def analyze(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Analyze]:
    """Compares pages with a package of three configurations, of which one module cannot be imported."""
    known = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)

    def run(pages: dict[str, str], excluded: tuple[str, ...] = ("documented.test",)) -> DocumentationAnalyzer:
        for name, text in {**FILES, **{f"docs/{name}": text for name, text in pages.items()}}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        analyzer = DocumentationAnalyzer(tmp_path / "docs" / "index.rst", ["documented"], set(excluded))
        analyzer.analyze()
        return analyzer

    yield run
    for name in set(sys.modules) - known:
        del sys.modules[name]


COMPLETE: Final = """
.. autoxpmconfig:: documented.models.Model

.. currentmodule:: documented.models

.. autoxpmconfig:: Large
   :members:

.. py:xpmconfig:: documented.inner.Learn(*, size: int)
"""


def test_a_complete_documentation_is_accepted(analyze: Analyze) -> None:
    analyzer = analyze({"index.rst": COMPLETE})

    assert analyzer.undocumented == []
    analyzer.assert_valid_documentation()


def test_what_no_page_documents_is_told(analyze: Analyze) -> None:
    analyzer = analyze({"index.rst": ".. autoxpmconfig:: documented.models.Model\n"})

    assert analyzer.undocumented == ["documented.inner.Learn", "documented.models.Large"]
    with pytest.raises(AssertionError, match=r"- undocumented: documented\.inner\.Learn"):
        analyzer.assert_no_undocumented()


def test_excluded_modules_and_classes_need_no_documentation(analyze: Analyze) -> None:
    excluded = ("documented.test", "documented.inner", "documented.models.Large")

    assert analyze({"index.rst": ".. autoxpmconfig:: documented.models.Model\n"}, excluded).undocumented == []


@pytest.mark.parametrize(
    "index",
    [
        ".. toctree::\n   :maxdepth: 1\n\n   pages/models\n",
        ".. toctree::\n\n   Models <pages/models>\n   https://example.org\n   self\n",
        ".. toctree::\n   :glob:\n\n   pages/*\n",
        ".. toctree::\n\n   /pages/models.rst\n",
        ".. include:: pages/models.rst\n",
    ],
)
def test_pages_are_found_through_the_main_one(analyze: Analyze, index: str) -> None:
    analyzer = analyze({"index.rst": index, "pages/models.rst": COMPLETE})

    analyzer.assert_valid_documentation()


def test_a_page_that_nothing_leads_to_does_not_count(analyze: Analyze) -> None:
    assert len(analyze({"index.rst": "Title\n", "pages/models.rst": COMPLETE}).undocumented) == 3


@pytest.mark.parametrize("example", [".. code-block:: rst\n\n", "Write::\n\n"])
def test_an_example_documents_nothing(analyze: Analyze, example: str) -> None:
    page = example + "\n".join(f"   {line}" for line in COMPLETE.splitlines()) + "\n\nText.\n"

    assert len(analyze({"index.rst": page}).undocumented) == 3


def test_a_missing_page_is_an_error(analyze: Analyze, tmp_path: Path) -> None:
    analyzer = analyze({"index.rst": f".. toctree::\n\n   absent\n{COMPLETE}"})

    assert analyzer.parsing_errors == [f"{tmp_path}/docs/index.rst:1: no document absent"]
    with pytest.raises(AssertionError, match="no document absent"):
        analyzer.assert_no_undocumented()


def test_a_module_that_cannot_be_imported_is_an_error(analyze: Analyze) -> None:
    [error] = analyze({"index.rst": COMPLETE}, excluded=()).parsing_errors

    assert error == "Module documented.test.broken could not be loaded: No module named 'absent_library'"


def test_an_entry_without_configuration_is_false(analyze: Analyze, tmp_path: Path) -> None:
    page = (
        f".. autoxpmconfig:: documented.models.Modle\n.. autoxpmconfig:: documented.models.NoConfiguration\n{COMPLETE}"
    )

    analyzer = analyze({"index.rst": page})

    assert analyzer.falsely_documented == [
        f"{tmp_path}/docs/index.rst:1: documented.models.Modle is not found",
        f"{tmp_path}/docs/index.rst:2: documented.models.NoConfiguration is no configuration class",
    ]
    analyzer.assert_no_undocumented()
    with pytest.raises(AssertionError, match="Modle is not found"):
        analyzer.assert_valid_documentation()


def test_an_entry_whose_module_fails_is_an_error(analyze: Analyze) -> None:
    analyzer = analyze({"index.rst": f".. autoxpmconfig:: documented.test.broken.Model\n{COMPLETE}"})

    assert "could not be imported: No module named 'absent_library'" in analyzer.parsing_errors[0]


def test_the_report_lists_what_is_wrong(analyze: Analyze, capsys: pytest.CaptureFixture[str]) -> None:
    analyze({"index.rst": ".. autoxpmconfig:: documented.models.Model\n.. autoxpmconfig:: documented.No\n"}).report()

    printed = capsys.readouterr().out
    assert "  - documented.models.Large\n" in printed
    assert "documented.No is not found" in printed
    assert printed.endswith("1 configurations are documented, 2 are not\n")
