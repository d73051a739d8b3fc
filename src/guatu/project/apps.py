"""Start of the process: what has to stand before the first request or command."""

from __future__ import annotations

from django.apps import AppConfig


class Project(AppConfig):
    """Installs the translator of the domain's sentences."""

    name = "guatu.project"
    label = "project"

    def ready(self) -> None:
        from django.utils.translation import gettext, ngettext

        from guatu.domain import words

        words.install(gettext, ngettext)
