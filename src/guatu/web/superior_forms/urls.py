"""Addresses of superiors' forms."""

from __future__ import annotations

from django.urls import path

from guatu.web.superior_forms import views

urlpatterns = [
    path("collection/forms/", views.forms, name="superior-forms"),
    path("collection/forms/<uuid:form>/", views.form, name="superior-form"),
    path("collection/forms/<uuid:form>/file/", views.file, name="superior-form-file"),
    path("collection/forms/<uuid:form>/original/", views.original, name="superior-form-original"),
]
