"""Addresses of workbooks for filling; they hang below a register's list."""

from __future__ import annotations

from django.urls import path

from guatu.web.fill_sheets import views

urlpatterns = [
    path("registers/<slug:key>/fill/", views.upload, name="fill"),
    path("registers/<slug:key>/fill/file/<slug:form>/", views.file, name="fill-file"),
    path("registers/<slug:key>/fill/drop/<uuid:job>/", views.drop, name="fill-drop"),
    path("registers/<slug:key>/fill/<slug:token>/", views.check, name="fill-check"),
]
