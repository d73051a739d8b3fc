"""The language of the house: what is written into history is said in it, whoever acts and whatever they read."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.translation import override


def house_language() -> AbstractContextManager[None]:
    """Sentences made within are in the language of the house."""
    return override(settings.LANGUAGE_CODE)
