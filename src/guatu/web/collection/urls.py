"""Addresses of 填报: the list, building a request, its last look before sending, watching, the roster, its words, reviewing."""

from __future__ import annotations

from django.urls import path

from guatu.web.collection import building_views, changing, review_views, views

urlpatterns = [
    path("collection/", views.home, name="collection"),
    path("collection/new/", building_views.new, name="collection-new"),
    path("collection/<uuid:public_id>/edit/", building_views.edit, name="collection-edit"),
    path("collection/<uuid:public_id>/send/", building_views.send, name="collection-send"),
    path("collection/<uuid:public_id>/", views.one, name="collection-request"),
    path("collection/<uuid:public_id>/missing/", views.missing, name="collection-missing"),
    path("collection/<uuid:public_id>/roster/", views.amend, name="collection-roster"),
    path("collection/<uuid:public_id>/cut-off/", views.cut_off, name="collection-cut-off"),
    path("collection/<uuid:public_id>/change/", changing.change, name="collection-change"),
    path("collection/<uuid:public_id>/review/", review_views.review, name="collection-review"),
    path(
        "collection/<uuid:public_id>/review/<uuid:return_id>/", review_views.one, name="collection-review-one"
    ),
    path("collection/<uuid:public_id>/<slug:kind>/<slug:form>/", views.file, name="collection-file"),
]
