"""The pages."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    """Views, templates and static files."""

    name = "guatu.web"
    label = "web"
