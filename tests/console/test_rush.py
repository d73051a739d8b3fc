"""The deadline rush: a small house, the real server, people who press twice; nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from guatu.console.bench.table import table


def test_a_small_house_hands_in_at_a_real_server_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """In a process of its own: the measurement makes its database beside the one that is given, and serves that."""
    given = settings.DATABASES["default"]
    env = {**os.environ, "GUATU_HOME": str(tmp_path)}
    if given["ENGINE"].endswith("sqlite3"):
        env.pop("GUATU_DATABASE_URL", None)
    program = (
        "import json, os, sys, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'guatu.project.settings'\n"
        "django.setup()\n"
        "from guatu.console.bench.own_database import own_database\n"
        "from guatu.console.bench.rush import rush\n"
        "with own_database() as home:\n"
        "    found = rush(home, 12, seconds=1)\n"
        "json.dump(found, sys.stdout)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=env, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    assert (found["handed_in"], found["rows"], found["doubled"], found["drafts_left"]) == (12, 12, 0, 0)
    assert found["verified"], found["broken"]
    assert found["wrong"] == []
    steps = {one["step"]: one for one in found["steps"]}
    assert steps["hand_in"]["statuses"] == {"302": 12}
    assert steps["again"]["statuses"] == {"302": 2}, "every tenth presses twice"
    assert set(steps["list"]["statuses"]) == {"200"}
    told = table({"database": "x", "python": "3", "cores": 2, "load": 0.1, "rush": found})
    assert "报上 12 份" in told and "核对：全部相符。" in told
