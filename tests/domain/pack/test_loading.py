from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from guatu.domain.errors import BadInput
from guatu.domain.pack import Pack, PackError, builtin_pack, builtin_packs, load_pack

THEME = builtin_packs()["theme-education"]


REGISTERS = (
    "key_tasks",
    "unit_tasks",
    "guidance",
    "media",
    "topics",
    "visits",
    "focuses",
    "problems",
    "measures",
)
WORKFLOWS = ("log", "standing", "task", "topic", "closed_loop")
FIGURES = (
    "units_l3",
    "task_aspects",
    "survey_visits",
    "survey_solved",
    "issues_total",
    "issues_closed",
    "issues_to_close",
    "issues_done",
    "issues_rate",
)
REPORT = """\
key: summary
label: 总结报告
title: 关于{campaign}开展情况的报告
salutation: "{organisation}："
blocks:
  - heading: 加强领导
  - paragraph:
      - "全集团<、{units_l3}三级单位|{survey_visits}调研>。"
      - cases:
          - text: "检视问题{issues_total}，{issues_on_time}。"
          - when: {fails: [issues_on_time]}
            text: "检视问题{issues_total}。"
signature: "{office}"
"""
LOOP = """loop:
  problems: problems
  people_reported: {source: [public]}
"""
DESK = """\
desk:
  office: [issues_total, issues_closed]
  leader: [issues_rate, issues_closed]
  visits: visits
"""
ON_TIME = """\
  issues_on_time:
    label: 按期整改
    section: 检视整改
    definition: 未销号问题均未超过时限。
    of: problems
    agg: {all: {late: false}}
    where: {phase: [open, review]}
    say:
      phrases: [均按期整改]
relations:
  - issues_closed <= issues_total
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the built-in pack that stands by itself and loads in no time."""
    small = tmp_path_factory.mktemp("small")
    for inside, keys in (("registers", REGISTERS), ("workflows", WORKFLOWS)):
        (small / inside).mkdir()
        for key in keys:
            shutil.copy(THEME / inside / f"{key}.yaml", small / inside)
    head = (THEME / "pack.yaml").read_text(encoding="utf-8")
    listed = "".join(f"  - {key}\n" for key in REGISTERS)
    head = re.sub(r"^registers:\n(  - \w+\n)+", f"registers:\n{listed}", head, flags=re.MULTILINE)
    head = re.sub(r"^desk:\n(  .*\n)+", DESK, head, flags=re.MULTILINE)
    head = re.sub(r"^loop:\n(  .*\n)+", LOOP, head, flags=re.MULTILINE)
    (small / "pack.yaml").write_text(head, encoding="utf-8")
    figures = (THEME / "figures.yaml").read_text(encoding="utf-8")
    blocks = [re.search(rf"^  {key}:\n(    .*\n)+", figures, flags=re.MULTILINE) for key in FIGURES]
    kept = "".join(block.group() for block in blocks if block is not None)
    (small / "figures.yaml").write_text(f"figures:\n{kept}{ON_TIME}", encoding="utf-8")
    (small / "reports").mkdir()
    (small / "reports" / "summary.yaml").write_text(REPORT, encoding="utf-8")
    load_pack(small)
    return small


@pytest.fixture
def folder(small: Path, tmp_path: Path) -> Path:
    """A copy of the small pack that a test may spoil."""
    return Path(shutil.copytree(small, tmp_path / "pack"))


