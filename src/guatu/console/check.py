"""`guatu check`: written documents against the records, against themselves and against each other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path, PurePath

import click

from guatu.access import operator
from guatu.console.columns import table
from guatu.domain.checker import Checked, CheckedFigure
from guatu.domain.checker.between import contradictions
from guatu.domain.errors import BadInput
from guatu.domain.style import BY_KEY, StyleFinding
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop, listed
from guatu.exchange.check_remarks import Remark
from guatu.exchange.checked_copy import copy_name, marked_copy
from guatu.exchange.documents_in import read_document
from guatu.exchange.judging import judge
from guatu.queries.statements_now import Stated, statements_now

VERDICTS = {
    "agrees": gettext_noop("一致"),
    "disagrees": gettext_noop("不一致"),
    "ambiguous": gettext_noop("有歧义"),
    "unbacked": gettext_noop("无依据"),
    "claim true": gettext_noop("成立"),
    "claim false": gettext_noop("不成立"),
}
FINDINGS = {
    "sum": gettext_noop("合计"),
    "percentage": gettext_noop("百分比"),
    "noun_drift": gettext_noop("名词不一"),
    "measure_drift": gettext_noop("量词不一"),
    "scope": gettext_noop("口径"),
}
ALSO_FINDINGS = frozenset(("repeated_sentence", "unresolved_time", "mixed_measures", "approx", "mixed_width"))
"""Rules of style that programs read among `findings`; they stand there as well as in `style`."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One file with its verdicts, or the sentence why it could not be read."""

    file: Path
    text: str = ""
    checked: Checked = field(default_factory=Checked)
    style: tuple[StyleFinding, ...] = ()
    remarks: tuple[Remark, ...] = ()
    sentence: str = ""


def _decided(row: CheckedFigure) -> dict[str, object]:
    """Who has decided what the number means; nothing where nobody has."""
    if row.decided is None:
        return {}
    said = row.decided
    day = said.day.isoformat() if said.day else None
    return {"decided": {"phrase": said.phrase, "key": said.key, "person": said.person, "day": day}}


def as_json(checked: Checked, style: Sequence[StyleFinding]) -> dict[str, list[dict[str, object]]]:
    """The answer as the JSON output has it; `style` holds every finding of style with its replacement."""
    told = [(row.start, row.end, row.kind, row.message) for row in checked.findings]
    told += [(row.start, row.end, row.rule, row.message) for row in style if row.rule in ALSO_FINDINGS]
    return {
        "figures": [
            {
                "start": row.numeral.start,
                "end": row.numeral.end,
                "text": row.numeral.text,
                "verdict": row.verdict,
                "key": row.key,
                "ours": row.ours,
                **({"way": row.way} if row.way else {}),
                **_decided(row),
            }
            for row in checked.figures
        ],
        "claims": [
            {"start": row.start, "end": row.end, "text": row.text, "verdict": row.verdict, "key": row.key}
            for row in checked.claims
        ],
        "times": [
            {
                "start": row.start,
                "end": row.end,
                "text": row.text,
                "kind": row.kind,
                "first": row.first.isoformat() if row.first else None,
                "last": row.last.isoformat() if row.last else None,
            }
            for row in checked.times
        ],
        "findings": [
            {"kind": kind, "start": start, "end": end, "message": message}
            for start, end, kind, message in sorted(told)
        ],
        "style": [
            {
                "rule": row.rule,
                "start": row.start,
                "end": row.end,
                "message": row.message,
                "replacement": row.replacement,
            }
            for row in style
        ],
    }


