"""Addresses of one item, and of the form for a new one."""

from __future__ import annotations

from django.urls import path

from guatu.web.item import new_views, people_views, views

urlpatterns = [
    path("registers/<slug:key>/new/", new_views.new, name="new"),
    path("items/<uuid:public_id>/", views.item, name="item"),
    path("items/<uuid:public_id>/edit/", views.edit, name="edit"),
    path("items/<uuid:public_id>/move/<slug:transition>/", views.move, name="move"),
    path("items/<uuid:public_id>/people/", people_views.people, name="item_people"),
    path("items/<uuid:public_id>/comment/", views.comment, name="comment"),
    path("items/<uuid:public_id>/units/", views.beside, name="beside"),
    path("items/<uuid:public_id>/links/", views.link, name="link"),
    path("items/<uuid:public_id>/unlink/", views.unlink, name="unlink"),
    path("items/<uuid:public_id>/evidence/", views.evidence, name="evidence"),
    path("items/<uuid:public_id>/evidence/<int:pk>/", views.evidence_download, name="evidence_file"),
    path("items/<uuid:public_id>/evidence/<int:pk>/image/", views.evidence_image, name="evidence_image"),
    path("items/<uuid:public_id>/file/<slug:field>/", views.field_download, name="field_file"),
]
