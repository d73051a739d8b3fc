"""Addresses of the sign-off on paper."""

from __future__ import annotations

from django.urls import path

from guatu.web.sign_off import views

urlpatterns = [
    path("items/<uuid:public_id>/sign-off/", views.sign_off, name="sign-off"),
    path("items/<uuid:public_id>/sign-off/sheet.pdf", views.sheet, name="sign-sheet"),
    path("items/<uuid:public_id>/sign-off/restore/", views.restore, name="sign-restore"),
]
