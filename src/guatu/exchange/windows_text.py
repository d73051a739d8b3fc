"""Texts as a Chinese Windows saves them: in GB 18030, which programs there call ANSI or GBK."""

from __future__ import annotations

_SIGNS, _LEVEL_ONE = 0xA1, 0xD7  # first bytes in GB/T 2312: the signs to the last common character


def as_gbk(data: bytes) -> str | None:
    """The text in the code of a Chinese Windows (GB 18030), None where it is no such text.

    Broken UTF-8 may happen to be valid GB 18030, too, but reads as rare characters then: at least nine in ten of a real
    text are signs and the 3,755 common characters of GB/T 2312—1980.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = "".join(char for char in text if ord(char) > 127)
    coded = foreign.encode("gb2312", "ignore")
    common = sum(_SIGNS <= lead <= _LEVEL_ONE for lead in coded[::2])
    return text if common >= 0.9 * len(foreign) else None
