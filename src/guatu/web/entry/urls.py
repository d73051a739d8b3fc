"""The way in and out."""

from __future__ import annotations

from django.urls import path

from guatu.web.entry import activate, password, second, views

urlpatterns = [
    path("", views.home, name="home"),
    path("enter/", views.enter, name="entry"),
    path("enter/", views.enter, name="account_login"),  # as django-allauth calls it
    path("enter/second/", second.second_factor, name="mfa_authenticate"),
    path("activate/", activate.activate, name="activate"),
    path("password/", password.own_password, name="own-password"),
    path("leave/", views.leave, name="leave"),
    path("language/", views.language, name="language"),
]
