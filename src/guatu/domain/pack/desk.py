"""What stands on the desks (待办): the numbers of the office and of the leaders, and the log of visits."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as Rule

from guatu.domain.pack.base import Key, PackModel


class Desk(PackModel):
    """The pack's choice of numbers, and the register in which teams record that they have been somewhere.

    `office`: up to five figures for the campaign's office; `leader`: up to four for leaders and their one page.
    `visits`: a logged register; its items say which units a team has seen. Each part may be left out.
    """

    office: Annotated[tuple[Key, ...], Rule(max_length=5)] = ()
    leader: Annotated[tuple[Key, ...], Rule(max_length=4)] = ()
    visits: Key | None = None
