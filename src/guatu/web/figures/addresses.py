"""Where a figure's page is: a reference (`domain.figures.references`) becomes the page of its key and what is looked at."""

from __future__ import annotations

from guatu.domain.figures.references import read
from guatu.web.here import Here


def figure_href(at: Here, reference: str, **query: object) -> str:
    """The page of the figure, in the variant and at the basis that the reference names."""
    asked = read(reference)
    return at.to("figure", asked.key, variant=asked.variant, basis=asked.basis, **query)
