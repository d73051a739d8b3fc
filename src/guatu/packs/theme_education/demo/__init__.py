"""The demo of theme education: an invented group in the autumn of 2023."""

from datetime import date

from guatu.demo.demos import Demo, Sample
from guatu.packs.theme_education.demo.cast import CAST, PLACES
from guatu.packs.theme_education.demo.days import ENDS
from guatu.packs.theme_education.demo.fit import fit
from guatu.packs.theme_education.demo.story import tell
from guatu.packs.theme_education.demo.targets import read_targets

SAMPLE = Sample(
    office="linxiaolan",
    earlier=date(2023, 10, 31),
    level="third",
    figure="issues_total",
    report="summary",
    register="problems",
    fields={"category": "safety", "source": "audit", "found_on": ENDS.isoformat()},
)
DEMO = Demo(
    ends=ENDS,
    cast=CAST,
    places=PLACES,
    tell=tell,
    fit=fit,
    sample=SAMPLE,
    read_targets=read_targets,
)
