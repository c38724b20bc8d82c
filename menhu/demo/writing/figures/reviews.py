"""Looking back and ahead: a unit's year theme by theme, the county's report, the table of tasks."""

from menhu.demo.county.units import units_by_slug
from menhu.demo.writing.figures.tables import fact, sample, table
from menhu.demo.writing.figures.work import LEADING
from menhu.demo.writing.scene import Scene, number
from menhu.demo.writing.slots.matters import metric_words
from menhu.demo.writing.themes import Theme, themes_of

OPENINGS = ("着力{aim}", "目标是{aim}", "把{name}摆上重要位置，{aim}", "持续用力，{aim}")
ENDINGS = ("{audience}的获得感进一步增强", "办法在实践中不断完善", "得到{audience}认可", "为下一步打下基础")
# Bureaus whose work the county's report tells of.
REPORTED = tuple(slug for slug in LEADING if slug not in {"sjj", "tjj", "xfj", "gjjglb", "gdb", "xswj"})
NUMERALS = "一二三四五六七八九十"


def section(scene: Scene, theme: Theme, position: int) -> str:
    """One theme looked back on: the aim, two measures, two figures, the outcome."""
    first, second = sample(scene, theme.measures, 2)
    done = "，".join(metric_words(scene, metric) for metric in sample(scene, theme.metrics, 2))
    opening = scene.pick(OPENINGS).format(aim=theme.aim, name=theme.name)
    ending = scene.pick(ENDINGS).format(audience=theme.audience)
    heading = f"<strong>（{NUMERALS[position]}）{theme.name}。</strong>"
    return f"<p>{heading}{scene.fill(f'{opening}。{first}；{second}。全年{done}，{ending}。')}</p>"


def plan(scene: Scene, theme: Theme) -> str:
    """One theme looked ahead to."""
    first, second = sample(scene, theme.measures, 2)
    return f"<li><strong>{theme.name}：</strong>{scene.fill(f'{first}；{second}')}。</li>"


@fact("year_review")
def year_review(scene: Scene) -> None:
    """A unit's half year or year, all its themes."""
    themes = list(themes_of(scene.unit.slug))
    scene.rng.shuffle(themes)
    chosen = themes[:7]
    is_half = scene.day.month in {6, 7, 8}
    span = f"{scene.day.year}年上半年" if is_half else f"{scene.day.year - (scene.day.month < 7)}年"
    sections = "\n".join(section(scene, theme, position) for position, theme in enumerate(chosen))
    scene.update(
        review_span=span,
        review_sections=sections.replace("全年", "半年来", len(chosen)) if is_half else sections,
        review_gaps="；".join(theme.hard for theme in chosen[:3]),
        review_plans=f"<ul>{''.join(plan(scene, theme) for theme in chosen[:5])}</ul>",
    )


@fact("county_review")
def county_review(scene: Scene) -> None:
    """The county's report: ten bureaus' themes, the main figures, aims of the new year."""
    themes = [themes_of(slug)[0] for slug in sample(scene, REPORTED, 10)]
    ahead = [themes_of(slug)[-1] for slug in sample(scene, REPORTED, 12)]
    scene.update(
        gdp=f"{186 + (scene.day.year - 2023) * 9 + scene.rng.random() * 4:.1f}",
        gdp_rate=f"{4.6 + scene.rng.random() * 1.6:.1f}",
        gdp_goal=f"{5.0 + scene.rng.random():.1f}",
        revenue=f"{11.6 + scene.rng.random() * 1.6:.2f}",
        revenue_rate=f"{2 + scene.rng.random() * 4:.1f}",
        revenue_goal=f"{3 + scene.rng.random() * 2:.1f}",
        urban_rate=f"{4 + scene.rng.random():.1f}",
        rural_rate=f"{5.4 + scene.rng.random() * 1.4:.1f}",
        jobs_goal=number(scene.between(36, 52) * 100),
        review_sections="\n".join(section(scene, theme, position) for position, theme in enumerate(themes)),
        review_plans=f"<ul>{''.join(plan(scene, theme) for theme in ahead)}</ul>",
    )


DEADLINES = ("3月底前", "6月底前", "9月底前", "11月底前", "12月底前", "全年")


@fact("task_list")
def task_list(scene: Scene) -> None:
    """The year's tasks with a lead unit, partners, a figure and a deadline each."""
    rows = []
    slugs = sample(scene, LEADING, min(len(LEADING), scene.between(24, 32)))
    for position, slug in enumerate(slugs, 1):
        unit = units_by_slug()[slug]
        theme = themes_of(slug)[scene.between(0, len(themes_of(slug)) - 1)]
        goal = metric_words(scene, theme.metrics[0])
        partner = units_by_slug()[scene.pick([other for other in slugs if other != slug])].short
        rows.append((str(position), theme.name, goal, unit.short, partner, scene.pick(DEADLINES)))
    scene["tasks"] = len(rows)
    head = ("序号", "任务", "量化目标", "牵头单位", "配合单位", "完成时限")
    table(scene, "tasks_table", f"{scene.day.year}年政府重点工作任务分解表", head, rows)
