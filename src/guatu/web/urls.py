"""URLs of the pages: a folder per page declares its own."""

from __future__ import annotations

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guatu.web.entry.urls")),
    path("", include("guatu.web.account.urls")),
    path("", include("guatu.web.accounts.urls")),
    path("", include("guatu.web.setup.urls")),
    path("", include("guatu.web.contacts.urls")),
    path("", include("guatu.web.posts.urls")),
    path("", include("guatu.web.people.urls")),
    path("", include("guatu.web.burden.urls")),
    path("", include("guatu.web.reminders.urls")),
    path("", include("guatu.web.todo.urls")),
    path("", include("guatu.web.wall.urls")),
    path("", include("guatu.web.registers.urls")),
    path("", include("guatu.web.fill_sheets.urls")),
    path("", include("guatu.web.item.urls")),
    path("", include("guatu.web.inbox.urls")),
    path("", include("guatu.web.queue.urls")),
    path("", include("guatu.web.hand_down.urls")),
    path("", include("guatu.web.notice.urls")),
    path("", include("guatu.web.proposals.urls")),
    path("", include("guatu.web.sign_off.urls")),
    path("", include("guatu.web.unit_change.urls")),
    path("", include("guatu.web.units.urls")),
    path("", include("guatu.web.figures.urls")),
    path("", include("guatu.web.report.urls")),
    path("", include("guatu.web.check.urls")),
    path("", include("guatu.web.jobs.urls")),
    path("", include("guatu.web.upward.urls")),
    path("", include("guatu.web.causes.urls")),
    path("", include("guatu.web.self_checks.urls")),
    path("", include("guatu.web.reinspection.urls")),
    path("", include("guatu.web.collection.urls")),
    path("", include("guatu.web.evidence.urls")),
    path("", include("guatu.web.supervision.urls")),
    path("", include("guatu.web.restricting.urls")),
    path("", include("guatu.web.returns.urls")),
    path("", include("guatu.web.superior_forms.urls")),
    path("", include("guatu.web.workbooks.urls")),
]
