"""The sheet to paint on: size, colours of the hours and seasons, shapes that fade, lines of mountains."""

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

WIDTH: Final = 1280
HEIGHT: Final = 720
SCALE: Final = 2
"""Painted so many times larger and shrunk, for smooth edges."""
SOFT: Final = 4

Color = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one hour and season, the far ones first."""

    sky: tuple[Color, Color]
    sun: Color
    far: Color
    near: Color
    mist: Color
    ground: Color
    water: tuple[Color, Color]
    wall: Color = (246, 242, 234)
    roof: Color = (62, 66, 68)


DAWN = Palette(
    sky=((236, 214, 190), (251, 244, 232)),
    sun=(214, 96, 74),
    far=(208, 208, 196),
    near=(58, 86, 78),
    mist=(250, 244, 234),
    ground=(74, 104, 84),
    water=((206, 216, 212), (150, 174, 170)),
)
DAY = Palette(
    sky=((190, 214, 232), (242, 246, 246)),
    sun=(252, 248, 236),
    far=(190, 208, 218),
    near=(46, 88, 92),
    mist=(240, 246, 246),
    ground=(88, 128, 84),
    water=((198, 220, 230), (118, 160, 178)),
)
SPRING = replace(
    DAY, far=(196, 214, 206), near=(52, 102, 80), ground=(112, 152, 82), sky=((206, 224, 226), (246, 247, 240))
)
DUSK = Palette(
    sky=((118, 112, 140), (244, 192, 148)),
    sun=(240, 122, 76),
    far=(186, 158, 160),
    near=(50, 56, 74),
    mist=(240, 200, 168),
    ground=(66, 72, 78),
    water=((236, 190, 156), (112, 108, 130)),
    wall=(226, 206, 190),
    roof=(52, 50, 60),
)
AUTUMN = replace(
    DAWN,
    far=(222, 206, 178),
    near=(104, 92, 62),
    ground=(196, 158, 74),
    sky=((214, 222, 224), (250, 242, 226)),
    sun=(238, 190, 120),
)
WINTER = Palette(
    sky=((200, 210, 220), (244, 246, 248)),
    sun=(250, 240, 226),
    far=(222, 228, 234),
    near=(96, 114, 130),
    mist=(246, 248, 250),
    ground=(236, 240, 244),
    water=((226, 234, 240), (176, 192, 206)),
    wall=(232, 228, 222),
    roof=(244, 247, 250),
)


class Canvas:
    """The picture under way, its random numbers and its palette."""

    def __init__(self, seed: str, palette: Palette) -> None:
        self.random = Random(f"picture:{seed}")
        self.palette = palette
        self.width, self.height = WIDTH * SCALE, HEIGHT * SCALE
        self.image = Image.new("RGB", (self.width, self.height))

    def x(self, share: float) -> float:
        return share * self.width

    def y(self, share: float) -> float:
        return share * self.height

    def fill(self, points: list[Point], top: Color, bottom: Color | None = None) -> None:
        """Fill a shape, fading from its highest point to its lowest where two colours are given."""
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).polygon(points, fill=255)
        high = max(0, int(min(y for _, y in points)))
        low = min(self.height, int(max(y for _, y in points)) + 1)
        self.image.paste(self.fade(high, low, top, bottom or top), (0, high), mask.crop((0, high, self.width, low)))

    def fade(self, high: int, low: int, top: Color, bottom: Color) -> Image.Image:
        """A band of the sheet's width that fades from one colour to the other: one column, drawn wide."""
        size = (1, max(1, low - high))
        column = Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp(size[1]))
        return column.resize((self.width, size[1]), Image.Resampling.NEAREST)

    def veil(self, top: float, bottom: float, color: Color, strength: float) -> None:
        """Lay a band of mist, thickest in its middle."""
        high, low = int(self.y(top)), int(self.y(bottom))
        half = ramp((low - high) // 2)
        column = Image.new("L", (1, half.height * 2))
        column.paste(half, (0, 0))
        column.paste(half.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, half.height))
        column = column.point([int(value * strength) for value in range(256)])
        mask = column.resize((self.width, column.height), Image.Resampling.NEAREST)
        self.image.paste(Image.new("RGB", mask.size, color), (0, high), mask)

    def glow(self, ellipses: list[tuple[float, float, float, float]], fill: int, blur: float, color: Color) -> None:
        """Lay soft-edged ellipses of a colour; they are blurred small, since nobody sees the difference."""
        small = Image.new("L", (self.width // SOFT, self.height // SOFT), 0)
        draw = ImageDraw.Draw(small)
        for ellipse in ellipses:
            left, top, right, bottom = (value / SOFT for value in ellipse)
            draw.ellipse((left, top, right, bottom), fill=fill)
        mask = small.filter(ImageFilter.GaussianBlur(blur / SOFT)).resize(self.image.size, Image.Resampling.BILINEAR)
        self.image.paste(Image.new("RGB", self.image.size, color), (0, 0), mask)

    def shape(self, points: list[Point], color: Color) -> None:
        ImageDraw.Draw(self.image).polygon(points, fill=color)

    def line(self, points: list[Point], color: Color, width: float) -> None:
        ImageDraw.Draw(self.image).line(points, fill=color, width=max(1, int(width * SCALE)), joint="curve")

    def dot(self, x: float, y: float, radius: float, color: Color) -> None:
        r = radius * SCALE
        ImageDraw.Draw(self.image).ellipse((x - r, y - r, x + r, y + r), fill=color)


def ramp(height: int) -> Image.Image:
    """A column that rises from black to white."""
    return Image.linear_gradient("L").resize((1, height))


def mix(first: Color, second: Color, share: float) -> Color:
    """A colour on the way from the first to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def rough_line(random: Random, steps: int, roughness: float, peaks: int = 5) -> list[float]:
    """Heights between about -1 and 1 along a ridge of so many peaks, by splitting each stretch in its middle."""
    heights = [random.uniform(-1, 1) if index % 2 else random.uniform(-0.9, 0.3) for index in range(peaks)]
    swing = roughness
    while len(heights) < steps:
        middles = [(a + b) / 2 + random.uniform(-swing, swing) for a, b in pairwise(heights)]
        heights = [value for pair in zip(heights, middles, strict=False) for value in pair] + [heights[-1]]
        swing *= 0.52
    return heights
