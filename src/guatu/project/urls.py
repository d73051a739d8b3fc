"""The URL table: every page declares itself in `guatu.web.urls`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("guatu.web.urls"))]
