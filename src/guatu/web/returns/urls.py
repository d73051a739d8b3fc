"""Addresses of the unit's side of 填报."""

from __future__ import annotations

from django.urls import path

from guatu.web.returns import meter_views, views

urlpatterns = [
    path("collection/returns/<uuid:public_id>/", views.one, name="return"),
    path("collection/returns/<uuid:public_id>/draft/", views.save, name="return-save"),
    path("collection/returns/<uuid:public_id>/paper/", views.paper, name="return-paper"),
    path("collection/returns/<uuid:public_id>/sign/", views.sign, name="return-sign"),
    path("collection/returns/<uuid:public_id>/amend/", views.amend, name="return-amend"),
    path("collection/burden/", meter_views.all_of_it, name="meter"),
    path("collection/burden/file/<slug:form>/", meter_views.file, name="meter-file"),
    path("collection/burden/units/<str:code>/", meter_views.of_a_unit, name="meter-unit"),
]
