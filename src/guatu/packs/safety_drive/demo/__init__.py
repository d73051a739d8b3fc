"""The demo of the safety drive: an invented port and chemical group in the summer of 2024."""

from datetime import date

from guatu.demo.demos import Demo, Sample
from guatu.packs.safety_drive.demo.cast import CAST, PLACES
from guatu.packs.safety_drive.demo.days import ENDS
from guatu.packs.safety_drive.demo.story import tell

SAMPLE = Sample(
    office="chengyilan",
    earlier=date(2024, 6, 30),
    level="third",
    figure="hazards_total",
    report="brief",
    register="hazards",
    fields={
        "grade": "common",
        "category": "rules",
        "place": "值班室",
        "found_on": ENDS.isoformat(),
        "handling": "limited",
    },
)
DEMO = Demo(ends=ENDS, cast=CAST, places=PLACES, tell=tell, fit=lambda pack, story: pack, sample=SAMPLE)
