"""`guatu check`: a written document against the records and against itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from guatu.access import operator
from guatu.console.columns import table
from guatu.domain.checker import Checked, check
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop, listed
from guatu.exchange.documents_in import read_document
from guatu.queries.statements_now import statements_now

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
    "repeated_sentence": gettext_noop("重复"),
    "unresolved_time": gettext_noop("时间不清"),
    "mixed_measures": gettext_noop("量词不一"),
    "approx": gettext_noop("约数"),
    "mixed_width": gettext_noop("全半角"),
}


def as_json(checked: Checked) -> dict[str, list[dict[str, object]]]:
    """The answer as the JSON output has it."""
    return {
        "figures": [
            {
                "start": row.numeral.start,
                "end": row.numeral.end,
                "text": row.numeral.text,
                "verdict": row.verdict,
                "key": row.key,
                "ours": row.ours,
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
            {"kind": row.kind, "start": row.start, "end": row.end, "message": row.message}
            for row in checked.findings
        ],
    }


@click.command(
    help=_("校核 FILE（.docx 或 UTF-8 文本）：逐个数字与记录对照，并查文稿自身的矛盾。没有数据时只查自身。")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", metavar=_("日期"), help=_("按哪一天的数据核对，如 2023-11-30；默认今天。"))
@click.option(
    "--known-at", "known_at", metavar=_("时间"), help=_("按当时已知的记录核对：日期、分钟或批号 #N。")
)
@click.option("--campaign", metavar=_("代号"), help=_("哪个专项工作；只有一个时不必给出。"))
@click.option("--json", "as_json_wanted", is_flag=True, help=_("输出 JSON，位置以提取出的文字的字符计。"))
def command(
    file: Path, as_of: str | None, known_at: str | None, campaign: str | None, as_json_wanted: bool
) -> None:
    """Print the verdicts and findings of FILE."""
    text = read_document(file).text
    stated = statements_now(campaign, as_of=as_of, known_at=known_at, actor=operator())
    checked = check(
        text, stated.statements, stated.relations, stated.day, stated.own_names, stated.campaign_names
    )
    if as_json_wanted:
        click.echo(json.dumps(as_json(checked), ensure_ascii=False, indent=1))
        return
    labels = {one.key: one.label for one in stated.statements}
    _print_table(checked, labels, stated.day.isoformat() if stated.statements and stated.day else "")


def _print_table(checked: Checked, labels: Mapping[str, str], day: str) -> None:
    """Verdicts as a table. What was counted is our label where we know the figure, else the words beside the number."""
    rows = [
        [
            _(VERDICTS[f.verdict]),
            f.numeral.text,
            labels.get(f.key or "", f.numeral.noun),
            f.key or "",
            f.ours or (_("未能识别为哪一项统计；请人工核对") if labels and f.verdict == "unbacked" else ""),
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
    counts = Counter(f.verdict for f in checked.figures) + Counter(c.verdict for c in checked.claims)
    summary = listed(f"{_(VERDICTS[v])} {n}" for v, n in counts.items()) or _("没有找到数字")
    basis = _("按 {day} 的数据核对").format(day=day) if day else _("没有可对照的数据，只查了文稿自身")
    click.echo(
        _("{basis}：{summary}；文稿自身的问题 {count} 处。").format(
            basis=basis, summary=summary, count=len(checked.findings)
        )
    )
