"""Addresses of the accounts that one keeps."""

from __future__ import annotations

from django.urls import path

from guatu.web.accounts import log_ins, views

urlpatterns = [
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/slips/", views.slips, name="accounts-slips"),
    path("accounts/unlock/", views.unlock, name="accounts-unlock"),
    path("accounts/log-ins/", log_ins.attempts, name="log-ins"),
    path("accounts/factor/", views.factor, name="accounts-factor"),
]
