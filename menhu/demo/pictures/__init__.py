"""Landscapes of the county, painted from a seed: misty ridges with what the variant names in front of them."""

from collections.abc import Callable
from io import BytesIO
from typing import Final

from PIL import Image

from menhu.demo.pictures.background import paint_birds, paint_clouds, paint_hill, paint_ridges, paint_sky, paint_snow
from menhu.demo.pictures.canvas import AUTUMN, DAWN, DAY, DUSK, HEIGHT, SPRING, WIDTH, WINTER, Canvas, Palette, mix
from menhu.demo.pictures.foreground import (
    paint_bridge,
    paint_fields,
    paint_pines,
    paint_reeds,
    paint_river,
    paint_tea,
    paint_terraces,
    paint_town,
    paint_trees,
    paint_village,
    paint_water,
)

QUALITY: Final = 84


def mountains(canvas: Canvas) -> None:
    paint_sky(canvas, (0.74, 0.24))
    paint_clouds(canvas, 7)
    paint_ridges(canvas, 0.4, 7, 0.48)
    paint_birds(canvas, 7, 0.2, 0.4)


def forest(canvas: Canvas) -> None:
    paint_sky(canvas, None)
    paint_clouds(canvas, 9)
    paint_ridges(canvas, 0.36, 5, 0.3)
    for row in range(4):
        color = mix(canvas.palette.far, canvas.palette.near, 0.55 + 0.15 * row)
        canvas.veil(0.52 + row * 0.1, 0.72 + row * 0.1, canvas.palette.mist, 0.4)
        paint_pines(canvas, 0.7 + row * 0.12, 34 - row * 6, 74 + row * 42, color)


def river(canvas: Canvas) -> None:
    paint_sky(canvas, (0.3, 0.2))
    paint_clouds(canvas, 6)
    paint_ridges(canvas, 0.38, 5, 0.26)
    edge = paint_hill(canvas, 0.7, 0.02, mix(canvas.palette.ground, canvas.palette.mist, 0.35), canvas.palette.ground)
    paint_river(canvas)
    paint_trees(canvas, edge, 34, 20, mix(canvas.palette.ground, canvas.palette.near, 0.5))
    paint_birds(canvas, 4, 0.16, 0.3)


def reservoir(canvas: Canvas) -> None:
    paint_sky(canvas, (0.66, 0.2))
    paint_clouds(canvas, 6)
    paint_ridges(canvas, 0.34, 5, 0.26)
    paint_pines(canvas, 0.635, 60, 26, mix(canvas.palette.near, canvas.palette.mist, 0.2))
    paint_water(canvas, 0.64)


def wetland(canvas: Canvas) -> None:
    paint_sky(canvas, (0.5, 0.3))
    paint_clouds(canvas, 8)
    paint_ridges(canvas, 0.46, 3, 0.1)
    paint_water(canvas, 0.58)
    paint_reeds(canvas, 0.94, 320)
    paint_birds(canvas, 24, 0.14, 0.5)


def bridge(canvas: Canvas) -> None:
    paint_sky(canvas, (0.26, 0.24))
    paint_clouds(canvas, 6)
    paint_ridges(canvas, 0.34, 5, 0.24)
    paint_pines(canvas, 0.64, 70, 22, mix(canvas.palette.near, canvas.palette.mist, 0.25))
    paint_water(canvas, 0.65)
    paint_bridge(canvas, 0.6, 7)


def terraces(canvas: Canvas) -> None:
    paint_sky(canvas, (0.7, 0.2))
    paint_clouds(canvas, 6)
    paint_ridges(canvas, 0.36, 4, 0.2)
    paint_terraces(canvas, canvas.palette.ground, canvas.palette.water[0])


def tea(canvas: Canvas) -> None:
    paint_sky(canvas, (0.24, 0.2))
    paint_clouds(canvas, 6)
    paint_ridges(canvas, 0.34, 4, 0.2)
    paint_tea(canvas)


def village(canvas: Canvas) -> None:
    paint_sky(canvas, (0.76, 0.2))
    paint_clouds(canvas, 6)
    paint_ridges(canvas, 0.34, 5, 0.24)
    hill = mix(canvas.palette.ground, canvas.palette.near, 0.35)
    edge = paint_hill(canvas, 0.64, 0.03, mix(hill, canvas.palette.mist, 0.3), hill)
    paint_trees(canvas, edge, 40, 22, mix(canvas.palette.ground, canvas.palette.near, 0.6))
    paint_fields(canvas, 0.74, mix(canvas.palette.ground, canvas.palette.mist, 0.3))
    paint_village(canvas, 0.7, 10)


def snowy_village(canvas: Canvas) -> None:
    village(canvas)
    paint_snow(canvas)


def town(canvas: Canvas) -> None:
    paint_sky(canvas, (0.7, 0.34))
    paint_clouds(canvas, 7)
    paint_ridges(canvas, 0.36, 4, 0.18)
    paint_town(canvas, 0.66)
    paint_water(canvas, 0.69)


VARIANTS: Final[dict[str, tuple[Callable[[Canvas], None], Palette]]] = {
    "mist-dawn": (mountains, DAWN),
    "mist-dusk": (mountains, DUSK),
    "forest": (forest, SPRING),
    "river-spring": (river, SPRING),
    "reservoir": (reservoir, DAY),
    "wetland": (wetland, DAWN),
    "bridge-day": (bridge, DAY),
    "bridge-dusk": (bridge, DUSK),
    "terraces-green": (terraces, SPRING),
    "terraces-gold": (terraces, AUTUMN),
    "tea-hills": (tea, SPRING),
    "village-morning": (village, DAWN),
    "village-snow": (snowy_village, WINTER),
    "town-evening": (town, DUSK),
}


def draw(variant: str) -> bytes:
    """Paint a variant as a 1280×720 JPEG; the same bytes every time."""
    painter, palette = VARIANTS[variant]
    canvas = Canvas(variant, palette)
    painter(canvas)
    small = canvas.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    written = BytesIO()
    small.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
