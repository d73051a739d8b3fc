"""What stands around a numeral: its own phrase, clause, sentence and paragraph so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guatu.domain.checker import words
from guatu.domain.checker.nouns import clause_end, clause_start, noun_after, noun_before
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.tables import header_cell

HEADING_REACH = 6  # lines above a paragraph among which its heading is looked for
REACH = 600  # characters of a paragraph that are looked back upon
SENTENCE_ENDS = "。！？!?\n"
_ORG = re.compile(rf"(?:^|(?<=[，。；：、\n]))([\u4e00-\u9fff]{{2,10}}?)({words.ORG_TAILS})")
_OUTLINED = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、]")
_GENERIC_ORG = re.compile(
    r"各|所属|基层|二级|三级|四级|下属|全部|有关|相关|全体|全系统|集团|子|成员|困难|重点|企业|党组|领导|统筹|围绕|组织|推进|党$|中$|第[一二三]"
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Texts around one numeral, all taken from the normalised text.

    `phrase` is what stands with the numeral: from the clause start or the previous quantity to the next one;
    `noun` the counted noun and `noun_follows` whether it stands after the measure word. `before` and `after` are the
    phrase without the numeral; `earlier_clause` and `earlier_sentence` what precedes it, quantities left out.
    `column` heads the number's column in a table; in a table of several columns it is never empty.
    `heading` is the one that the paragraph stands under.
    """

    phrase: str
    clause: str
    sentence_before: str
    paragraph_before: str
    noun: str
    noun_follows: bool
    before: str
    after: str
    earlier_clause: str
    earlier_sentence: str
    next_clause: str
    organisation: str
    column: str
    heading: str = ""


def sentence_start(text: str, position: int) -> int:
    """Start of the sentence that `position` lies in."""
    start = position
    while start > 0 and position - start < REACH and text[start - 1] not in SENTENCE_ENDS:
        start -= 1
    return start


def sentence_end(text: str, position: int) -> int:
    """End of the sentence that `position` lies in, its full stop excluded."""
    end = position
    while end < len(text) and end - position < REACH and text[end] not in SENTENCE_ENDS:
        end += 1
    return end


def _row_label(text: str, start: int) -> str:
    """For a number in a table cell: the first cell of its row."""
    line_start = text.rfind("\n", 0, start) + 1
    line = text[line_start:start]
    return line.split("\t", 1)[0] if "\t" in line else ""


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _column(text: str, start: int) -> str:
    """What the first row of the table says above the number; a row of several numbers is told by its tabs."""
    line_start = text.rfind("\n", 0, start) + 1
    line = text[line_start : _line_end(text, start)] if "\t" in text[line_start:start] else ""
    if "\t" not in line:
        return ""
    return "\t" if line.count("\t") > 1 else header_cell(text, line_start, 1)


def is_class_of_units(words_before: str, campaign_names: Sequence[str] = ()) -> bool:
    """Whether what stands before 公司, 县 and the like makes a class of them (各二级公司) and no name.

    So do the names of the campaign itself: its groups and teams are no organisations of their own.
    """
    return bool(_GENERIC_ORG.search(words_before)) or any(name in words_before for name in campaign_names)


def _without_quantities(text: str, readings: Sequence[Reading], index: int, start: int, end: int) -> str:
    """`text[start:end]` with the quantities before `readings[index]` left out."""
    pieces = []
    for place in range(index - 1, -1, -1):
        reading = readings[place]
        if reading.start < start:
            break
        if reading.end <= end:
            pieces.append(text[reading.end : end])
            end = reading.start
    pieces.append(text[start:end])
    return " ".join(reversed(pieces))


def _organisation(sentence: str, own_names: Sequence[str], campaign_names: Sequence[str]) -> str:
    """A named organisation that the sentence is about (华东公司), not ours, not a class of them (各二级公司)."""
    for found in _ORG.finditer(sentence):
        if found.group() not in own_names and not is_class_of_units(found[1], campaign_names):
            return found.group()
    return ""


def _heading(text: str, start: int) -> str:
    """The heading that the paragraph stands under: a line above with an outline number and no full stop."""
    end = text.rfind("\n", 0, start)
    for _line in range(HEADING_REACH):
        if end < 0:
            break
        begin = text.rfind("\n", 0, end) + 1
        if end - begin <= 40 and _OUTLINED.match(text, begin) and "。" not in text[begin:end]:
            return text[begin:end]
        end = begin - 1
    return ""


def surroundings(
    text: str,
    readings: Sequence[Reading],
    index: int,
    own_names: Sequence[str] = (),
    campaign_names: Sequence[str] = (),
) -> Surroundings:
    """Around `readings[index]`; `text` is the normalised text that the readings were taken from.

    `own_names` are those of the organisation whose figures these are, `campaign_names` those of its campaign.
    """
    here = readings[index]
    begin = clause_start(text, here.start)
    stop = clause_end(text, here.end)
    floor = begin
    if index and readings[index - 1].end > begin:
        previous = readings[index - 1]
        floor = previous.end + len(noun_after(text, previous.end))
        floor = min(floor, here.start)
    ceiling = stop
    if index + 1 < len(readings) and readings[index + 1].start < stop:
        ceiling = readings[index + 1].start
    comma = text.find("、", here.end, ceiling)
    if comma >= 0:
        ceiling = comma
    following = noun_after(text, here.end)
    measure = here.numeral.measure
    if measure in words.PLACES:
        following = measure + (
            following if following and following[0] not in "两三四五六七八九十一二" else ""
        )
    label = _row_label(text, here.start)
    before = text[floor : here.start]
    sentence = sentence_start(text, here.start)
    paragraph = text.rfind("\n", max(0, here.start - REACH), here.start) + 1 or max(0, here.start - REACH)
    return Surroundings(
        phrase=f"{label}{before} {measure}" + text[here.end : ceiling],
        clause=label + text[begin:stop],
        sentence_before=text[sentence : here.start],
        paragraph_before=text[paragraph : here.start],
        noun=following or label or noun_before(text, here.start, floor),
        noun_follows=bool(following),
        before=label + before,
        after=text[here.end : ceiling],
        earlier_clause=_without_quantities(text, readings, index, begin, floor),
        earlier_sentence=_without_quantities(text, readings, index, sentence, floor),
        next_clause=text[stop + 1 : stop + 17] if text[stop : stop + 1] in ("，", ",") else "",
        organisation=_organisation(text[sentence : here.start], own_names, campaign_names),
        column=_column(text, here.start),
        heading=_heading(text, here.start),
    )
