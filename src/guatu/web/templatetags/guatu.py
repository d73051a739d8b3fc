"""What templates may say beside plain HTML: an address on the day shown, an icon, a light, a bar of lights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.domain.figures.phrasing import shown
from guatu.domain.lights import GLYPHS, STACK_ORDER, Distribution, Light, word
from guatu.domain.telephones import as_address
from guatu.domain.words import listed as listed_words
from guatu.queries.pages import Option

register = template.Library()
# What a browser says of itself → what its owner calls it.
DEVICES = (
    (r"MicroMessenger|wxwork", gettext_noop("微信")),
    (r"DingTalk", gettext_noop("钉钉")),
    (r"iPhone|iPad", "iPhone"),
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS", "macOS"),
    (r"Linux", "Linux"),
)
BROWSERS = ((r"Edg/", "Edge"), (r"Firefox/", "Firefox"), (r"Chrome/", "Chrome"), (r"Safari/", "Safari"))
NARROWEST = 2.4  # a red or yellow part of a bar never falls below this share of its width


@register.simple_tag(takes_context=True)
def to(context: dict[str, Any], name: str, *args: object, **query: object) -> str:
    """The address of a page, keeping the day that is shown."""
    address: str = context["request"].here.to(name, *args, **query)
    return address


@register.simple_tag(takes_context=True)
def kept(context: dict[str, Any], *besides: str) -> SafeString:
    """The hidden inputs that keep the day and the campaign in a form; `besides`: names the form asks for itself."""
    fields = [pair for pair in context["request"].here.kept if pair[0] not in besides]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite; it says nothing to a screen reader, the words beside it do. `size` is "" or "s"."""
    return format_html(
        '<svg class="ic {}" viewBox="0 0 20 20" aria-hidden="true"><use href="#i-{}"></use></svg>', size, name
    )


@register.simple_tag
def mark(glyph: str, words: str) -> SafeString:
    """A light's mark: shape by class, the word inside."""
    return format_html('<i class="l {}">{}</i>', glyph, words)


@register.simple_tag
def bar(lights: Distribution, tall: bool = False) -> SafeString:
    """The counts as one bar, blue anchored left and red anchored right."""
    parts = [(GLYPHS[light], lights.count(light), light) for light in STACK_ORDER if lights.count(light)]
    widths = [
        max(100 * count / lights.total, NARROWEST if light in (Light.RED, Light.YELLOW) else 0.0)
        for _glyph, count, light in parts
    ]
    scale = 100 / sum(widths) if widths else 1
    x, rects = 0.0, []
    for (glyph, _count, _light), width in zip(parts, widths, strict=True):
        rects.append((glyph, f"{x:.2f}", f"{width * scale:.2f}"))
        x += width * scale
    return format_html(
        '<svg class="stack{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        " tall" if tall else "",
        format_html_join("", '<rect class="{}" x="{}" y="0" width="{}" height="6"/>', rects),
    )


@register.simple_tag
def stripe(*given: object, tall: bool = False) -> SafeString:
    """Counts as one bar, in the order given: class, count, class, count …"""
    parts = [(str(name), float(str(count))) for name, count in zip(given[::2], given[1::2], strict=True)]
    total = sum(count for _name, count in parts) or 1
    x, rects = 0.0, []
    for name, count in parts:
        if count:
            width = 100 * count / total
            rects.append((name, f"{x:.2f}", f"{width:.2f}"))
            x += width
    return format_html(
        '<svg class="stack{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        " tall" if tall else "",
        format_html_join("", '<rect class="{}" x="{}" y="0" width="{}" height="6"/>', rects),
    )


@register.simple_tag
def stripe_of(parts: Iterable[object], tall: bool = False) -> SafeString:
    """The same where the counts stand in one sequence."""
    return stripe(*parts, tall=tall)


@register.simple_tag
def legend(lights: Distribution) -> tuple[tuple[str, str, str, int], ...]:
    """The lights of a distribution for a legend: (light key, glyph, word, count), the worst first."""
    order = (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE, Light.GREY, Light.WHITE)
    return tuple((light.value, GLYPHS[light], word(light), lights.count(light)) for light in order)


@register.simple_tag
def options(choices: Iterable[Option]) -> SafeString:
    """The options of a select: hundreds of units in some, so written here and not by a template each."""
    return mark_safe(  # noqa: S308  # escaped one by one
        "".join(
            f'<option value="{escape(option.key)}"{" selected" if option.chosen else ""}>{escape(option.label)}</option>'
            for option in choices
        )
    )


@register.filter
def grouped(number: object) -> str:
    """1740 → 1,740; what is no number stays as it is."""
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        return str(number)
    return f"{number:,}"


@register.filter
def printed(text: str) -> str:
    """1690次 → 1,690 次, as numbers stand on pages; what was rounded or is a share stays as it was said."""
    return shown(text)


@register.filter
def iso(day: date | None) -> str:
    """2023-11-30, or nothing."""
    return day.isoformat()[:10] if day else ""


@register.filter
def minute(moment: datetime | None) -> str:
    """2023-11-30 09:05 as the clocks of the house show it, or nothing."""
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


@register.filter
def device(agent: str) -> str:
    """What a browser says of itself, in two words; the bare fact when it says nothing known."""
    system = next((_(name) for mark, name in DEVICES if re.search(mark, agent)), "")
    browser = next((name for mark, name in BROWSERS if re.search(mark, agent)), "")
    return " · ".join(filter(None, (system, browser))) or _("其他设备")


@register.filter
def short_day(day: date | None) -> str:
    """11-30, or nothing."""
    return f"{day:%m-%d}" if day else ""


@register.filter
def listed(words: Iterable[object]) -> str:
    """The words one after another, as the reader's language lists them."""
    return listed_words(words)


@register.filter
def dial(number: str) -> str:
    """A telephone number as the address that a telephone dials."""
    return as_address(number)


@register.filter
def item(mapping: Mapping[str, object], key: str) -> object:
    """The value of a key that is a variable."""
    return mapping[key]
