"""The whole story of the drive: pure, the same for the same seed."""

from __future__ import annotations

from guatu.demo.plan import Story
from guatu.demo.spread import dice
from guatu.packs.safety_drive.demo.days import ENDS, FOUNDED, SET_UP, STARTS
from guatu.packs.safety_drive.demo.duties import tell_duties
from guatu.packs.safety_drive.demo.hazards import tell_hazards
from guatu.packs.safety_drive.demo.org import OFFICE, grow
from guatu.packs.safety_drive.demo.records import tell_checks, tell_meetings, tell_practice
from guatu.packs.safety_drive.demo.teller import STAGES, Teller

SEED = 20240731


def tell(targets: None = None, seed: int = SEED) -> Story:
    """The story; its totals cannot be chosen. Each chapter has dice of its own."""
    org = grow(dice(seed, "org"))
    teller = Teller(dice(seed, "duties"), ENDS, STAGES, org)
    tell_duties(teller)
    teller.rng = dice(seed, "meetings")
    tell_meetings(teller)
    teller.rng = dice(seed, "checks")
    checks = tell_checks(teller)
    teller.rng = dice(seed, "hazards")
    tell_hazards(teller, checks)
    teller.rng = dice(seed, "practice")
    tell_practice(teller)
    return Story(
        seed=seed,
        founded=FOUNDED,
        set_up=SET_UP,
        starts=STARTS,
        ends=ENDS,
        wave="",
        office=OFFICE,
        units=org.units,
        head_counts=org.head_counts,
        moves=(),
        mergers=(),
        people=org.people,
        teams=org.teams,
        posts=org.posts,
        events=teller.told(),
    )
