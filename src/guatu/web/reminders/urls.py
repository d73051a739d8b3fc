"""Addresses of reminders."""

from __future__ import annotations

from django.urls import path

from guatu.web.reminders import views

urlpatterns = [
    path("account/notices/", views.choice, name="account-notices"),
    path("reminders/", views.reminders, name="reminders"),
]
