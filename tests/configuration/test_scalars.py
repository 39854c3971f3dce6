from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro.configuration.scalars import Scalar, ScalarError, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-12", -12),
        ("1_000", 1000),
        ("0x1f", 31),
        ("0o17", 15),
        ("0b101", 5),
        ("1e-4", 1e-4),
        ("1E5", 1e5),
        ("-1.5e+3", -1500.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("1_000.5", 1000.5),
        (".inf", math.inf),
        ("-.inf", -math.inf),
        ("None", "None"),
        ("y", "y"),
        ("1:30", "1:30"),
        ("2024-01-02", "2024-01-02"),
        ("1.2.3", "1.2.3"),
        ("1e", "1e"),
        ("e5", "e5"),
        ("1__0", "1__0"),
        ("+", "+"),
        (".", "."),
        ("٣", "٣"),
    ],
)
def test_a_word_means_what_yaml_1_2_says(text: str, value: Scalar) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


def test_a_word_for_no_number_is_one() -> None:
    assert math.isnan(resolve(".nan"))  # type: ignore[arg-type]  # a float, or the test fails


@pytest.mark.parametrize("text", ["yes", "No", "ON", "off", "010", "-007", "00", "9" * 5000])
def test_words_that_would_change_their_meaning_are_refused(text: str) -> None:
    with pytest.raises(ScalarError):
        resolve(text)


@given(st.integers())
def test_integers_keep_their_value(number: int) -> None:
    assert resolve(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_keep_their_value_and_type(number: float) -> None:
    value = resolve(repr(number))
    assert value == number
    assert isinstance(value, float)


@given(st.text())
def test_any_word_is_a_value_or_is_refused(text: str) -> None:
    with contextlib.suppress(ScalarError):
        assert isinstance(resolve(text), bool | int | float | str | None)
