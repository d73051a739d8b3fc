"""Who may have a text checked: whoever may see figures, in the campaign's frame; without any campaign, whoever is here.

While nobody has an account yet that is the session that typed the set-up code. Outside a campaign nothing of the records
is shown: a text is compared with itself alone.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from guatu.access import setup_code
from guatu.access.sign_in import is_anybody_here
from guatu.queries.installation import any_campaign
from guatu.web import here
from guatu.web.policy import View, policy, to_entry
from guatu.web.setup.door import SESSION_MARK

CAPABILITY = "check_text"


def may_check(*methods: str) -> Any:
    """As `policy("check_text", …, writes=False)`; where there is no campaign the view is called with None for `Here`."""

    def declare(view: View) -> View:
        framed = policy(CAPABILITY, *methods, writes=False)(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated:
                if any_campaign():
                    return framed(request, *args, **kwargs)
                here.refuse_unreadable(request)
                return bare(request, None, *args, **kwargs)
            if is_anybody_here():
                return to_entry(request)
            if not setup_code.holds(settings.GUATU_HOME, request.session.get(SESSION_MARK, "")):
                return redirect("setup")
            here.refuse_unreadable(request)
            return bare(request, None, *args, **kwargs)

        bare = require_http_methods([*methods, "HEAD"] if "GET" in methods else [*methods])(view)
        guarded.policy = framed.policy  # type: ignore[attr-defined]
        return guarded

    return declare


def owner_of(request: HttpRequest) -> str:
    """Whose the handed-in texts are: the person's, or the session's while nobody has an account."""
    if request.user.is_authenticated:
        return f"person {request.user.pk}"
    if request.session.session_key is None:
        request.session.save()
    return f"session {request.session.session_key}"
