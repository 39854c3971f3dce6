"""What the source of a class says of its parameters."""

from __future__ import annotations

import logging
from typing import Annotated, Final

import pytest

from experimaestro import Config, Param, field, help  # noqa: A004  (the public name)
from experimaestro.core.docstrings import parse_docstring


class Model(Config):
    """A model.

    It has layers.

    Attributes:
        layers: number of layers
        width (int): number of units,
            of each layer
        depth: said again below

    Example:
        Model.C(layers=2)
    """

    layers: Param[int]
    width: Annotated[Param[int], help("said by an annotation")]
    depth: Param[int] = field(default=1)
    """How deep.

    In meters.
    """
    said: Annotated[int, help("said by an annotation")]
    unsaid: Param[int]


class Deep(Model):
    """A deep model.

    :param layers: many
    """

    more: Param[int]
    """More."""


class Bare(Config):
    x: Param[int]


GOOGLE: Final = """Title.

Text.

Args:
    a: the a
      on two lines
    b (int, optional): the b: with a colon

Returns:
    nothing
"""

NUMPY: Final = """Title.

Text.

Parameters
----------
a : int
    the a
    on two lines
b
    the b: with a colon

Returns
-------
nothing
"""

REST: Final = """Title.

Text.

:param a: the a
  on two lines
:param int b: the b: with a colon
:return: nothing
"""


def helps(declaration: type[Config]) -> dict[str, str | None]:
    objecttype = declaration.__getxpmtype__()
    return {name: argument.help for name, argument in objecttype.arguments.items()}


@pytest.mark.parametrize("text", [GOOGLE, NUMPY, REST], ids=["google", "numpy", "rest"])
def test_docstring_documents_parameters(text: str) -> None:
    parsed = parse_docstring(text)

    assert parsed.title == "Title."
    assert parsed.description.startswith("Text.")
    assert parsed.description.endswith("nothing")
    assert parsed.parameters == {"a": "the a\non two lines", "b": "the b: with a colon"}


def test_description_goes_without_parameters() -> None:
    assert Model.__getxpmtype__().title == "A model."
    assert Model.__getxpmtype__().description == "It has layers.\n\nExample:\n    Model.C(layers=2)"


def test_text_after_an_attribute_counts_most() -> None:
    assert helps(Model) == {
        "layers": "number of layers",
        "width": "number of units,\nof each layer",
        "depth": "How deep.\n\nIn meters.",
        "said": "said by an annotation",
        "unsaid": None,
    }


def test_subclass_documents_what_it_inherits() -> None:
    assert Deep.__getxpmtype__().help("layers") == "many"
    assert Deep.__getxpmtype__().help("depth") == "How deep.\n\nIn meters."
    assert helps(Deep)["more"] == "More."
    assert helps(Model)["layers"] == "number of layers"


def test_class_without_docstring_is_named_by_its_identifier() -> None:
    assert Bare.__getxpmtype__().title == str(Bare.__getxpmtype__().identifier)
    assert Bare.__getxpmtype__().description is None


def test_class_without_source_has_no_documentation() -> None:
    typed = type("Typed", (Config,), {"__annotations__": {"x": Param[int]}, "__module__": "typed.at.a.prompt"})

    assert helps(typed) == {"x": None}


def test_documentation_of_an_unknown_parameter_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    class Misspelt(Config):
        """Title.

        :param lyaers: number of layers
        """

        layers: Param[int]

    with caplog.at_level(logging.WARNING, "xpm"):
        assert helps(Misspelt) == {"layers": None}

    assert "'lyaers', which is no parameter; did you mean 'layers'?" in caplog.text


def test_documentation_is_read_when_asked_for() -> None:
    objecttype = Bare.__getxpmtype__()
    vars(objecttype).pop("documentation", None)

    assert objecttype.arguments["x"].name == "x"
    assert "documentation" not in vars(objecttype)
