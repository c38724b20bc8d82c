"""Cards of official documents: who issued what under which number, from when to when it holds."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from menhu.demo.writing.days import is_workday
from menhu.demo.writing.planning import Job
from menhu.demo.writing.scene import Scene, full_date
from menhu.demo.writing.texts import DocumentCard, Validity

if TYPE_CHECKING:
    from menhu.demo.writing.generator import Writer

COUNTY_MARKS = {"norm": "云政规", "plain": "云政办发"}
TERMS = ((5, "五"), (5, "五"), (3, "三"), (2, "两"), (2, "二"))
SUBJECTS = (
    ("教育", "jyj kjj"),
    ("水利、城乡建设", "slj hkglzx zjj cgj zrzyj"),
    ("农业、林业", "nyncj njzx xmsczx njfwzx lyj gylc gxs xczxzx"),
    ("卫生、医保", "wjj ybj jkzx xrmyy xzyy fyby"),
    ("民政、社会保障", "mzj rsj sbzx jyfwzx tyjrj cl"),
    ("交通、能源", "jtj glzx fgj"),
    ("财政、审计、税务", "czj sjj xswj"),
    ("安全生产、应急", "yjj xfdd qxj gdb"),
    ("市场监管、商贸", "scjgj swj gxj tzcjzx kfqgwh jrfwzx"),
    ("文化、旅游、体育", "wlj whg tsg bwg tyzx fjqglzx rmtzx"),
    ("生态环境", "sthjj sdbhzx"),
)


def date_document(scene: Scene, job: Job) -> None:
    """Fix when the document was signed, from when it holds and for how long."""
    if not job.kind.card or "effective_full" in scene:
        return
    written = last_workday(scene.day - timedelta(days=scene.between(1, 5)))
    effective = written + timedelta(days=scene.between(20, 45))
    years, word = TERMS[scene.between(0, len(TERMS) - 1)]
    scene.update(
        written_on=written,
        written_full=full_date(written),
        effective_on=effective,
        effective_full=full_date(effective),
        term_years=years,
        term_word=word,
        issuer="云岭县人民政府" if job.unit.slug == "xzfb" else job.unit.full,
        approved=approved(scene, job),
    )


def approved(scene: Scene, job: Job) -> str:
    """Which body passed the document."""
    if job.unit.slug == "xzfb":
        return f"县政府第{scene.between(40, 92)}次常务会议审议通过"
    if job.unit.is_town:
        return "党委会议研究通过"
    return scene.fill("{org}党组会议{x:审议通过|研究同意}")


def last_workday(day: date) -> date:
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def years_later(day: date, years: int) -> date:
    """The last day of a term that begins on `day`."""
    moved = day.replace(year=day.year + years, day=28) if (day.month, day.day) == (2, 29) else None
    return (moved or day.replace(year=day.year + years)) - timedelta(days=1)


def as_date(value: object) -> date:
    assert isinstance(value, date)  # noqa: S101  date_document puts it there
    return value


def card(writer: "Writer", job: Job, scene: Scene) -> DocumentCard:
    """Number the document in its series and say whether it still holds at the end of the span."""
    written = as_date(scene["written_on"])
    is_normative = job.kind.card == "norm"
    effective = as_date(scene["effective_on"]) if is_normative else None
    years = scene["term_years"]
    expires = years_later(effective, years) if effective and isinstance(years, int) else None
    serial = writer.serials["index", job.unit.code, str(scene.day.year)]
    return DocumentCard(
        index_number=f"YL{job.unit.code}-{scene.day.year}-{serial:05d}",
        document_number=document_number(writer, job, written),
        issuer=str(scene["issuer"]),
        written_on=written,
        effective_on=effective,
        expires_on=expires,
        validity=validity(scene, written, expires, writer.end),
        subject=subject(scene.unit.slug),
        is_normative=is_normative,
    )


def document_number(writer: "Writer", job: Job, written: date) -> str:
    """云教发〔2026〕12号, counted by series and year."""
    card_kind = job.kind.card or "plain"
    mark = f"{job.unit.mark}{'规' if card_kind == 'norm' else '发'}"
    if job.unit.slug == "xzfb":
        mark = COUNTY_MARKS[card_kind]
    elif job.unit.is_town:
        mark = f"{job.unit.mark}政发"
    key = ("document", mark, str(written.year))
    writer.serials[key] += 1
    return f"{mark}〔{written.year}〕{writer.serials[key]}号"


def validity(scene: Scene, written: date, expires: date | None, today: date) -> Validity:
    """Most documents hold; of those over nine months old some were amended or repealed."""
    if expires and expires < today:
        return "lapsed"
    if (today - written).days < 270:
        return "in_force"
    draw = scene.rng.random()
    if draw < 0.1:
        return "repealed"
    if draw < 0.24:
        return "amended"
    return "lapsed" if draw < 0.34 else "in_force"


def subject(slug: str) -> str:
    for name, slugs in SUBJECTS:
        if slug in slugs.split():
            return name
    return "综合政务"
