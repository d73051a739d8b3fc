"""One's own account: sessions, password, second factor. Two names are those that django-allauth leads to."""

from __future__ import annotations

from django.urls import path

from guatu.web.account import factor_views, views

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/sessions/", views.end_sessions, name="account-sessions"),
    path("account/again/", views.again, name="account_reauthenticate"),
    path("account/factors/", factor_views.factors, name="factors"),
    path("account/factors/app/", factor_views.app, name="factor-app"),
    path("account/factors/key/", factor_views.key, name="factor-key"),
    path("account/factors/codes/", factor_views.codes, name="factor-codes"),
    path("account/factors/drop/", factor_views.drop, name="factor-drop"),
]
