"""The pool of good practice: entries that office and liaisons take in, each from an item of its unit, of several aspects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from guatu.access import visible
from guatu.actions.items import NewItem, create_items
from guatu.demo.papers import Photo
from guatu.demo.scenes import Scene, Stage, handed_in
from guatu.domain.writing.body import ParagraphBlock
from guatu.queries.materials import paragraph_of
from guatu.records.models import Item

REGISTER = "materials"


@dataclass(frozen=True, slots=True)
class Entry:
    """Taken in by `by` on `day`, from an item of `register` whose title holds `subject`. `photo`: what the picture says."""

    day: date
    by: str
    aspect: str
    register: str
    subject: str
    title: str
    text: str
    photo: str = ""


# fmt: off
ENTRIES: tuple[Entry, ...] = (
    Entry(date(2023, 11, 1), "linxiaolan", "research", "visits", "走访倒班宿舍", "夜访倒班宿舍，当夜建账",
          "领导班子成员随末班车到倒班宿舍，和职工走一遍下班路，听到的事当夜记入台账，次日早会分到人，办没办成由住宿职工评价。"),
    Entry(date(2023, 11, 2), "guxingzhou", "learning", "study", "读书班：调查研究方法", "带着难题进班，带着清单回岗",
          "读书班不念统一讲稿，学员开班前各交一个本岗位的难题，分组讨论，结业时各领一张改进清单，回岗后由班组评议办得怎么样。"),
    Entry(date(2023, 11, 7), "zhouqiming", "rectification", "problems", "挂号窗口高峰期排队时间长", "窗口跟着人流走",
          "按上一周的到诊时段排窗口，早高峰加开的窗口由机关科室轮流支援，缴费和打印移到各楼层自助机，大厅不再排长队。",
          "早高峰挂号大厅"),
    Entry(date(2023, 11, 7), "linxiaolan", "rectification", "problems", "消防通道堆放周转箱", "通道画线到人，堆物当班清",
          "通道用色带画线，分段写上责任人姓名，交接班多一项“看通道”，谁当班谁清走，保卫部门只抽查、不代办。", "画线后的通道"),
    Entry(date(2023, 11, 8), "linxiaolan", "rectification", "problems", "班车时间与夜班不衔接", "班车时刻由班次定",
          "通勤车时刻表改由各车间的班次倒推，夜班临时加点的，班长在群里报人数，后勤部门半小时内答复有没有车。"),
    Entry(date(2023, 11, 8), "linxiaolan", "rectification", "problems", "原料冷库夜间温度告警无人应答", "一处告警，三级接应",
          "冷库告警先到值班员，十分钟无人确认转班长，再过十分钟转分管负责人；每次告警留下确认时间，次日早会逐条过。"),
    Entry(date(2023, 11, 9), "guxingzhou", "organisation", "meetings", "主任例会", "例会只议卡住的事",
          "例会不再逐家念进度，进度看图，会上只议变黄、变红和等着协调的事项；每件定一个牵头部门、一个答复日，会后当天录入。"),
    Entry(date(2023, 11, 9), "linxiaolan", "development", "services", "护眼小课堂", "课随学校的课表走",
          "先问学校哪一节课空得出来，再定医护的班次；查出视力异常的，由社区医院建档复查，家长当天收到提醒。"),
    Entry(date(2023, 11, 14), "luwenbo", "research", "visits", "走访试验中心", "试验排期摆在明处",
          "调研中听到外协单位反映排期不透明，试验中心把设备排期挂到网上，能约的时段随时更新，急件插队要写明理由。"),
    Entry(date(2023, 11, 16), "linxiaolan", "rectification", "problems", "门诊投诉答复不及时", "一件投诉，一人办到底",
          "接到投诉的科室就是牵头科室，不转办；当日联系本人，办结前由护士长再打一次电话，听本人说满意才算完。"),
    Entry(date(2023, 11, 20), "guxingzhou", "learning", "study", "专题党课：安全生产责任", "党课讲到现场",
          "专题课不在会议室讲，讲完一段就到现场看一处，由当班的人指给大家看隐患在哪里、怎么改的，课后各班补进自查表。"),
    Entry(date(2023, 11, 21), "guxingzhou", "rectification", "problems", "外协委托审批层级多", "小额委托一张单子办完",
          "限额以下的外协委托由项目负责人一次签完，财务按月抽查；超出限额的仍走原流程，哪一级压了几天在单子上看得见。"),
    Entry(date(2023, 11, 22), "linxiaolan", "rectification", "problems", "质量报表重复填报", "一个数只填一次",
          "把各部门要的表摆在一起，相同的栏目并成一栏，由产生数据的班组填一次，其他表自动取用，停掉的表在公告栏写明。",
          "并表以后的填报台"),
    Entry(date(2023, 11, 22), "zhouqiming", "rectification", "problems", "门诊大厅老年人就医引导不足", "大厅里有人陪到底",
          "门诊大厅设陪诊岗，由退休职工和青年志愿者轮班，给独自来的老年人挂号、引路、取药一路陪到底，看完再送到车站。",
          "门诊大厅陪诊岗"),
    Entry(date(2023, 11, 24), "linxiaolan", "rectification", "problems", "分包合同归档缺项", "合同一单一档，缺项先提醒",
          "合同从用印那天起建电子档，缺哪一项自动提醒经办人，结算前缺项不清的不付尾款，项目部不再年底集中补档。"),
    Entry(date(2023, 11, 27), "linxiaolan", "development", "problems", "塔吊闲置", "闲置设备挂牌共用",
          "项目部把闲置设备的型号、所在地和空档期挂到公司平台，先内部调剂再对外租，运费由调入方承担，账目按月结清。"),
    Entry(date(2023, 11, 28), "guxingzhou", "organisation", "guidance", "", "指引附一页“常见填法”",
          "每份工作指引后面附一页填写示例，写对的和容易写错的并排放，基层照着填，来电询问少了，退回也少了。"),
    Entry(date(2023, 11, 28), "linxiaolan", "development", "problems", "新员工带教记录不全", "师带徒一人一卡",
          "新员工进班领一张带教卡，师傅教一项签一项，班长每周看卡补课；卡没有签满的，不单独上岗，师傅的津贴也缓发。"),
)
# fmt: on


def _source(stage: Stage, entry: Entry) -> Item | None:
    """An item that stands by then and is no draft, in the sight of whoever takes it in; the latest of them."""
    rows = Item.objects.filter(campaign=stage.campaign, register=entry.register, restricted=False)
    rows = rows.filter(title__contains=entry.subject, phase="closed")
    found = visible(stage.actor(entry.by), rows, stage.campaign).select_related("unit")
    return found.order_by("-state_since", "-pk").first()


def _taken_in(stage: Stage, entry: Entry) -> None:
    source = _source(stage, entry)
    if source is None:  # with other totals there is no such item
        return
    picture = (handed_in(Photo(len(entry.title), True, entry.photo), f"{entry.photo}.jpg"),)
    row = NewItem(
        register=REGISTER,
        unit=source.unit.code,
        title=entry.title,
        fields={"aspect": entry.aspect, "text": entry.text, "source": source.number},
        evidence=picture if entry.photo else (),
    )
    create_items(stage.actor(entry.by), campaign=stage.campaign, rows=[row])


def told(stage: Stage, by: str, *titles: str) -> tuple[ParagraphBlock, ...]:
    """The entries with these titles as paragraphs that say whose they are; those that were not taken in are left out."""
    actor = stage.actor(by)
    rows = Item.objects.filter(campaign=stage.campaign, register=REGISTER, title__in=titles)
    found = {item.title: item for item in rows.exclude(phase="void").select_related("unit")}
    entries = [found[title] for title in titles if title in found]
    blocks = [(item, paragraph_of(actor, stage.campaign, item.number)) for item in entries]
    return tuple(
        replace(block, id=f"m{n}", text=f"{item.unit.short_name}：{block.text}")
        for n, (item, block) in enumerate(blocks, start=1)
    )


def _scene(day: date) -> Scene:
    def play(stage: Stage) -> None:
        for entry in ENTRIES:
            if entry.day == day:
                _taken_in(stage, entry)

    return Scene(day, play)


SCENES = tuple(_scene(day) for day in sorted({entry.day for entry in ENTRIES}))
