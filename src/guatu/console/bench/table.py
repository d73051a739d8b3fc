"""The measurement for people: one line per operation."""

from __future__ import annotations

from typing import Any

from guatu.domain.words import gettext as _


def table(found: dict[str, Any]) -> str:
    """What `guatu bench` prints without --json."""
    lines = [
        _("数据库：{database} · Python {python} · {cores} 核，负载 {load}").format(**found),
    ]
    if found.get("rush"):
        lines += _rush(found["rush"])
    return "\n".join([*lines, *_everyday(found)] if "demo" in found else lines)


def _everyday(found: dict[str, Any]) -> list[str]:
    demo = found["demo"]
    lines = [
        _("单位 {units}，事项 {items}").format(**found),
        _(
            "示例数据：编写 {telling_seconds} 秒，装入 {loading_seconds} 秒（{batches} 批，{statements} 条语句）"
        ).format(**demo),
    ]
    if demo["copied"]:
        lines.append(_("复制 {copied} 项，{copying_seconds} 秒").format(**demo))
    for one in found["bulk"]:
        lines.append(
            _(
                "一次写入 {items} 项（{action}）：共 {seconds} 秒，其中事务内 {inside_seconds} 秒，{statements} 条语句"
            ).format(**one)
        )
    if found.get("csv"):
        lines.append(
            _(
                "全部清单导出 CSV：{registers} 个清单，{lines} 行，{seconds} 秒，内存增加 {growth_mb} MB"
            ).format(**found["csv"])
        )
    if found.get("rows"):
        lines.append(
            _(
                "一份填报表 {rows} 行：共 {seconds} 秒（读 {read_seconds}、核对 {compare_seconds}、写入 {write_seconds}），"
                "直接读表加手写 SQL {by_hand_seconds} 秒，{ratio} 倍，内存最多 {peak_mb} MB"
            ).format(**found["rows"])
        )
    if found.get("drop"):
        lines.append(
            _(
                "收回 {files} 份填报表：{seconds} 秒，每份 {per_file_ms} 毫秒，导入 {applied} 份，没有导入 {broken} 份，"
                "内存最多 {peak_mb} MB"
            ).format(**found["drop"])
        )
    if found["peak_mb"]:
        lines.append(_("测量期间内存最多 {peak_mb} MB").format(**found))
    head = _("{p50:>10} {p95:>10} {cpu:>8} {statements:>6} {by_hand:>10} {ratio:>6} {size:>16}  操作")
    lines.append(
        head.format(
            p50="p50 ms",
            p95="p95 ms",
            cpu="CPU ms",
            statements="SQL",
            by_hand="SQL ms",
            ratio="×",
            size="size",
        )
    )
    for one in found["operations"]:
        size = f"{one['size']} {one['size_unit']}"
        hand = "" if one["by_hand"] is None else f"{one['by_hand']:.1f}"
        ratio = "" if one["ratio"] is None else f"{one['ratio']:.2f}"
        lines.append(
            f"{one['p50']:>10.1f} {one['p95']:>10.1f} {one['cpu']:>8.1f} {one['statements']:>6} {hand:>10} {ratio:>6} {size:>16}  {one['name']}"
        )
    return lines


def _rush(found: dict[str, Any]) -> list[str]:
    """The deadline rush: a line for the whole, one for each step, what went wrong."""
    steps = {
        "open": _("打开（此前）"),
        "save": _("暂存"),
        "hand_in": _("报送"),
        "again": _("连按两下的第二下"),
        "see": _("报送后的页面"),
        "list": _("清单，16 人同时"),
    }
    lines = [
        _(
            "{units} 家单位在 {within_seconds} 秒内报送：共 {seconds} 秒，报上 {handed_in} 份，{rows} 行，重复 {doubled}，剩下草稿 {drafts_left}，"
            "服务计算 {server_cpu_seconds} 秒"
        ).format(**found),
        _("核对：全部相符。") if found["verified"] else found["broken"],
    ]
    for one in found["steps"]:
        said = " ".join(f"{status}×{count}" for status, count in sorted(one["statuses"].items()))
        lines.append(
            _("{name}：{count} 次，p50 {p50} 毫秒，p95 {p95} 毫秒，最长 {max} 毫秒（{said}）").format(
                **one, name=steps[one["step"]], said=said
            )
        )
    if found.get("per_second"):
        lines.append(_("清单每秒 {per_second} 页").format(**found))
    return lines + found["wrong"]
