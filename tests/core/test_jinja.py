"""The environment, typography, icons, landscapes and QR codes of public pages."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import ClassVar

import pytest
import segno
from jinja2 import DictLoader, UndefinedError

from menhu.core import typography
from menhu.core.icons import NAMES, icon
from menhu.core.jinja import environment, render
from menhu.core.landscapes import CANVASES, MOTIFS, landscape
from menhu.core.qr import qr_code

KNOWN_OUTLINE = "M0 156q21 5 31 9q11 4 21 5q11 1 21 1q11 0 21 1q11 2 21 4q11 3"
BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Sample:
    template: ClassVar[str] = "sample.html"

    name: str

    @property
    def loud(self) -> str:
        return self.name + "!"


def drawn(template: str, name: str = "云岭") -> str:
    env = environment(loader=DictLoader({"sample.html": template}), static_url=lambda path: f"/static/{path}")
    return render(env, Sample(name))


def test_fields_and_properties_of_the_context_are_at_hand() -> None:
    assert drawn("{{ name }} {{ page.loud }}") == "云岭 云岭!"


def test_everything_is_escaped() -> None:
    assert drawn("{{ name }}", "<b>&\"'") == "&lt;b&gt;&amp;&#34;&#39;"


def test_structured_data_cannot_end_its_script() -> None:
    assert drawn('{{ {"name": name} | tojson }}', "</script><b>云") == (
        '{"name": "\\u003c/script\\u003e\\u003cb\\u003e云"}'
    )


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        drawn("{{ nobody }}")
    with pytest.raises(UndefinedError):
        drawn("{% if page.nothing %}x{% endif %}")


def test_texts_go_through_gettext_and_static_through_the_given_function() -> None:
    assert drawn('{{ _("主办：%(name)s", name=name) }} {{ static("core/a.css") }}') == "主办：云岭 /static/core/a.css"


def test_dates_are_written_as_the_norm_asks() -> None:
    at = datetime(2026, 6, 2, 9, 5, tzinfo=BEIJING)
    assert (typography.day(date(2026, 6, 2)), typography.minute(at)) == ("2026-06-02", "2026-06-02 09:05")
    assert (typography.iso(at), typography.iso(date(2026, 6, 2))) == ("2026-06-02T09:05+08:00", "2026-06-02")
    assert typography.rfc822(at) == "Tue, 02 Jun 2026 09:05:00 +0800"


def test_a_feed_refuses_times_without_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        typography.rfc822(datetime(2026, 6, 2, 9, 5, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("octets", "written"),
    [(0, "1 KB"), (1, "1 KB"), (38_912, "38 KB"), (421_888, "412 KB"), (3_774_873, "3.6 MB"), (52_428_800, "50 MB")],
)
def test_sizes_are_written_for_people(octets: int, written: str) -> None:
    assert typography.file_size(octets) == written


def test_titles_break_between_phrases_and_stay_escaped() -> None:
    marked = typography.phrases("云岭县人民政府关于印发《供水<办法>》的通知")
    assert marked == (
        '<span class="phrase">云岭县人民政府</span><wbr><span class="phrase">关于印发</span><wbr>'
        '<span class="phrase">《供水&lt;办法&gt;》</span><wbr><span class="phrase">的通知</span>'
    )


@pytest.mark.parametrize("title", ["", "通知", "关于的通知", "《》", "一二三四五六七八九十" * 3, "a，b，", "的通知"])
def test_phrases_lose_nothing(title: str) -> None:
    assert re.sub("<[^>]+>", "", str(typography.phrases(title))) == title


def test_control_characters_are_kept_out_of_xml() -> None:
    assert typography.xml_text("云\x0b岭\x00县\ufffe\n𠮷") == "云岭县\n𠮷"


def test_icons_are_decoration_and_an_unknown_one_is_an_error() -> None:
    for name in NAMES:
        assert re.fullmatch(
            r'<svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">.+</svg>', icon(name)
        )
    with pytest.raises(KeyError):
        icon("no-such-icon")


@pytest.mark.parametrize("motif", ["ridges", *MOTIFS])
@pytest.mark.parametrize("canvas", sorted(CANVASES))
def test_landscapes_are_small_pure_and_the_same_every_time(canvas: str, motif: str) -> None:
    first = landscape("云岭", uid="a", canvas=canvas, motif=motif)  # type: ignore[arg-type]
    assert first == landscape("云岭", uid="a", canvas=canvas, motif=motif)  # type: ignore[arg-type]
    assert len(first.encode()) <= 5 * 1024
    assert "style=" not in first
    assert 'aria-hidden="true"' in first


def test_landscapes_differ_by_seed_and_keep_their_ids_apart() -> None:
    assert landscape("一", uid="a") != landscape("二", uid="a")
    ids = [re.findall(r'id="([^"]+)"', landscape("一", uid=uid)) for uid in ("a", "b")]
    assert ids == [["as", "am"], ["bs", "bm"]]


def test_landscape_of_a_known_seed_never_changes() -> None:
    """The published tree of another machine or year must have the same bytes."""
    found = landscape("云岭", uid="a", canvas="card", motif="ridges")
    assert re.search(r'<path d="(M[^L]{0,60})', found)[1] == KNOWN_OUTLINE  # type: ignore[index]


def test_qr_path_covers_exactly_the_dark_modules() -> None:
    text = "https://www.yunling.example/2026/06/17/"
    code = qr_code(text)
    dark = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path):
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    matrix = segno.make(text, error="m", boost_error=False, micro=False, mask=2).matrix
    assert code.modules == len(matrix)
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("云岭县林业局 2024 年政府信息公开工作年度报告", ["云岭县林业局 ", "2024 年政府信息公开工作年度报告"]),
        ("全县安全监管现场推进会在银杏镇召开", ["全县安全监管现场推进会", "在银杏镇召开"]),
        ("石松公路通车，进城缩短四十分钟", ["石松公路通车，", "进城缩短四十分钟"]),
        ("在云岭召开", ["在云岭召开"]),
    ],
)
def test_titles_are_cut_at_their_joints(title: str, cut: list[str]) -> None:
    assert re.sub("</?span[^>]*>", "", str(typography.phrases(title))).split("<wbr>") == cut
