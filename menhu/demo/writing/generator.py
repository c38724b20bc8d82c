"""The writer: as many articles as wanted, day by day, the same for the same seed."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from zlib import crc32

from menhu.demo.county.units import Unit, units_by_slug
from menhu.demo.writing import cards
from menhu.demo.writing.days import counts_by_day, moments
from menhu.demo.writing.figures import FACTS
from menhu.demo.writing.figures.work import LEADING
from menhu.demo.writing.grammar import Kind, all_kinds, render_body
from menhu.demo.writing.planning import Calendar, Job, any_kind, any_theme, any_unit
from menhu.demo.writing.scene import Scene
from menhu.demo.writing.texts import ArticleText, AttachmentText, Picture
from menhu.demo.writing.themes import themes_of

MAX_TITLE = 60
TITLE_DRAWS = 3
SCENE_DRAWS = 4
BODY_DRAWS = 4
SUMMARY_LENGTH = 110
COUNTY_DOCUMENTS = frozenset({"normative", "measures"})
TOPIC_COLUMNS = {
    "和美乡村建设": "hmxc",
    "人居环境整治": "hmxc",
    "水旱灾害防御": "fxjz",
    "防汛避险": "fxjz",
    "气象灾害预警服务": "fxjz",
    "高效办成一件事": "jzbm",
}
TOPIC_KINDS = frozenset({"meeting", "visit", "progress", "progress_table", "publicity", "project", "village_news"})
PLAN_TITLE = re.compile("工作要点|三年行动")
_TAG = re.compile("<[^>]+>")
_FIRST_PARAGRAPH = re.compile("<p>(?!<strong>第)(.{24,}?)</p>")


def articles(seed: int, count: int, start: date, end: date) -> Iterator[ArticleText]:
    """Write `count` articles from `start` to `end` inclusive, in order of publication, one at a time."""
    writer = Writer(seed, count, start, end)
    for day, share in counts_by_day(count, start, end):
        yield from writer.write_day(day, share)


class Writer:
    """Keeps what must not repeat (titles, bodies) and what counts up (document numbers, issues)."""

    def __init__(self, seed: int, count: int, start: date, end: date) -> None:
        self.rng = random.Random(seed)
        self.end = end
        self.calendar = Calendar(self.rng, count, start, end)
        self.serials: Counter[tuple[str, ...]] = Counter()
        self._digests: set[int] = set()
        self._written = 0

    def write_day(self, day: date, count: int) -> Iterator[ArticleText]:
        """Write a day's texts: first those that are due, then whatever comes up."""
        times = moments(self.rng, day, count)
        due = self.calendar.due(day, count)
        for moment, position in zip(times, range(count), strict=True):
            job = due[position] if position < len(due) else self._any_job(day)
            yield self.write(job, moment)

    def _any_job(self, day: date) -> Job:
        unit = any_unit(self.rng)
        return Job(unit, any_kind(self.rng, unit, day.month))

    def write(self, job: Job, pub_at: datetime) -> ArticleText:
        self._written += 1
        scene, title = self._opened(job, pub_at)
        return self._article(job, scene, title, pub_at)

    def _opened(self, job: Job, pub_at: datetime) -> tuple[Scene, str]:
        """Draw scenes and titles until a title is new; give up by adding the date."""
        for _ in range(SCENE_DRAWS):
            scene = self._scene(job, pub_at)
            for _ in range(TITLE_DRAWS):
                title, label = job.kind.titles.titled(scene)
                if len(title) <= MAX_TITLE and self._is_new(title):
                    scene["label"] = label
                    return scene, title
        scene["label"] = label
        title = f"{title[: MAX_TITLE - 20]}（{scene['today_full']}）"
        while not self._is_new(title):
            title = f"{title[: MAX_TITLE - 20]}（{scene['today_full']}，第{scene.between(2, 60)}次）"
        return scene, title

    def _body(self, kind: Kind, scene: Scene) -> str:
        """Write the body; once more where the same words were already drawn for another text."""
        for _ in range(BODY_DRAWS):
            body = render_body(kind, scene)
            if self._is_new(body):
                break
        return body

    def _is_new(self, text: str) -> bool:
        digest = crc32(text.encode()) << 16 | len(text)
        if digest in self._digests:
            return False
        self._digests.add(digest)
        return True

    def _scene(self, job: Job, pub_at: datetime) -> Scene:
        """Set the scene: unit, theme, running numbers and the figures of the kind."""
        voice, theme = job.voice or job.unit, job.theme
        if job.unit.slug == "xzfb" and job.kind.name in COUNTY_DOCUMENTS:
            voice = self._drafting_unit(job.kind)
        scene = Scene(self.rng, voice, theme or any_theme(self.rng, voice, pub_at.month, job.kind), pub_at)
        scene.update(job.words)
        scene["issue"] = self.serials[job.unit.slug, job.kind.name, str(pub_at.year)] + 1
        cards.date_document(scene, job)
        if job.kind.fact:
            FACTS[job.kind.fact](scene)
        return scene

    def _drafting_unit(self, kind: Kind) -> Unit:
        """The bureau that drafts what the county government issues."""
        slugs = drafting_slugs(kind.name)
        return units_by_slug()[slugs[int(self.rng.random() * len(slugs))]]

    def _article(self, job: Job, scene: Scene, title: str, pub_at: datetime) -> ArticleText:
        kind = job.kind
        body = self._body(kind, scene)
        self.serials[job.unit.slug, kind.name, str(pub_at.year)] += 1
        self.serials["index", job.unit.code, str(pub_at.year)] += 1
        key = f"a{self._written:06d}"
        if kind.followup:
            self._follow(job, scene, key, pub_at)
        return ArticleText(
            key=key,
            kind=kind.name,
            genre=kind.genre,  # type: ignore[arg-type]  # the data test checks every genre
            unit=job.unit.slug,
            columns=(kind.column,),
            portal_column=self._portal_column(job, scene, title),
            title=title,
            subtitle=(kind.subtitles.chosen(scene) or "") if kind.subtitles else "",
            body_html=body,
            source=source(job, scene),
            author=job.unit.editor,
            keywords=keywords(scene, title),
            summary=summary(body, title),
            pub_at=pub_at,
            is_major=kind.is_major and (kind.name == "county_story" or scene.chance(0.2)),
            card=cards.card(self, job, scene) if kind.card else None,
            interprets=job.interprets,
            picture=picture(job, scene),
            attachments=attachments(job, scene, title),
        )

    def _follow(self, job: Job, scene: Scene, key: str, pub_at: datetime) -> None:
        """Have the drafting unit interpret its document on the same day or in the next three."""
        kept = ("rule", "rule_kind", "rule_kind_", "effective_full", "term_word", "measures")
        words = {name: scene[name] for name in kept}
        follow = Job(scene.unit, all_kinds()["interpret"], scene.unit, scene.theme, words, interprets=key)
        self.calendar.add(pub_at.date() + timedelta(days=scene.between(0, 3)), follow)

    def _portal_column(self, job: Job, scene: Scene, title: str) -> str | None:
        """Which column of the portal adopts the text, if any does."""
        kind = job.kind
        if "portal_column" in job.words:
            return str(job.words["portal_column"])
        if PLAN_TITLE.search(title):
            return "ghjh"
        if "常务会议" in title and scene.chance(0.4):
            return "zfhy"
        topic = TOPIC_COLUMNS.get(scene.theme.name)
        if topic and kind.name in TOPIC_KINDS and scene.chance(0.5):
            return topic
        return drawn_portal(kind, scene)


