"""Posts, pupils, jobs, applications: figures about people."""

from menhu.demo.county import places
from menhu.demo.county.people import SURNAMES
from menhu.demo.county.units import deputy_title, government_units
from menhu.demo.writing.figures.tables import fact, sample, split, table
from menhu.demo.writing.figures.work import lead_theme
from menhu.demo.writing.scene import Scene, number, percent
from menhu.demo.writing.slots.people import full_name, presented

WHO = {
    "jyj": "中小学教师",
    "wjj": "卫生专业技术人员",
    "xrmyy": "卫生专业技术人员",
    "xzyy": "中医药人员",
    "gaj": "警务辅助人员",
    "xfdd": "政府专职消防员",
    "cgj": "城市管理协管员",
    "xwzzb": "选调优秀高校毕业生",
    "xwb": "机关工作人员",
}
COMMON_POSTS = ("综合管理", "财务会计", "信息技术", "文秘档案", "工程技术", "法律事务")
NEEDS = ("大专及以上", "本科及以上", "本科及以上，持相应资格证书")


@fact("recruit")
def recruit(scene: Scene) -> None:
    """Posts with their numbers, which add up to what the title says."""
    pool = scene.unit.posts or COMMON_POSTS
    names = sample(scene, pool, min(len(pool), scene.between(3, 5)))
    counts = [scene.between(1, 8) for _ in names]
    scene.update(
        recruit_who=WHO.get(scene.unit.slug, "事业单位工作人员"),
        total_posts=sum(counts),
        before_birth=f"{scene.day.year - 36}年1月1日",
    )
    rows = [(name, number(count), scene.pick(NEEDS)) for name, count in zip(names, counts, strict=True)]
    rows.append(("合计", number(sum(counts)), ""))
    table(scene, "posts", "招聘岗位表", ("岗位", "人数", "学历要求"), rows)


DIGITS = "零一二三四五六七八九"


@fact("personnel")
def personnel(scene: Scene) -> None:
    """Appointments, proposed appointments or newly hired staff: fictional people, each list with its own columns."""
    names = list(dict.fromkeys(full_name(scene) for _ in range(scene.between(3, 7))))
    scene["name1"] = names[0]
    scene["count_word"] = DIGITS[len(names)]
    writer = {"xzfb": appointed, "xwzzb": proposed}.get(scene.unit.slug, hired)
    writer(scene, names)


def appointed(scene: Scene, names: list[str]) -> None:
    rows = []
    for name in names:
        unit = APPOINTING[scene.between(0, len(APPOINTING) - 1)]
        duty = deputy_title(unit.head_title) if scene.chance(0.6) else "一级主任科员"
        rows.append((name, f"{unit.short}{duty}", scene.pick(["任职", "任职", "免职"])))
    table(scene, "people", "任免名单", ("姓名", "职务", "任免"), rows)


def proposed(scene: Scene, names: list[str]) -> None:
    rows = [
        (
            name,
            scene.pick(["男", "女"]),
            f"{scene.day.year - scene.between(32, 52)}年",
            scene.pick(UNIT_NAMES),
            "拟提拔使用",
        )
        for name in names
    ]
    table(scene, "people", "拟任职人员", ("姓名", "性别", "出生年份", "现所在单位", "公示事项"), rows)


def hired(scene: Scene, names: list[str]) -> None:
    rows = [
        (
            name,
            scene.pick(["男", "女"]),
            scene.pick(UNIT_NAMES),
            scene.pick(COMMON_POSTS),
            f"{scene.between(680, 892) / 10:.1f}",
        )
        for name in names
    ]
    table(scene, "people", "拟聘用人员", ("姓名", "性别", "聘用单位", "岗位", "总成绩"), rows)


APPOINTING = tuple(unit for unit in government_units() if unit.kind in {"department", "institution"})
UNIT_NAMES = tuple(unit.short for unit in APPOINTING)


@fact("enrol")
def enrol(scene: Scene) -> None:
    """Classes and places by school: places = classes × size, with sums."""
    schools = sample(scene, places.SCHOOLS[:7], scene.between(4, 6))
    classes = [scene.between(3, 10) for _ in schools]
    size = scene.pick(["40", "45", "50"])
    rows = [
        (school, number(count), size, number(count * int(size))) for school, count in zip(schools, classes, strict=True)
    ]
    seats = sum(classes) * int(size)
    rows.append(("合计", number(sum(classes)), "", number(seats)))
    scene.update(classes=sum(classes), seats=number(seats))
    table(scene, "enrolment", "招生计划", ("学校", "班数", "每班人数", "学位数"), rows)


JOBS = (
    "缝纫工",
    "普工",
    "电工",
    "焊工",
    "收银员",
    "客服",
    "仓管员",
    "导游",
    "护理员",
    "茶艺师",
    "质检员",
    "驾驶员",
    "会计",
)
VENUES = ("县零工市场", "人民广场", "县人力资源市场", "云岭经济开发区服务中心", "文昌广场")


