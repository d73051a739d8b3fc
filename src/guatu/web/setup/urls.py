"""Addresses of the set-up."""

from __future__ import annotations

from django.urls import path, re_path

from guatu.web.setup import (
    calendar_views,
    channel_views,
    check_views,
    password_views,
    people_views,
    unit_views,
    views,
)

urlpatterns = [
    path("setup/", views.begin, name="setup"),
    path("setup/house/", views.house, name="setup-house"),
    path("setup/house/people/", views.keepers, name="setup-keepers"),
    path("setup/house/passwords/", password_views.first_passwords, name="setup-first-passwords"),
    path("setup/units/", unit_views.units, name="setup-units"),
    path("setup/units/apply/", unit_views.apply_units, name="setup-units-apply"),
    path("setup/units/typed/", unit_views.type_units, name="setup-units-typed"),
    path("setup/units/undo/", unit_views.undo_units, name="setup-units-undo"),
    re_path(r"^setup/units/(?P<filled>empty|now)\.xlsx$", unit_views.units_workbook, name="setup-units-file"),
    path("setup/campaign/", views.campaign, name="setup-campaign"),
    path("setup/people/", people_views.people, name="setup-people"),
    path("setup/people/apply/", people_views.apply_people, name="setup-people-apply"),
    path("setup/people/typed/", people_views.type_people, name="setup-people-typed"),
    path("setup/people/team/", people_views.team, name="setup-people-team"),
    path("setup/people/empty.xlsx", people_views.people_workbook, name="setup-people-file"),
    path("setup/calendar/", calendar_views.calendar, name="setup-calendar"),
    path("setup/calendar/notice/", calendar_views.calendar_notice, name="setup-calendar-notice"),
    path("setup/calendar/day/", calendar_views.calendar_day, name="setup-calendar-day"),
    path("setup/channels/", channel_views.channels, name="setup-channels"),
    path("setup/channels/test/", channel_views.test, name="setup-channels-test"),
    path("setup/channels/again/", channel_views.again, name="setup-channels-again"),
    path("setup/check/", check_views.check, name="setup-check"),
    path("setup/start/", check_views.start, name="setup-start"),
]
