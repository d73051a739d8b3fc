"""The language of the command line: GUATU_LANGUAGE (zh-hans or en), before any other module says a word."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from guatu.domain import words

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def speak() -> None:
    """Let pure code speak the language asked for; with Django set up, Django's own translator takes over, and stays.

    What GUATU_LANGUAGE may be is checked by the settings; here an unknown language is the original's.
    """
    if words.installed():
        return
    wanted = os.environ.get("GUATU_LANGUAGE", "")
    said = gettext.translation("django", LOCALE, languages=[wanted], fallback=True)
    words.install(said.gettext, said.ngettext)
