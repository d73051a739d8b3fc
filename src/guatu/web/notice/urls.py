"""Addresses of an item's public notice."""

from __future__ import annotations

from django.urls import path

from guatu.web.notice import views

urlpatterns = [
    path("items/<uuid:public_id>/notice/", views.notice, name="notice"),
    path("items/<uuid:public_id>/notice/sheet.pdf", views.sheet, name="notice-sheet"),
    path("items/<uuid:public_id>/notice/answer/", views.answer, name="notice-answer"),
]
