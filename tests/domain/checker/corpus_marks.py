"""Turns the marked texts of the extraction corpus into plain texts and labels: `python -m tests.domain.checker.corpus_marks`.

The marks are made by hand (corpus/README.md gives them); this module only counts offsets, spells out the readings that
design rules fix for plain Arabic numerals, and refuses a text with a numeral that nobody classed. It knows nothing of
the extractor.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.domain.checker.corpus_relations import relate

FOLDER = Path(__file__).parent / "corpus"
MARKED = FOLDER / "marked"
NUMERAL = re.compile(r"[0-9０-９〇零一二三四五六七八九十百千万亿两几]+(?:[.．,，][0-9０-９]+)*")
_MARK = re.compile(r"\[(?P<figure>[^\[\]]*)\]|\{(?P<other>[^{}]*):(?P<code>[a-z]+(?: [^\s{}]+)?)\}")
CODES = {
    "o": "ordinal",
    "c": "outline",
    "l": "lexical 一X",
    "i": "idiom",
    "s": "slogan",
    "n": "name",
    "v": "level",
    "d": "document number",
    "u": "duration",
    "p": "code",
    "h": "scheme",
    "a": "class",
    "r": "proportion",
    "g": "designator",
    "e": "unit",
    "w": "clock",
}
TIMES = {"t": "time", "tp": "period", "td": "day", "ta": "as_of", "tu": "unresolved"}
_OUTLINE = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+\.)", re.M)
_LEXICAL = re.compile(
    r"进一步|统一|一体|一线|一律|一般|一些|一批|一定|一致|一流|一直|唯一|一并|一同|一道|一时|一旦|一方面|万众一心|千方百计|单一|逐一|十分|一系列|零售|清零|零就业|零填埋|二氧化碳|百姓"
)
_BEFORE = "不少于|不低于|不超过|至少|超过|突破|不足|低于|将近|近|超|逾|约"
_AFTER = "以上|以下|以内|左右|不等"
_NUMBER = r"-?[\d]+(?:\.\d+)?"
_UNIT = "万亿|千万|百万|亿|万"
_PLAIN = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<number>{_NUMBER})(?P<unit>{_UNIT})?(?P<more>[余多])?(?P<unit2>{_UNIT})?(?P<measure>.*?)(?P<after>{_AFTER})?"
)
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})(?P<first>\D*?)(?:—|至|到|-|～)(?P<high>{_NUMBER})(?P<measure>\D*?)(?:{_AFTER})?"
)
_WORDS = re.compile(
    rf"(?:{_BEFORE}|翻)?(?:百分之|千分之|三分之)?[\d,.点零一二两三四五六七八九十百千万亿数几多余来分]*?"
    rf"(?P<measure>(?:(?![零一二两三四五六七八九十百千万亿几多余来点]).)*?)(?:多|{_AFTER})?"
)
_FACTORS = {"万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
_NO_FRACTION = re.compile(r"元$")
_CONTINUOUS = set(
    "% ‰ 个百分点 倍 公里 米 毫米 亩 公顷 平方米 立方米 吨 公斤 千瓦时 分 岁 ℃ 小时 分钟 秒 蒸吨".split()
)
KINDS = set("exact rounded lower_bound upper_bound range percent percent_points money multiple vague".split())


@dataclass
class Built:
    """A text without its marks, and its labels."""

    text: str
    items: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def _narrow(text: str) -> str:
    wide = {0xFF10 + i: 0x30 + i for i in range(10)} | {ord("．"): ord(".")}
    text = text.translate(wide)
    return re.sub(r"(?<=\d)[,，](?=\d{3})| ", "", text)


def _measure_of(phrase: str) -> str:
    if phrase.endswith(("成", "成多", "成五", "成以上", "成五以上", "成左右")):
        return "成"
    for pattern in (_RANGE, _PLAIN):
        if "/" not in phrase and (found := pattern.fullmatch(phrase)) is not None:
            return found["measure"]
    if "分之" in phrase or "一半" in phrase or re.match(r"\d/\d", phrase):
        return "%"
    found = _WORDS.fullmatch(phrase)
    return found["measure"] if found else ""


def _kind_of(measure: str, shape: str) -> str:
    if shape in ("range", "vague"):
        return shape
    if measure in ("%", "‰", "成"):
        return "percent"
    if measure.endswith("百分点"):
        return "percent_points"
    if measure.endswith("元"):
        return "money"
    if measure in ("倍", "番"):
        return "multiple"
    return shape


def _step(number: str, factor: int) -> Decimal:
    """The place of the last digit that is not zero."""
    amount = Decimal(number) * factor
    step = (
        Decimal(1).scaleb(-len(number.partition(".")[2])) * factor if "." in number else Decimal(1) * factor
    )
    while amount and amount % (step * 10) == 0:
        step *= 10
    return step


def _read(phrase: str) -> tuple[Decimal, Decimal | None, Decimal | None, str, str]:
    """Value, low, high, measure and kind of a plain Arabic quantity, by the rules of the design."""
    plain = _narrow(phrase)
    if (found := _RANGE.fullmatch(plain)) is not None and found["first"] in ("", found["measure"]):
        low, high = Decimal(found["low"]), Decimal(found["high"])
        return low, low, high, found["measure"], "range"
    found = _PLAIN.fullmatch(plain)
    if found is None:
        raise ValueError(phrase)
    factor = _FACTORS.get(found["unit"] or "", 1) * _FACTORS.get(found["unit2"] or "", 1)
    number, measure, before, after = (
        found["number"],
        found["measure"],
        found["before"] or "",
        found["after"] or "",
    )
    amount = Decimal(number) * factor
    tick = Decimal(0 if measure in _CONTINUOUS else 1)
    step = _step(number, factor)
    if found["more"]:
        return amount, amount + tick, amount + step - tick, measure, _kind_of(measure, "lower_bound")
    if before == "约" or after in ("左右",):
        return amount, amount - step / 2, amount + step / 2, measure, _kind_of(measure, "rounded")
    if before in ("不少于", "不低于", "至少") or after == "以上":
        return amount, amount, None, measure, _kind_of(measure, "lower_bound")
    if before in ("超过", "超", "逾", "突破"):
        return amount, amount + tick, None, measure, _kind_of(measure, "lower_bound")
    if before == "不超过" or after in ("以下", "以内"):
        return amount, None, amount, measure, _kind_of(measure, "upper_bound")
    if before in ("不足", "低于"):
        return amount, None, amount - tick, measure, _kind_of(measure, "upper_bound")
    if before in ("近", "将近"):
        return amount, amount * 9 / 10, amount - tick, measure, _kind_of(measure, "upper_bound")
    places = len(number.partition(".")[2])
    if not places and factor == 1 and not (measure in ("%", "‰", "个百分点") and amount not in (0, 100)):
        return amount, amount, amount, measure, _kind_of(measure, "exact")
    if measure == "元" and factor == 1 and places == 2:
        return amount, amount, amount, measure, "money"
    half = Decimal(1).scaleb(-places) * factor / 2
    if factor == 10**4 and not places and amount < 10**6:
        half = Decimal(500)
    return amount, amount - half, amount + half, measure, _kind_of(measure, "rounded")


def _json(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def _figure(body: str, offset: int, built: Built) -> tuple[dict[str, Any], str]:
    phrase, _, rest = body.partition("^")
    noun, _, options = rest.partition("^")
    item: dict[str, Any] = {"phrase": phrase, "offset": offset, "end": offset + len(phrase)}
    name = kind = ""
    unit = measure = None
    bounds: str | None = None
    for token in re.split(r"[;\s]+", options):
        if token.startswith("@"):
            name = token[1:]
        elif token.startswith("u="):
            unit = token[2:]
        elif token.startswith("m="):
            measure = token[2:]
        elif token in KINDS:
            kind = token
        elif re.fullmatch(r"-?[\d.]*(\.\.-?[\d.]*)?", token) and token:
            bounds = token
        elif token not in ("", "neg"):
            built.problems.append(f"{phrase}: {token}?")
    if bounds is None:
        try:
            value, low, high, read_measure, read_kind = _read(phrase + (unit or ""))
        except ValueError:
            built.problems.append(f"{phrase}: no reading")
            value, low, high, read_measure, read_kind = Decimal(0), None, None, "", ""
    else:
        first, dots, second = bounds.partition("..")
        low = Decimal(first) if first else None
        high = (Decimal(second) if second else None) if dots else low
        value = low if low is not None else high or Decimal(0)
        read_measure = _measure_of(_narrow(phrase))
        shape = "exact" if low == high else "rounded"
        if low != high and re.search("[余多]", phrase):
            shape = "lower_bound"
        elif phrase.startswith("近"):
            shape = "upper_bound"
        read_kind = _kind_of(read_measure if measure is None else measure, shape)
    item |= {
        "value": _json(value),
        "low": _json(low),
        "high": _json(high),
        "kind": kind or (read_kind if measure is None else _kind_of(measure, read_kind)),
        "measure": read_measure if measure is None else measure,
        "noun": noun,
        "metric": name,
        "relation": "",
        "class": "figure",
    }
    return item, name


def _trap(text: str, start: int, end: int, kind: str) -> list[dict[str, Any]]:
    """One item for each run of numeral characters of the span, as the seed has it."""
    out = []
    for run in NUMERAL.finditer(text, start, end):
        around = text[max(0, run.start() - 5) : run.end() + 5].replace("\n", "⏎")
        out.append(
            {
                "phrase": run.group(),
                "offset": run.start(),
                "end": run.end(),
                "value": None,
                "kind": kind,
                "context": around,
                "relation": "",
                "class": "trap",
            }
        )
    return out


def build(marked: str) -> Built:
    """The plain text and the labels of one marked text; `problems` says what nobody classed or what does not hold."""
    body, _, tail = marked.partition("\n%%\n")
    built = Built("")
    text, last = "", 0
    covered: list[tuple[int, int]] = []
    named: dict[str, dict[str, Any]] = {}
    traps: list[tuple[int, int, str]] = []
    for found in _MARK.finditer(body):
        text += body[last : found.start()]
        last = found.end()
        if found["figure"] is not None:
            item, name = _figure(found["figure"], len(text), built)
            text += item["phrase"]
            built.items.append(item)
            covered.append((item["offset"], item["end"]))
            if name in named:
                built.problems.append(f"{name}: named twice")
            if name:
                named[name] = item
            continue
        phrase, (code, _space, days) = found["other"], found["code"].partition(" ")
        start = len(text)
        text += phrase
        covered.append((start, len(text)))
        if code in TIMES:
            relation = f"{TIMES[code]} {days}".strip()
            built.items.append(
                {
                    "phrase": phrase,
                    "offset": start,
                    "end": len(text),
                    "value": None,
                    "kind": "time",
                    "relation": relation,
                    "class": "time",
                }
            )
        else:
            kind = CODES[code]
            traps.append((start, len(text), kind if code in "oclu" else f"{kind} {phrase}"))
    built.text = text + body[last:].rstrip("\n") + "\n"
    for pattern, kind in ((_OUTLINE, "outline"), (_LEXICAL, "lexical 一X")):
        for found in pattern.finditer(built.text):
            if not any(a < found.end() and found.start() < b for a, b in covered):
                traps.append((*found.span(), kind))
                covered.append(found.span())
    for trap in traps:
        built.items.extend(_trap(built.text, *trap))
    for run in NUMERAL.finditer(built.text):
        if not any(a <= run.start() and run.end() <= b for a, b in covered):
            near = built.text[max(0, run.start() - 8) : run.end() + 8]
            built.problems.append(f"not classed: {run.group()} in {near!r}")
    built.items.sort(key=lambda item: item["offset"])
    for line in tail.splitlines():
        if line.strip():
            relate(line, named, built.relations, built.problems)
    return built


def labels(name: str, built: Built) -> dict[str, Any]:
    """The label file of a text, in the seed's format."""
    counts: dict[str, int] = {}
    for item in built.items:
        counts[item["class"]] = counts.get(item["class"], 0) + 1
    return {
        "source": f"{name}.txt",
        "offset_unit": "unicode code points",
        "counts": counts,
        "items": built.items,
        "relations": built.relations,
    }


def written(data: dict[str, Any]) -> str:
    """The label file's text: one item to a line."""
    head = {k: v for k, v in data.items() if k not in ("items", "relations")}
    lines = [json.dumps(head, ensure_ascii=False)[:-1]]
    for key in ("items", "relations"):
        rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in data[key])
        lines.append(f' "{key}": [\n  {rows}\n ]')
    return ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write corpus/*.txt and corpus/*.json from corpus/marked/*.txt and name what is wrong with the marks."""
    total = 0
    for path in sorted(MARKED.glob("*.txt")):
        built = build(path.read_text(encoding="utf-8"))
        for problem in built.problems:
            print(f"{path.stem}: {problem}")
        (FOLDER / f"{path.stem}.txt").write_text(built.text, encoding="utf-8")
        (FOLDER / f"{path.stem}.json").write_text(written(labels(path.stem, built)), encoding="utf-8")
        figures = sum(item["class"] == "figure" for item in built.items)
        total += figures
        print(
            f"{path.stem}: {len(built.text)} characters, {figures} figures, {len(built.relations)} relations"
        )
    print(total, "figures")


if __name__ == "__main__":
    main()
