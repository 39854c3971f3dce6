"""Words of messages."""

from __future__ import annotations

from typing import Final

_SPOKEN_WITH_VOWEL: Final = "AEFHILMNORSX"
"""The letters whose names begin with a vowel: ``an MLP``."""

_AS_IN_YOU: Final = ("uni", "use", "usa", "uti")


def a(name: str) -> str:
    """A name with its article: ``a Model``, ``an Encoder``."""
    is_spelt = name[:2].isupper() and len(name) > 1
    has_vowel = name[:1].lower() in tuple("aeiou") and not name.lower().startswith(_AS_IN_YOU)
    return f"{'an' if (name[0] in _SPOKEN_WITH_VOWEL if is_spelt else has_vowel) else 'a'} {name}"
