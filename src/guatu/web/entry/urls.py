"""The way in and out."""

from __future__ import annotations

from django.urls import path

from guatu.web.entry import password, views

urlpatterns = [
    path("", views.home, name="home"),
    path("enter/", views.enter, name="entry"),
    path("password/", password.own_password, name="own-password"),
    path("leave/", views.leave, name="leave"),
    path("language/", views.language, name="language"),
]
