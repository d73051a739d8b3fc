"""Addresses of jobs and exports."""

from __future__ import annotations

from django.urls import path

from guatu.web.jobs import views

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/exports/", views.log, name="exports"),
    path("jobs/<uuid:job>/", views.job, name="job"),
    path("jobs/<uuid:job>/file", views.job_file, name="job_file"),
    path("jobs/<uuid:job>/cancel/", views.cancel, name="job_cancel"),
    path("export/<slug:kind>/<slug:form>/", views.export, name="export"),
]