def drawn_portal(kind: Kind, scene: Scene) -> str | None:
    """One of the kind's columns by its share, or none."""
    draw = scene.rng.random()
    for name, share in kind.portals:
        draw -= share
        if draw < 0:
            return name
    return None


@cache
def drafting_slugs(kind_name: str) -> tuple[str, ...]:
    """Bureaus with a theme that calls for the kind."""
    topic = all_kinds()[kind_name].topic
    return tuple(
        slug
        for slug in LEADING
        if any(topic.search(theme.name) if topic else theme.document for theme in themes_of(slug))
    )


def source(job: Job, scene: Scene) -> str:
    """Where an article says it comes from."""
    if job.kind.name in COUNTY_DOCUMENTS and job.unit.slug == "xzfb":
        return "云岭县人民政府"
    if job.kind.genre == "news" and scene.chance(0.12):
        return "云岭县融媒体中心"
    return job.unit.short


TITLE_WORDS = ("topic", "project", "welfare", "subsidy", "permit", "disease", "guide", "event", "promise", "rule")


def keywords(scene: Scene, title: str) -> tuple[str, ...]:
    """Three to five words: the unit, its theme, and what the title adds."""
    found = [scene.theme.name] if scene.theme.name in title else []
    found += [str(scene[name]) for name in TITLE_WORDS if name in scene and str(scene[name]) in title]
    place = scene.get("village") or scene.get("town")
    if isinstance(place, str) and place in title:
        found.append(place)
    return tuple(dict.fromkeys((*found, scene.unit.name, "云岭县")))[:5]