@click.command(
    help=_(
        "校核 FILE（.docx、.md 或 UTF-8 文本，可以几份）：逐个数字与记录对照，并查文稿自身的矛盾和文字规范。没有数据时只查自身。"
    )
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", metavar=_("日期"), help=_("按哪一天的数据核对，如 2023-11-30；默认今天。"))
@click.option(
    "--known-at", "known_at", metavar=_("时间"), help=_("按当时已知的记录核对：日期、分钟或批号 #N。")
)
@click.option("--campaign", metavar=_("代号"), help=_("哪个专项工作；只有一个时不必给出。"))
@click.option(
    "--docx",
    "copy",
    metavar=_("文件"),
    type=click.Path(path_type=Path),
    help=_("另存带批注的 Word 文件；校核几份时给出一个目录。"),
)
@click.option(
    "--json",
    "as_json_wanted",
    is_flag=True,
    help=_("输出 JSON，位置以提取出的文字的字符计；几份时是一个数组。"),
)
def command(
    files: tuple[Path, ...],
    as_of: str | None,
    known_at: str | None,
    campaign: str | None,
    copy: Path | None,
    as_json_wanted: bool,
) -> None:
    """Print the verdicts and findings of each file; with several, what they say differently too.

    A single file that cannot be read is a failure; among several it is told in its place and the others are checked.
    """
    stated = None
    judged = []
    for file in files:
        try:
            text = read_document(file).text
        except BadInput as failure:
            if len(files) == 1:
                raise
            judged.append(Judged(file, sentence=str(failure)))
            continue
        stated = stated or statements_now(campaign, as_of=as_of, known_at=known_at, actor=operator())
        judged.append(_judged(file, text, stated))
    if stated is None:
        raise BadInput("{said}", said=" ".join(one.sentence for one in judged))
    if copy is not None:
        _save_copies([one for one in judged if not one.sentence], copy, stated, several=len(files) > 1)
    if as_json_wanted:
        said = (
            [_with_file(one) for one in judged]
            if len(files) > 1
            else as_json(judged[0].checked, judged[0].style)
        )
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return
    labels = {one.key: one.label for one in stated.statements}
    day = stated.day.isoformat() if stated.statements and stated.day else ""
    for one in judged:
        if len(files) > 1:
            click.echo(f"== {one.file.name}")
        if one.sentence:
            click.echo(one.sentence)
        else:
            _print_table(one.checked, one.style, labels, day)
        if len(files) > 1:
            click.echo("")
    if len(files) > 1:
        _print_contradictions([one for one in judged if not one.sentence], labels)


def _judged(file: Path, text: str, stated: Stated) -> Judged:
    one = judge(text, stated)
    return Judged(file, text, one.checked, one.style, one.remarks)


def _with_file(one: Judged) -> dict[str, object]:
    """One of several files in the JSON output."""
    if one.sentence:
        return {"file": str(one.file), "error": one.sentence}
    return {"file": str(one.file), **as_json(one.checked, one.style)}


def _save_copies(judged: Sequence[Judged], place: Path, stated: Stated, *, several: bool) -> None:
    """Write the copy with comments to `place`: a file, or a folder when there are several."""
    if several:
        place.mkdir(parents=True, exist_ok=True)
    elif place.is_dir():
        raise BadInput(_("“{name}”是一个目录。请给出要另存的 .docx 文件名。"), name=str(place))
    taken: set[str] = set()
    targets = [place / _free(copy_name(one.file.name), taken) if several else place for one in judged]
    for target in targets:
        if target.exists() and any(target.samefile(one.file) for one in judged):
            raise BadInput(_("“{name}”是原稿。请另起一个文件名保存带批注的 Word。"), name=str(target))
    for one, target in zip(judged, targets, strict=True):
        data = one.file.read_bytes()
        day = stated.day if stated.statements else None
        target.write_bytes(marked_copy(data, one.file.name, one.text, one.remarks, day))


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another file's copy has it already: files of two folders may be called alike."""
    path = PurePath(name)
    names = chain([name], (f"{path.stem} {number}{path.suffix}" for number in count(2)))
    free = next(one for one in names if one.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _print_contradictions(judged: Sequence[Judged], labels: Mapping[str, str]) -> None:
    """What the files say differently of the same figure."""
    found = contradictions([(one.text, one.checked) for one in judged])
    for row in found:
        said = listed(f"{judged[one.text].file.name} {one.numeral.text}" for one in row.sayings)
        click.echo(_("[文稿之间] {label}：{said}").format(label=labels.get(row.key, row.phrase), said=said))
    click.echo(_("文稿之间的矛盾 {count} 处。").format(count=len(found)))


def _ours(figure: CheckedFigure, compared: bool) -> str:
    """Our number, what to do without one, and whose decision the verdict rests on."""
    unknown = _("未能识别为哪一项统计；请人工核对") if compared and figure.verdict == "unbacked" else ""
    ours = _("按{way}一致：{ours}").format(way=figure.way, ours=figure.ours) if figure.way else figure.ours
    if figure.decided is None:
        return ours or unknown
    ours = ours or _("人工数")
    return f"{ours} {figure.decided.told}"


def _print_table(
    checked: Checked, style: Sequence[StyleFinding], labels: Mapping[str, str], day: str
) -> None:
    """Verdicts as a table. What was counted is our label where we know the figure, else the words beside the number."""
    rows = [
        [
            _(VERDICTS[f.verdict]),
            f.numeral.text,
            labels.get(f.key or "", f.numeral.noun),
            f.key or "",
            _ours(f, bool(labels)),
        ]
        for f in checked.figures
    ]
    rows += [
        [_(VERDICTS[c.verdict]), c.text, labels.get(c.key or "", ""), c.key or "", c.ours or ""]
        for c in checked.claims
    ]
    if rows:
        click.echo(table([_("结论"), _("文中"), _("事物"), _("统计项"), _("我们的数")], rows))
        click.echo("")
    for finding in checked.findings:
        kind = _(FINDINGS[finding.kind])
        click.echo(f"[{kind}] {finding.start}–{finding.end} {finding.message}")
    if style:
        click.echo(_("文字规范："))
    for one in style:
        name = _(BY_KEY[one.rule].name)
        click.echo(f"[{name}] {one.start}–{one.end} {one.message}")
    counts = Counter(f.verdict for f in checked.figures) + Counter(c.verdict for c in checked.claims)
    summary = listed(f"{_(VERDICTS[v])} {n}" for v, n in counts.items()) or _("没有找到数字")
    basis = _("按 {day} 的数据核对").format(day=day) if day else _("没有可对照的数据，只查了文稿自身")
    click.echo(
        _("{basis}：{summary}；文稿自身的问题 {count} 处，文字规范 {style} 处。").format(
            basis=basis, summary=summary, count=len(checked.findings), style=len(style)
        )
    )