@fact("jobfair")
def jobfair(scene: Scene) -> None:
    """Jobs by firm, with the sum; the table names the largest firms and counts the rest."""
    firms = sample(scene, places.COMPANIES, scene.between(4, 6))
    counts = [scene.between(4, 36) for _ in firms]
    others = scene.between(8, 56)
    other_jobs = others * scene.between(3, 12)
    rows = []
    for firm, count in zip(firms, counts, strict=True):
        low = scene.between(28, 46) * 100
        rows.append((firm, scene.pick(JOBS), number(count), f"{low}—{low + scene.between(5, 26) * 100}元"))
    rows.append((f"其他{others}家企业", "多个岗位", number(other_jobs), "面议"))
    total = sum(counts) + other_jobs
    rows.append(("合计", "", number(total), ""))
    venue = scene.pick(VENUES) if scene.chance(0.6) else f"{scene['town']}集市"
    scene.update(count_firms=len(firms) + others, jobs=number(total), venue=venue)
    table(scene, "job_table", "部分招聘岗位", ("企业", "岗位", "人数", "月薪"), rows)


def application_cells(scene: Scene, received: int, carried: int) -> tuple[list[int], int]:
    """Outcomes of requests and what is carried over: received + carried = outcomes + left."""
    left = scene.between(0, min(2, received))
    return split(scene, received + carried - left, 4), left


@fact("annual_report")
def annual_report(scene: Scene) -> None:
    """A year of openness: where information was published, and requests that balance as the form demands."""
    opened = split(scene, scene.between(96, 860), 3, 12)
    received = scene.between(0, 16) if scene.chance(0.7) else 0
    carried = scene.between(0, 2) if received else 0
    outcomes, left = application_cells(scene, received, carried) if received else ([0, 0, 0, 0], 0)
    text = "全年未收到政府信息公开申请。"
    if received:
        text = f"全年新收申请{received}件，上年结转{carried}件，办结{sum(outcomes)}件，结转下年度{left}件，均按期答复。"
    scene.update(
        opened=number(sum(opened)),
        opened_web=number(opened[0]),
        opened_board=number(opened[1]),
        opened_other=number(opened[2]),
        applied_text=text,
    )
    annual_tables(scene, received, carried, outcomes, left)


def annual_tables(scene: Scene, received: int, carried: int, outcomes: list[int], left: int) -> None:
    made, ended = scene.between(0, 4), scene.between(0, 3)
    rows = [
        ("行政规范性文件制发件数", str(made)),
        ("行政规范性文件废止件数", str(ended)),
        ("行政规范性文件现行有效件数", str(made + scene.between(2, 26))),
        ("行政许可处理决定数量", number(scene.between(12, 1_260) if scene.unit.permits else 0)),
        ("行政处罚处理决定数量", number(scene.between(6, 320) if scene.unit.permits else 0)),
    ]
    table(scene, "issued", "主动公开政府信息情况", ("内容", "数量"), rows)
    names = ("予以公开", "部分公开", "无法提供", "不予处理")
    total = sum(outcomes)
    lines = [
        ("一、本年新收政府信息公开申请", received),
        ("二、上年结转政府信息公开申请", carried),
        *((f"三、办理结果：{name}", count) for name, count in zip(names, outcomes, strict=True)),
        ("三、办理结果：总计", total),
        ("四、结转下年度继续办理", left),
    ]
    rows = [(name, str(count)) for name, count in lines]
    table(scene, "applications", "收到和处理申请情况", ("项目", "件数"), rows)


SESSIONS = ("十八届人大五次会议", "政协十届五次会议")


@fact("motion")
def motion(scene: Scene) -> None:
    """A delegate's suggestion or a member's proposal with its number."""
    is_congress = scene.chance(0.5)
    scene.update(
        assembly=SESSIONS[0] if is_congress else SESSIONS[1],
        motion_kind="建议" if is_congress else "提案",
        motion_number=scene.between(1, 168),
    )


@fact("interview_guest")
def interview_guest(scene: Scene) -> None:
    """A guest from a bureau who speaks of one of its themes."""
    unit, theme = lead_theme(scene)
    leader = unit.leaders[scene.between(0, len(unit.leaders) - 1)]
    words = sample(scene, theme.measures, 4)
    metrics = [
        f"{metric.name}{number(scene.amount(metric), metric.decimals)}{metric.measure}" for metric in theme.metrics
    ]
    scene.update(
        guest=presented(unit, leader),
        guest_unit=unit.short,
        gtheme=theme.name,
        gstate=f"因为它连着{theme.audience}的日常",
        gaim=theme.aim,
        ghard=theme.hard,
        gphone=unit.phone,
        gk1=metrics[0],
        gk2=metrics[1],
    )
    scene.update({f"gm{index}": word for index, word in enumerate(words, 1)})


CALLS = ("城市管理", "住房物业", "供水供电", "交通出行", "环境噪声", "社会保障", "消费维权", "教育医疗")