def summary(body: str, title: str) -> str:
    """The first full paragraph, cut where a sentence or a clause ends."""
    found = _FIRST_PARAGRAPH.search(body)
    text = _TAG.sub("", found.group(1)) if found else title
    if len(text) <= SUMMARY_LENGTH:
        return text
    cut = text[:SUMMARY_LENGTH]
    end = max(cut.rfind("。"), cut.rfind("；"))
    return cut[: end + 1] if end > SUMMARY_LENGTH // 3 else cut[: cut.rfind("，")] + "……"


PICTURES: dict[str, tuple[tuple[str, str], ...]] = {
    "mountains": (
        ("mist-dawn", "晨雾中的云岭群山"),
        ("mist-dusk", "夕阳下层层叠叠的山岭"),
        ("forest", "山坡上连片的林海"),
    ),
    "river": (
        ("river-spring", "河水绕过村庄向远山流去"),
        ("reservoir", "群山环抱的水库"),
        ("wetland", "湿地浅滩上飞起的候鸟"),
    ),
    "bridge": (("bridge-day", "多孔石桥横跨河面，远处是青山"), ("bridge-dusk", "傍晚的大桥与河谷")),
    "terraces": (
        ("terraces-green", "春夏时节层层梯田如镜"),
        ("terraces-gold", "秋日金黄的梯田"),
    ),
    "tea": (("tea-hills", "一行行茶树覆盖的山丘"),),
    "forest": (("forest", "山坡上连片的林海"),),
    "village": (("village-morning", "山脚下白墙黑瓦的村庄"), ("village-snow", "雪后的山村")),
    "town": (("town-evening", "河畔小城的傍晚"), ("bridge-day", "县城旁的石桥和河流")),
}
SNOW_MONTHS = frozenset({12, 1, 2})
GOLD_MONTHS = frozenset({9, 10, 11})


def in_its_season(variant: str, month: int) -> bool:
    if variant == "village-snow":
        return month in SNOW_MONTHS
    if variant == "terraces-gold":
        return month in GOLD_MONTHS
    return variant != "terraces-green" or month not in GOLD_MONTHS | SNOW_MONTHS


def picture(job: Job, scene: Scene) -> Picture | None:
    """A drawn picture that fits the kind and the month, for the share of texts that have one."""
    group = scene.get("picture_group") or job.kind.picture
    if not group or not scene.chance(job.kind.picture_share):
        return None
    options = [entry for entries in PICTURES.values() for entry in entries] if group == "any" else PICTURES[str(group)]
    fitting = [entry for entry in options if in_its_season(entry[0], scene.day.month)]
    if not fitting:
        return None
    variant, alt = fitting[scene.between(0, len(fitting) - 1)]
    return Picture(variant, alt)


SHEETS = {
    "progress_table": 0.3,
    "recruit": 0.9,
    "subsidy_list": 0.6,
    "welfare_list": 0.4,
    "budget": 0.9,
    "accounts": 0.9,
    "statistics": 0.6,
    "sampling": 0.6,
    "permits": 0.4,
    "enrol": 0.5,
    "jobfair": 0.6,
    "prices": 0.3,
}
FORMS = {"recruit": "报名表", "guide": "申请表", "consult": "征求意见稿", "enrol": "报名登记表", "measures": "申报表"}


def attachments(job: Job, scene: Scene, title: str) -> tuple[AttachmentText, ...]:
    """The sheet behind a table, a form to fill in, the original of a document."""
    name = job.kind.name
    found: list[AttachmentText] = []
    if scene.rows and scene.chance(SHEETS.get(name, 0.0)):
        found.append(AttachmentText(f"{title[:36]}附表", "xlsx", scene.rows))
    if name in FORMS and scene.chance(0.7):
        found.append(AttachmentText(FORMS[name], "docx"))
    if job.kind.card and scene.chance(0.5):
        found.append(AttachmentText(f"{title[:36]}（原件）", "docx"))
    return tuple(found)
