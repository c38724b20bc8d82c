"""Style sheets, scripts and templates of public pages: contrast, weight, no third party, nothing inline."""

import re
from pathlib import Path

import pytest

MENHU = Path(__file__).parents[2] / "menhu"
STATIC = MENHU / "core" / "static" / "core"
CSS = sorted(STATIC.glob("css/*.css"))
SCRIPTS = sorted(STATIC.glob("js/*.js"))
TEMPLATES = sorted(MENHU.glob("*/jinja2/**/*.*"))
TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")

TEXT_ON_GROUND = [
    *((text, ground) for text in ("ink", "ink-2", "ink-3", "main-strong") for ground in ("paper", "sand", "main-tint")),
    *(("ink", ground) for ground in ("sky-1", "sky-2", "r1", "r2", "warn-bg")),
    *(("paper", ground) for ground in ("main-solid", "main-strong", "deep", "ink")),
    *((tone, ground) for tone in ("ok", "warn", "bad") for ground in ("paper", f"{tone}-bg")),
]
DRAWN_ON_GROUND = [("main", "paper"), ("main", "sand"), ("rule-strong", "paper"), ("idle", "paper")]


def values(theme: str) -> dict[str, str]:
    root = re.search(r":root \{(.*?)\n  \}", TOKENS, re.DOTALL)
    own = re.search(rf"\.theme-{theme} \{{(.*?)\n  \}}", TOKENS, re.DOTALL)
    assert root is not None
    assert own is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", root[1] + own[1]))


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["red", "blue"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_has_a_contrast_of_seven(theme: str, text: str, ground: str) -> None:
    found = values(theme)
    assert contrast(found[text], found[ground]) >= 7


@pytest.mark.parametrize("theme", ["red", "blue"])
@pytest.mark.parametrize(("drawing", "ground"), DRAWN_ON_GROUND)
def test_what_is_drawn_has_a_contrast_of_four_and_a_half(theme: str, drawing: str, ground: str) -> None:
    found = values(theme)
    assert contrast(found[drawing], found[ground]) >= 4.5


def test_style_sheets_ask_nobody_else_for_anything() -> None:
    for sheet in CSS:
        assert not re.search(r"@import|https?://|url\(", sheet.read_text(encoding="utf-8")), sheet.name


def test_every_variable_that_is_used_is_defined() -> None:
    defined = set(re.findall(r"--([\w-]+):", TOKENS))
    for source in [*CSS, *TEMPLATES, MENHU / "core" / "landscapes.py"]:
        used = set(re.findall(r"var\(--([\w-]+)\)", source.read_text(encoding="utf-8")))
        assert used <= defined, source.name


def test_scripts_are_short_and_speak_to_nobody() -> None:
    """Suggestions of the search page and challenges of forms alone come from the site itself, where a template says."""
    assert [script.name for script in SCRIPTS] == ["article.js", "elder.js", "leave.js", "proof.js", "search.js"]
    asking = {"search.js": "fetch(`${input.dataset.suggest}?", "proof.js": "fetch(address, "}
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 100, script.name
        assert not re.search(r"XMLHttpRequest|https?://|document\.cookie|eval\(|innerHTML", text), script.name
        assert text.count("fetch(") == text.count(asking.get(script.name, "fetch(")) == (script.name in asking)
    named = re.findall(r'data-suggest="([^"]*)"', "".join(t.read_text(encoding="utf-8") for t in TEMPLATES))
    assert named == ["/api/search/suggest"]


def test_templates_hold_no_inline_style_script_or_handler() -> None:
    assert len(TEMPLATES) > 30
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text), template.name
        scripts = re.findall(r"<script([^>]*)>", text)
        assert all("src=" in script or "application/ld+json" in script for script in scripts), template.name


def test_the_weight_of_style_and_script_leaves_room_for_the_article() -> None:
    """An article page has 80 KB without its pictures; half of it is for the text. It holds no form to be proven."""
    scripts = [script for script in SCRIPTS if script.name != "proof.js"]
    files = [*(STATIC / "css" / name for name in ("tokens.css", "components.css")), *scripts]
    assert sum(file.stat().st_size for file in files) <= 42 * 1024
