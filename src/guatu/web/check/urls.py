"""Address of the check."""

from __future__ import annotations

from django.urls import path

from guatu.web.check import views

urlpatterns = [path("check/", views.check, name="check")]
