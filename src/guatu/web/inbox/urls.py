"""The address of the inbox."""

from __future__ import annotations

from django.urls import path

from guatu.web.inbox import views

urlpatterns = [path("inbox/", views.inbox, name="inbox")]
