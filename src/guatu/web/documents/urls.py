"""Addresses of documents. They stand before those of the pack's reports, whose keys are slugs."""

from __future__ import annotations

from django.urls import path

from guatu.web.documents import edit_views, section_views, sourced, views

ONE = "documents/<uuid:public_id>/"

urlpatterns = [
    path("documents/", views.documents, name="documents"),
    path("documents/new/", views.new, name="document-new"),
    path(ONE, views.document, name="document"),
    path(f"{ONE}edit/", edit_views.edit, name="document-edit"),
    path(f"{ONE}draft/", edit_views.draft, name="document-draft"),
    path(f"{ONE}draft/drop/", edit_views.drop, name="document-drop"),
    path(f"{ONE}palette/", edit_views.palette, name="document-palette"),
    path(f"{ONE}check/", views.check, name="document-check"),
    path(f"{ONE}sections/", section_views.sections, name="document-sections"),
    path(f"{ONE}versions/", views.versions, name="document-versions"),
    path(f"{ONE}step/<slug:transition>/", views.step, name="document-step"),
    path(f"{ONE}comment/", views.comment, name="document-comment"),
    path(f"{ONE}file.<slug:form>", views.file, name="document-file"),
    path(f"{ONE}sourced.<slug:form>", sourced.sourced, name="document-sourced"),
]
