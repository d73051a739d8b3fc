"""Names of invented people."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

# fmt: off

SURNAMES: tuple[str, ...] = tuple(
    "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄吕江何萧罗高潘简朱钟彭游詹胡施沈余赵卢梁颜柯翁魏孙戴"
    "范方宋邓杜傅侯曹薛丁卓阮马董温唐蓝石蒋田康邹白涂尤巫韩龚严袁汪夏姚陆乔邵季任贺万孟顾尹秦"
)

GIVEN_FIRST: tuple[str, ...] = tuple("志文思晓雨子嘉静景明佳海建国春秋立永宏书亦若知清云向望远安长承启敬守怀行以")
GIVEN_LAST: tuple[str, ...] = tuple("远岚宁航恒川舟谷越言微博衡瑾平诚辉洁敏华峰磊琳涛莹然杰欣凯瑶鹏妍帆伟芳军霞强娟")

# fmt: on


class PersonNames:
    """Names of invented people, each given once; those in `taken` are given to nobody."""

    def __init__(self, rng: Random, taken: Iterable[str] = ()) -> None:
        self._rng = rng
        self._kept = frozenset(taken)
        self._taken = set(self._kept)

    def next(self) -> str:
        """Another name."""
        while True:
            rng = self._rng
            given = (
                rng.choice(GIVEN_FIRST) + rng.choice(GIVEN_LAST)
                if rng.random() < 0.8
                else rng.choice(GIVEN_LAST)
            )
            name = rng.choice(SURNAMES) + given
            if name not in self._taken:
                self._taken.add(name)
                return name
            if len(self._taken) > 50_000:
                self._taken = set(self._kept)
