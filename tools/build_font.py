"""Cuts the font of our PDF documents out of Noto Serif CJK SC: `python tools/build_font.py [NotoSerifCJK-Regular.ttc]`.

Equal sources give equal bytes. On Debian: apt-get install fonts-noto-cjk. See docs/reference/pdf-font.md.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
SOURCE = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
SIMPLIFIED = 2  # of the collection's faces
TARGET = HERE.parent / "menhu" / "core" / "fonts" / "menhu-song.otf"
FAMILY, POSTSCRIPT = "Menhu Song", "MenhuSong-Regular"
NAMES = {1: FAMILY, 2: "Regular", 3: f"1.0;{POSTSCRIPT}", 4: FAMILY, 6: POSTSCRIPT}
KEPT_NAMES = {0, 5, 13, 14}  # copyright, version, licence and where to read it
LATIN = (*range(0x20, 0x7F), *range(0xA0, 0x180))
MARKS = (*range(0x2010, 0x2028), *range(0x2030, 0x2040), *range(0x2100, 0x2190), *range(0x2460, 0x2500))
WIDE = (*range(0x3000, 0x3040), *range(0x3200, 0x3400), *range(0xFF00, 0xFFF0))


def decoded(encoding: str, leads: range) -> Iterator[int]:
    """The code points that a two-byte encoding has under these lead bytes."""
    for lead in leads:
        for trail in range(0x40, 0xFF):
            try:
                text = bytes((lead, trail)).decode(encoding)
            except UnicodeDecodeError:
                continue
            if len(text) == 1:
                yield ord(text)


def wanted() -> set[int]:
    """GB2312, the table of general standard characters, the common Traditional ones (Big5 level 1), marks."""
    lines = (HERE / "general_standard_characters.txt").read_text(encoding="utf-8").splitlines()
    table = {ord(character) for line in lines if not line.startswith("#") for character in line}
    traditional = decoded("big5", range(0xA4, 0xC7))
    return {*decoded("gb2312", range(0xA1, 0xF8)), *table, *traditional, *LATIN, *MARKS, *WIDE}


def cut(source: str) -> TTFont:
    font = TTFont(source, fontNumber=SIMPLIFIED, lazy=True, recalcTimestamp=False)
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"], recalc_timestamp=False
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS", "GDEF"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted() & font.getBestCmap().keys())
    subsetter.subset(font)
    return font


def rename(font: TTFont) -> None:
    """What is changed may not carry the names of the original."""
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in KEPT_NAMES]
    for number, text in NAMES.items():
        names.setName(text, number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [POSTSCRIPT]
    top = outlines.topDictIndex[0]
    top.FullName, top.FamilyName = FAMILY, FAMILY


def main() -> None:
    font = cut(sys.argv[1] if len(sys.argv) > 1 else SOURCE)
    rename(font)
    TARGET.parent.mkdir(exist_ok=True)
    font.save(TARGET)
    sys.stdout.write(f"{TARGET}: {len(font.getBestCmap())} characters, {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
