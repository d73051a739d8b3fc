"""Addresses of the registers."""

from __future__ import annotations

from django.urls import path

from guatu.web.registers import bulk_views, file_views, movement_views, saved_view_views, urge_views, views

urlpatterns = [
    path("registers/", views.index, name="registers"),
    path("registers/<slug:key>/", views.items, name="list"),
    path("registers/<slug:key>/file/<slug:form>/", file_views.list_file, name="list_file"),
    path("registers/<slug:key>/views/", saved_view_views.save, name="list_views"),
    path("registers/<slug:key>/views/<int:view>/", saved_view_views.change, name="list_view"),
    path("registers/<slug:key>/due/", bulk_views.due, name="list_due"),
    path("registers/<slug:key>/urge/", urge_views.urge, name="list_urge"),
    path("registers/<slug:key>/movement/", movement_views.movement, name="movement"),
    path("registers/<slug:key>/movement/file/<slug:form>/", movement_views.file, name="movement_file"),
    path("find/", views.find, name="find"),
]
