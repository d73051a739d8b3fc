"""The address of the wall chart."""

from __future__ import annotations

from django.urls import path

from guatu.web.wall import views

urlpatterns = [path("wall/", views.chart, name="wall")]