@fact("hotline")
def hotline(scene: Scene) -> None:
    """Calls of a month by matter: answered at once and passed on, closed and open."""
    calls = scene.between(960, 3_600)
    direct = int(calls * (0.3 + scene.rng.random() * 0.3))
    sent = calls - direct
    unfinished = scene.between(6, max(7, sent // 12))
    names = sample(scene, CALLS, 5)
    shares = sorted(split(scene, calls, 6, 20), reverse=True)
    scene.update(
        calls=number(calls),
        calls_direct=number(direct),
        calls_sent=number(sent),
        calls_done=number(sent - unfinished),
        calls_open=number(unfinished),
        calls_rate=f"{96 + scene.rng.random() * 3.9:.1f}%",
        call_a=names[0],
        call_b=names[1],
    )
    rows = [
        (name, number(count), percent(count, calls))
        for name, count in [*zip([*names, "其他"], shares, strict=True), ("合计", calls)]
    ]
    table(scene, "calls_table", "诉求分类", ("类别", "件数", "占比"), rows)


@fact("consult_result")
def consult_result(scene: Scene) -> None:
    """Opinions received by channel; adopted, partly adopted and declined add up to them."""
    received = scene.between(18, 260)
    adopted, partly, declined = split(scene, received, 3, 2)
    channels = split(scene, received, 4)
    scene.update(received=received, adopted=adopted, partly=partly, declined=declined)
    names = ("网站留言", "信函", "电话", "座谈会")
    rows = [(name, number(count)) for name, count in [*zip(names, channels, strict=True), ("合计", received)]]
    table(scene, "opinions", "意见来源", ("渠道", "条数"), rows)


PERSONAL_PERMITS = ("资格", "护士", "宅基地", "乡村建设")


@fact("permits")
def permits(scene: Scene) -> None:
    """Decisions on permits: granted and refused add up; the largest part is listed, persons without given names."""
    total = scene.between(8, 160)
    refused = scene.between(0, max(1, total // 12))
    granted = total - refused
    permit = scene.pick(scene.unit.permits)
    count = min(6, granted)
    if any(word in permit for word in PERSONAL_PERMITS):
        names = [f"{scene.fill('{village}')}{scene.pick(SURNAMES)}某" for _ in range(count)]
    else:
        names = sample(scene, places.COMPANIES, count)
    scene.update(permit=permit, permits_total=total, granted=granted, refused=refused)
    mark = scene.unit.mark
    base = scene.between(20, 400)
    rows = [(name, f"{mark}许〔{scene.day.year}〕{base + index}号", "准予许可") for index, name in enumerate(names)]
    table(scene, "permit_table", "部分决定一览", ("申请人", "决定文号", "结果"), rows)


@fact("guide")
def guide(scene: Scene) -> None:
    """A service guide from the unit's own list of services."""
    services = scene.unit.services
    chosen = services[scene.between(0, len(services) - 1)]
    items = "".join(f"<li>{material}</li>" for material in chosen.materials)
    average = max(0.3, chosen.working_days * (0.3 + scene.rng.random() * 0.5))
    scene.update(guide=chosen.name, guide_days=chosen.working_days, guide_list=f"<ul>{items}</ul>")
    scene["guide_average"] = f"{average:.1f}"
    rows = (
        ("办理单位", scene.unit.full),
        (
            "办理地点",
            "县政务服务中心和各乡镇便民服务中心" if not scene.unit.is_town else f"{scene.unit.name}便民服务中心",
        ),
        ("办理时间", "工作日8:30—12:00，14:00—17:30"),
        ("承诺时限", f"{chosen.working_days}个工作日"),
        ("收费", "不收费"),
        ("咨询电话", scene.unit.phone),
        ("监督电话", "12345"),
    )
    table(scene, "guide_table", f"{chosen.name}一览", ("项目", "内容"), rows)


@fact("abolish")
def abolish(scene: Scene) -> None:
    """A clean-up of documents: kept, amended, repealed and lapsed add up."""
    total = scene.between(36, 160)
    kept, amended, repealed, lapsed = sorted(split(scene, total, 4, 2), reverse=True)
    scene.update(cleaned=total, kept=kept, amended=amended, repealed=repealed, lapsed=lapsed)
    names = ("继续有效", "修改", "废止", "宣布失效", "合计")
    rows = [
        (name, number(count), percent(count, total))
        for name, count in zip(names, (kept, amended, repealed, lapsed, total), strict=True)
    ]
    table(scene, "cleaning", "清理结果", ("结论", "件数", "占比"), rows)


@fact("exam")
def exam(scene: Scene) -> None:
    """Sites, rooms and candidates of an examination, some thirty to a room and a dozen rooms or more to a site."""
    rooms = scene.between(24, 140)
    people = rooms * 30 - scene.between(0, 26)
    scene.update(exam_sites=max(1, rooms // 18), exam_rooms=rooms, exam_people=number(people))
