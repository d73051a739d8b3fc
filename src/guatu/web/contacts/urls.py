"""Addresses of the liaison list."""

from __future__ import annotations

from django.urls import path

from guatu.web.contacts import views

urlpatterns = [
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/file/<slug:form>/", views.contact_file, name="contacts-file"),
    path("contacts/telephone/", views.telephone, name="contacts-telephone"),
]
