"""The demo of theme education: an invented group in the autumn of 2023."""

from guatu.demo.demos import Demo
from guatu.packs.theme_education.demo.cast import CAST, PLACES
from guatu.packs.theme_education.demo.days import ENDS
from guatu.packs.theme_education.demo.fit import fit
from guatu.packs.theme_education.demo.story import tell
from guatu.packs.theme_education.demo.targets import read_targets

DEMO = Demo(ends=ENDS, cast=CAST, places=PLACES, tell=tell, fit=fit, read_targets=read_targets)
