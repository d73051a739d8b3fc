"""The address of common causes."""

from __future__ import annotations

from django.urls import path

from guatu.web.causes import views

urlpatterns = [path("causes/", views.causes, name="causes")]
