"""Addresses of people and their posts, for those who keep them."""

from __future__ import annotations

from django.urls import path

from guatu.web.people import leaving, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<str:username>/", views.person, name="person"),
    path("people/<str:username>/appoint/", views.appoint_person, name="person-appoint"),
    path("people/<str:username>/home/", views.home_unit, name="person-home"),
    path("people/<str:username>/on/", views.switch_person_on, name="person-on"),
    path("people/<str:username>/posts/<int:post>/end/", views.end, name="person-end-post"),
    path("people/<str:username>/leaving/", leaving.leaving, name="person-leaving"),
    path("people/<str:username>/leaving/file/", leaving.file, name="person-leaving-file"),
]
