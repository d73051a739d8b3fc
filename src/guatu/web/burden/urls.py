"""Addresses of 减负反馈."""

from __future__ import annotations

from django.urls import path

from guatu.web.burden import views

urlpatterns = [
    path("burden/", views.burden, name="burden"),
    path("burden/received/", views.received_reports, name="burden-received"),
    path("burden/<int:report>/answer/", views.answer, name="burden-answer"),
]
