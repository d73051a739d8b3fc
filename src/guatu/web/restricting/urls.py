"""Addresses of the readers of restricted items."""

from __future__ import annotations

from django.urls import path

from guatu.web.restricting import views

urlpatterns = [path("items/<uuid:public_id>/readers/", views.readers, name="readers")]
