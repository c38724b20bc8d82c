"""Slots that say when."""

from datetime import date, timedelta

from menhu.demo.writing.scene import Scene, full_date, slot

SEASONS = ("冬", "冬", "春", "春", "春", "夏", "夏", "夏", "秋", "秋", "秋", "冬")
NEXT_SEASON = {"冬": "开春", "春": "入夏", "夏": "入秋", "秋": "入冬"}
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
SOLAR = (
    "小寒前后",
    "立春时节",
    "惊蛰前后",
    "清明时节",
    "立夏前后",
    "芒种时节",
    "三伏天里",
    "处暑前后",
    "白露前后",
    "霜降时节",
    "立冬前后",
    "冬至前后",
)


@slot("day")
def event_day(scene: Scene) -> str:
    return scene.written(scene.date_after(-scene.between(0, 2)))


@slot("today")
def today(scene: Scene) -> str:
    return scene.written(scene.day)


@slot("halfday")
def half_day(scene: Scene) -> str:
    return "上午" if scene.hour < 12 else "下午" if scene.hour < 18 else "晚间"


@slot("today_full")
def today_full(scene: Scene) -> str:
    return full_date(scene.day)


@slot("year")
def year(scene: Scene) -> int:
    return scene.day.year


@slot("last_year", "cut_year")
def last_year(scene: Scene) -> int:
    return scene.day.year - 1


@slot("year_word")
def year_word(scene: Scene) -> str:
    return f"{scene.day.year - 1}年度" if scene.day.month <= 6 else f"{scene.day.year}年上半年"


@slot("month")
def month(scene: Scene) -> str:
    return f"{scene.day.month}月"


@slot("month_range")
def month_range(scene: Scene) -> str:
    if scene.day.month == 1:
        return f"{scene.day.year - 1}年"
    return "1月" if scene.day.month == 2 else f"1至{scene.day.month - 1}月"


def end_of_last_month(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


@slot("last_month_full")
def last_month_full(scene: Scene) -> str:
    day = end_of_last_month(scene.day)
    return f"{day.year}年{day.month}月"


@slot("week_range")
def week_range(scene: Scene) -> str:
    monday = scene.day - timedelta(days=scene.day.weekday())
    sunday = monday + timedelta(days=6)
    last = f"{sunday.day}日" if sunday.month == monday.month else f"{sunday.month}月{sunday.day}日"
    return f"{monday.month}月{monday.day}日至{last}"


@slot("decade")
def decade(scene: Scene) -> str:
    return ("上旬", "中旬", "下旬")[min((scene.day.day - 1) // 10, 2)]


@slot("season_")
def season_sign(scene: Scene) -> str:
    return SEASONS[scene.day.month - 1]


@slot("season")
def season(scene: Scene) -> str:
    return f"{SEASONS[scene.day.month - 1]}季"


@slot("season_next")
def season_next(scene: Scene) -> str:
    return NEXT_SEASON[SEASONS[scene.day.month - 1]]


@slot("solar_season")
def solar_season(scene: Scene) -> str:
    return SOLAR[scene.day.month - 1]


@slot("quarter")
def quarter(scene: Scene) -> str:
    return QUARTERS[(scene.day.month - 1) // 3]


@slot("week_next")
def week_next(scene: Scene) -> str:
    """The five days after publication."""
    first, last = scene.date_after(1), scene.date_after(5)
    return (
        f"{scene.written(first)}至{last.day}日"
        if first.month == last.month
        else (f"{scene.written(first)}至{scene.written(last)}")
    )


@slot("open_month")
def open_month(scene: Scene) -> str:
    """How a text begins that counts what was done so far."""
    if scene.day.month == 1:
        return scene.pick(("去年以来", "过去一年", "入冬以来"))
    return scene.pick(("今年以来", "年初以来", f"入{scene['season_']}以来", f"进入{scene['month']}以来"))
