"""Addresses of evidence and of the dossier."""

from __future__ import annotations

from django.urls import path

from guatu.web.evidence import views

urlpatterns = [
    path("items/<uuid:public_id>/evidence/<int:pk>/view/", views.look, name="evidence-view"),
    path(
        "items/<uuid:public_id>/evidence/<int:pk>/pages/<int:page>/", views.page_picture, name="evidence-page"
    ),
    path("items/<uuid:public_id>/evidence/<int:pk>/withdraw/", views.withdraw, name="evidence-withdraw"),
    path("items/<uuid:public_id>/dossier/", views.dossier, name="dossier"),
]
