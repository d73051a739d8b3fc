"""Addresses of a person's own posts: which one to act under, and who stands in."""

from __future__ import annotations

from django.urls import path

from guatu.web.posts import delegations, views

urlpatterns = [
    path("post/", views.switch, name="switch-post"),
    path("delegations/", delegations.page, name="delegations"),
    path("delegations/<int:delegation>/end/", delegations.end, name="end-delegation"),
]