def spoil(folder: Path, file: str, old: str, new: str) -> int:
    """Replace `old` once; the line on which it stood."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refusal(folder: Path) -> PackError:
    with pytest.raises(PackError) as failure:
        load_pack(folder)
    return failure.value


def test_the_built_in_pack_is_the_same_after_a_round_trip_through_its_stored_text() -> None:
    pack = builtin_pack("theme-education")
    again = Pack.model_validate_json(pack.canonical)
    assert again == pack
    assert again.canonical == pack.canonical
    assert again.sha256 == pack.sha256
    assert list(again.figures) == list(pack.figures)
    assert list(again.registers) == list(pack.registers)


def test_any_change_of_content_changes_the_hash(folder: Path, small: Path) -> None:
    spoil(folder, "registers/visits.yaml", "label: 调研走访", "label: 走访调研")
    assert load_pack(folder).sha256 != load_pack(small).sha256


def test_a_changed_copy_has_a_hash_of_its_own(small: Path) -> None:
    pack = load_pack(small)
    known = pack.sha256
    assert pack.model_copy().sha256 == known
    assert pack.model_copy(update={"relation_texts": ()}).sha256 != known


def test_a_comment_changes_nothing(folder: Path, small: Path) -> None:
    spoil(folder, "registers/visits.yaml", "key: visits", "# 说明\nkey: visits")
    assert load_pack(folder).sha256 == load_pack(small).sha256


def test_a_pack_cannot_be_changed_once_loaded() -> None:
    pack = builtin_pack("theme-education")
    with pytest.raises(ValueError):
        pack.head.version = "9.9"  # type: ignore[misc]


# Each row: the file, what stands there, what it becomes, the key and the words of the refusal.
MISTAKES = [
    ("registers/problems.yaml", "type: date,", "type: strng,", "fields[2].type", "填的是“strng”。可用：text、long_text"),
    ("registers/problems.yaml", "noun: 问题", "nouns: 问题", "nouns", "不认识。可用：key、label、noun"),
    ("registers/problems.yaml", "workflow: closed_loop", "workflow: loop", "workflow", "填的是“loop”。可用：closed_loop、log"),
    ("registers/measures.yaml", "parent: problems", "parent: issues", "parent", "填的是“issues”。可用：key_tasks"),
    ("registers/visits.yaml", "flow_day: held_on", "flow_day: found", "flow_day", "填的是“found”。可用：held_on"),
    ("registers/visits.yaml", "lead_levels: [group, second, third]", "lead_levels: [group, fourth]", "lead_levels[1]", "可用：group、second、third、branch"),
    ("registers/visits.yaml", "register: topics", "register: themes", "fields[2].register", "填的是“themes”"),
    ("registers/visits.yaml", "type: item, register: topics", "type: item", "fields[2].type", "没有写 register"),
    ("registers/visits.yaml", "type: person", "type: person, register: topics", "fields[3].register", "只有 item 字段"),
    ("registers/visits.yaml", "key: found, label", "key: state, label", "fields[5].key", "每个事项自带"),
    ("registers/visits.yaml", "{key: found, label", "{key: solved, label", "fields", "“solved”写了两次"),
    ("registers/visits.yaml", "columns: [number, title,", "columns: [number, titel,", "columns[1]", "填的是“titel”。可用：number、title"),
    ("registers/visits.yaml", "measure: 次", "measure: 3", "measure", "填的是“3”，应为文字"),
    ("registers/visits.yaml", "fills: [office, liaison, filler]", "fills: [office, clerk]", "fills[1]", "填的是“clerk”。可用：leader、office"),
    ("registers/visits.yaml", "prefix: DY", "prefix: dy", "prefix", "不合写法"),
    ("registers/visits.yaml", "prefix: DY", "prefix: WT", "prefix", "与其他清单重复"),
    ("registers/visits.yaml", "section: 调查研究\n", "", "section", "没有填写"),
    ("registers/media.yaml", "{key: own, label", "{key: industry, label", "fields[0].choices", "“industry”写了两次"),
    ("registers/media.yaml", "type: choice", "type: text", "fields[0].choices", "只有 choice、multi_choice"),
    ("registers/media.yaml", "required_in: [recorded]", "required_in: [done]", "fields[0].required_in[0]", "填的是“done”。可用：recorded、void"),
    ("registers/unit_tasks.yaml", "due: required", "due: none", "light", "没有时限的清单不能亮灯"),
    ("registers/unit_tasks.yaml", "start: true", "start: false", "light", "要有起始日"),
    ("workflows/log.yaml", "phase: closed", "phase: shut", "states.recorded.phase", "填的是“shut”。可用：draft、open、review、closed、void"),
    ("workflows/log.yaml", "from: [recorded]", "from: [written]", "transitions[0].from[0]", "填的是“written”。可用：recorded、void"),
    ("workflows/log.yaml", "    to: void", "    to: gone", "transitions[0].to", "填的是“gone”"),
    ("workflows/log.yaml", "initial: [recorded]", "initial: []", "initial", "为空"),
    ("workflows/log.yaml", "level: any", "level: everywhere", "transitions[0].level", "可用：own、above、outside、root、any"),
    ("workflows/log.yaml", "reason: true", "reason: yes please", "transitions[0].reason", "应为true 或 false"),
    ("workflows/task.yaml", "evidence: true", "needs: [proof]", "transitions[1].needs[0]", "没有这个字段"),
    ("workflows/closed_loop.yaml", "    to: rebounded", "    to: returned", "states.rebounded", "没有任何流转能到达"),
    ("pack.yaml", "levels:\n  - {key: group", "levels:\n  - {key: Group", "levels[0].key", "不合写法"),
    ("pack.yaml", "  auditor: 审计人员\n", "", "roles", "缺少角色“auditor”"),
    ("pack.yaml", "  - visits\n", "  - visit\n", "registers[5]", "列了“visit”，但没有 registers/visit.yaml"),
    ("registers/visits.yaml", "aspect: research", "aspect: reserch", "aspect", "填的是“reserch”。可用：organisation"),
    ("registers/unit_tasks.yaml", "parent: key_tasks", "parent: key_tasks\naspect: research", "aspect", "不能整体归入一个方面"),
    ("pack.yaml", "group: aspect", "group: aspects", "wall.group", "填的是“aspects”。可用：aspect"),
    ("pack.yaml", "register: unit_tasks", "register: problems", "wall.register", "排不成作战图"),
    ("pack.yaml", "columns: key_tasks", "columns: tasks", "wall.columns", "填的是“tasks”。可用：key_tasks"),
    ("pack.yaml", "short: short_name", "short: shortname", "wall.short", "填的是“shortname”。可用：aspect、short_name"),
    ("pack.yaml", "order: order", "order: place", "wall.order", "填的是“place”。可用：number"),
    ("pack.yaml", "office: [issues_total,", "office: [issues,", "desk.office[0]", "填的是“issues”。可用：units_l3"),
    ("pack.yaml", "leader: [issues_rate,", "leader: [issues_on_time,", "desk.leader[0]", "填的是“issues_on_time”"),
    ("pack.yaml", "leader: [issues_rate,", "leader: [issues_closed,", "desk.leader", "“issues_closed”写了两次"),
    ("pack.yaml", "  visits: visits", "  visits: problems", "desk.visits", "填的是“problems”。可用：guidance、media、visits"),
    ("pack.yaml", "    due_soon_days: 7", "    due_soon_days: 700", "lights.task.due_soon_days", "填的是“700”，不在允许的范围内"),
    ("pack.yaml", "  leader: 集团领导", "  boss: 集团领导", "roles.boss", "填的是“boss”。可用：leader、office"),
    ("pack.yaml", "  stages: false", "  stages: 0.5", "words.stages", "应为true 或 false"),
    ("pack.yaml", "version: \"1.0\"", "version: 2023-11-30", "version", "填的是“2023-11-30”，不合写法"),
    ("registers/media.yaml", "    choices:\n", "    help: 无\n    help2:\n", "fields[0].help2", "不认识"),
    ("registers/problems.yaml", "{key: found_on, label: 发现日期, type: date,", "{key: found_on, label: 发现日期, type: choice,", "fields[2].type", "没有 choices"),
    ("workflows/log.yaml", "initial: [recorded]", "initial: [written]", "initial[0]", "填的是“written”"),
    ("reports/summary.yaml", "fails: [issues_on_time]", "fails: [nothing]", "blocks[1].paragraph[1].cases[1].when", "填的是“nothing”"),
    ("reports/summary.yaml", "  - heading: 加强领导", "  - heading: 加强领导\n    subheading: 层层压实", "blocks[0]", "只能写 heading、subheading、paragraph 中的一种"),
    ("figures.yaml", "where: {level: third}", "where: {level: fourth}", "figures.units_l3.where.level", "“fourth”不存在。可用：group、second、third、branch"),
    ("figures.yaml", "of: key_tasks", "of: tasks", "figures.task_aspects.of", "“tasks”不存在"),
    ("figures.yaml", "agg: {sum: solved}", "agg: {sum: solvd}", "figures.survey_solved.agg", "“solvd”不存在。可用：found、solved"),
    ("figures.yaml", "agg: {ratio: [issues_done,", "agg: {ratio: [issues_shut,", "figures.issues_rate.agg", "“issues_shut”不存在"),
    ("figures.yaml", "issues_closed <= issues_total", "issues_shut <= issues_total", "relations[0]", "“issues_shut”不存在"),
    ("figures.yaml", "issues_closed <= issues_total", "issues_closed < issues_total", "relations[0]", "请写成 a + b == c"),
    ("figures.yaml", "where: {phase: closed}", "where: {phase: done}", "figures.issues_closed.where.phase", "“done”不存在"),
    ("figures.yaml", "    agg: count\n", "    agg: count\n    basis: signed\n", "figures.units_l3.basis", "“basis”只用于清单的事项"),
    ("figures.yaml", "    agg: count\n", "    agg: count\n    basis: seen\n", "figures.units_l3.basis", "填的是“seen”"),
    ("figures.yaml", "    agg: count\n", "    agg: count\n    variants: {upward: {label: 上报口径, note: 不计, basis: signed}}\n", "figures.units_l3.variants", "只用于清单的事项"),
    ("figures.yaml", "    agg: count\n", "    agg: count\n    variants: {upward: {label: 上报口径, note: 不计}}\n", "figures.units_l3.variants.upward", "没有写与统计项不同的 where 或 basis"),
    ("figures.yaml", "      upward:\n        label: 上报口径", "      office:\n        label: 上报口径", "figures.issues_total", "口径的标识“office”不能用"),
    ("figures.yaml", "        where: {source: [self_review, research, inspection, audit]}", "        where: {nothing: a}", "figures.issues_total.variants.upward.where", "“nothing”不存在"),
    ("reports/summary.yaml", "{units_l3}三级单位", "{units_l3@upward}三级单位", "blocks[1].paragraph[0]", "填的是“units_l3@upward”"),
    ("figures.yaml", "    where: {state: {not: [long_term, checking]}}\n", "    where: {state: {not: [long_term, checking]}}\n    outside: include\n", "figures.issues_rate.agg", "不能作为其他统计项的组成部分"),
    ("figures.yaml", "    agg: count\n", "    agg: count\n    role: involved\n", "figures.units_l3.role", "只用于清单的事项"),
    ("figures.yaml", "      measures: [家, 个, 户]\n", "", "figures.units_l3.say", "没有量词"),
    ("figures.yaml", "    section: 单位和人员\n", "", "figures.units_l3", "没有写 section"),
    ("reports/summary.yaml", "{units_l3}三级单位", "{units_l4}三级单位", "blocks[1].paragraph[0]", "填的是“units_l4”"),
    ("reports/summary.yaml", "{units_l3}三级单位", "{units_l3三级单位", "blocks[1].paragraph[0]", "没有成对"),
    ("reports/summary.yaml", "<、{units_l3}", "<{units_l3}", "blocks[1].paragraph[0]", "没有写明连接符"),
    ("reports/summary.yaml", "<、{units_l3}三级单位|", "<、三级单位|", "blocks[1].paragraph[0]", "没有统计项"),
    ("reports/summary.yaml", "{units_l3}三级单位", "{units_l3:二百一十六家}三级单位", "blocks[1].paragraph[0]", "不能另写说法"),
    ("reports/summary.yaml", "fails: [issues_on_time]", "fails: [issues_total]", "blocks[1].paragraph[1].cases[1].when", "“issues_total”不是论断"),
    ("reports/summary.yaml", "关于{campaign}开展", "关于{units_l3}开展", "title", "可用：organisation、campaign"),
    ("reports/summary.yaml", "  - heading: 加强", "  - title: 加强", "blocks[0].title", "不认识。可用：heading、subheading、paragraph"),
    ("reports/summary.yaml", "key: summary", "key: summary\nkind: poster", "kind", "“poster”不是文种"),
    ("registers/measures.yaml", "light: due", "light: due\nmilestones: true", "milestones", "节点要有上级事项和时限"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "key", "said"), MISTAKES)
def test_a_mistake_is_named_with_its_file_line_key_and_what_is_allowed(
    folder: Path, file: str, old: str, new: str, key: str, said: str
) -> None:
    spoil(folder, file, old, new)
    error = refusal(folder)
    sentence = str(error)
    assert error.file == file
    assert sentence.startswith(f"{file} 第 {error.line} 行 {error.key} ")
    assert error.key.startswith(key)
    assert said in sentence
    assert "请" in sentence
    last = error.key.rsplit(".", 1)[-1].partition("[")[0]
    line = (folder / file).read_text(encoding="utf-8").split("\n")[error.line - 1]
    assert error.line == 1 or last in line or line.lstrip().startswith(("-", "{")) or line.endswith(":")


def test_the_line_is_the_line_of_the_mistake(folder: Path) -> None:
    line = spoil(folder, "registers/problems.yaml", "type: date,", "type: strng,")
    error = refusal(folder)
    assert error.line == line
    assert str(error) == (
        f"registers/problems.yaml 第 {line} 行 fields[2].type 填的是“strng”。可用：text、long_text、integer、"
        "decimal、money、percent、date、choice、multi_choice、yes_no、unit、units、person、item、file。请改正后重新装入。"
    )


def test_of_several_mistakes_in_a_file_the_first_line_is_named(folder: Path) -> None:
    spoil(folder, "registers/problems.yaml", "type: date,", "type: strng,")
    first = spoil(folder, "registers/problems.yaml", "noun: 问题", "nouns: 问题")
    assert refusal(folder).line == first


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "应为“键: 值”的写法"),
        (b"- a\n- b\n", "应为“键: 值”的写法"),
        (b"key: [1, 2\nlabel: x\n", "不符合 YAML 写法"),
        (b"key: a\nkey: b\n", "写了两次"),
        (b"12: a\n", "应为文字"),
        ("key: 专项".encode("gb18030"), "不是 UTF-8"),
        (b"key: \x00\n", "不符合 YAML 写法"),
        (b"a: &x {b: 1}\nc: *y\n", "不符合 YAML 写法"),
    ],
)
def test_a_file_that_is_no_yaml_mapping_is_refused(folder: Path, content: bytes, said: str) -> None:
    (folder / "registers" / "visits.yaml").write_bytes(content)
    error = refusal(folder)
    assert error.file == "registers/visits.yaml"
    assert said in str(error)


def test_a_file_whose_key_is_not_its_name_is_refused(folder: Path) -> None:
    (folder / "registers" / "visits.yaml").rename(folder / "registers" / "tours.yaml")
    spoil(folder, "pack.yaml", "  - visits\n", "  - tours\n")
    assert "与文件名“tours”不一致" in str(refusal(folder))


def test_a_register_that_the_pack_does_not_list_is_not_silently_left_out(folder: Path) -> None:
    spoil(folder, "pack.yaml", "  - guidance\n", "")
    error = refusal(folder)
    assert (error.file, error.line) == ("registers/guidance.yaml", 0)
    assert "没有列入" in str(error)


def test_a_light_that_the_pack_does_not_declare_is_named_where_it_is_used(folder: Path) -> None:
    spoil(folder, "pack.yaml", "  due:\n    label: 时限灯", "  time:\n    label: 时限灯")
    error = refusal(folder)
    assert (error.file, error.key) == ("registers/problems.yaml", "light")
    assert "填的是“due”。可用：task、time" in str(error)


def test_a_folder_in_the_place_of_a_file_is_refused(folder: Path) -> None:
    (folder / "workflows" / "odd.yaml").mkdir()
    error = refusal(folder)
    assert (error.file, error.line) == ("workflows/odd.yaml", 0)
    assert "无法读取" in str(error)


def test_a_pack_may_have_no_figures_and_no_wall(folder: Path) -> None:
    (folder / "figures.yaml").unlink()
    shutil.rmtree(folder / "reports")
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    (folder / "pack.yaml").write_text(text.partition("wall:")[0], encoding="utf-8")
    pack = load_pack(folder)
    assert pack.figures == {}
    assert pack.wall is None


def test_a_pack_answers_by_key() -> None:
    pack = builtin_pack("theme-education")
    assert (pack.key, pack.name, pack.version) == ("theme-education", "主题教育", "1.0")
    assert pack.words.office == "主题教育办公室"
    assert pack.register("problems").noun == "问题"
    assert pack.register("problems").field("category") is not None
    assert pack.register("problems").field("nothing") is None
    loop = pack.workflow_of("problems")
    assert loop == pack.workflow("closed_loop")
    assert loop.phase_of("verifying") == "review"
    assert [way.key for way in loop.ways_from("applied")] == [
        "take_up",
        "approve_own",
        "approve_above",
        "send_back",
    ]
    approve = loop.transition("approve")
    assert approve is not None
    assert (approve.origins, approve.to, approve.four_eyes) == (("verifying",), "closed", True)
    assert loop.transition("nothing") is None
    assert pack.figure("plans_open").label == "推进中的专项整治方案"
    assert pack.report("summary").label == "总结报告"
    assert "plans_on_track" in pack.report("summary").keys
    assert pack.role_label("liaison") == "二级公司联络员"
    assert pack.role_label("nobody") == "nobody"
    assert pack.wall is not None
    assert (pack.wall.register_key, pack.wall.columns) == ("unit_tasks", "key_tasks")
    with pytest.raises(KeyError):
        pack.register("nothing")


def test_every_mechanism_has_its_register_with_a_field_for_each_date_it_counts_by() -> None:
    pack = builtin_pack("theme-education")
    assert len(pack.registers) == 32
    for register in pack.registers.values():
        if register.flow_day is not None:
            day = register.field(register.flow_day)
            assert day is not None
            assert pack.workflow_of(register.key).initial[0] in day.required_in, register.key


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="不是专项模板"):
        load_pack(tmp_path)


def test_a_figure_made_of_itself_is_refused(folder: Path) -> None:
    spoil(
        folder,
        "figures.yaml",
        "agg: {ratio: [issues_done, issues_to_close]}",
        "agg: {ratio: [issues_rate, issues_to_close]}",
    )
    assert "绕回" in str(refusal(folder))


def test_what_is_taken_in_never_stands_in_the_place_of_what_the_pack_says_itself(folder: Path) -> None:
    spoil(folder, "workflows/log.yaml", "key: log", "key: return")
    (folder / "workflows/log.yaml").rename(folder / "workflows/return.yaml")
    failure = refusal(folder)
    assert (failure.file, failure.key) == ("pack.yaml", "includes[0]")
    assert "“collection”带来的 workflows/return.yaml 与本模板的同名。" in str(failure)
