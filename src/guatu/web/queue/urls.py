"""Addresses of the verification queue."""

from __future__ import annotations

from django.urls import path

from guatu.web.queue import views

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/together/", views.together, name="queue-bulk"),
    path("queue/<uuid:public_id>/", views.review, name="queue-item"),
    path("queue/<uuid:public_id>/seen/", views.seen, name="queue-seen"),
    path("queue/<uuid:public_id>/papers/<int:pk>/", views.paper, name="queue-paper"),
    path("queue/<uuid:public_id>/<slug:transition>/", views.move, name="queue-move"),
]
