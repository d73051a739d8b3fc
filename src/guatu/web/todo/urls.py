"""Addresses of what is to be done."""

from __future__ import annotations

from django.urls import path

from guatu.web.todo import views

urlpatterns = [
    path("todo/", views.todo, name="todo"),
    path("todo/page/", views.sheet, name="todo_sheet"),
    path("todo/page.pdf", views.sheet_file, name="todo_pdf"),
    path("todo/<uuid:public_id>/", views.one, name="todo_item"),
    path("todo/<uuid:public_id>/<slug:transition>/", views.move, name="todo_move"),
]
