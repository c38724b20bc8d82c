"""Misty mountains as inline SVG, drawn from a seed: the same seed gives the same bytes on every machine.

The noise uses only additions and multiplications, no trigonometry, because `math.sin` may differ by one bit
between C libraries and the published tree has to be reproducible byte for byte.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from markupsafe import Markup

Motif = Literal["ridges", "village", "terraces", "bridge", "river"]
MOTIFS: Final[tuple[Motif, ...]] = ("village", "terraces", "bridge", "river")

_LAYERS: Final = 5
_STEPS: Final = 30


@dataclass(frozen=True, slots=True)
class Canvas:
    """Size of the drawing in SVG units and the share of its height at which the farthest ridge stands.

    `is_open` keeps the left side low and leaves the sky to the style sheet, for a canvas that carries text.
    """

    width: int
    height: int
    horizon: float
    is_open: bool = False


HERO: Final = Canvas(1600, 600, 0.56, is_open=True)
STORY: Final = Canvas(960, 540, 0.58)
CARD: Final = Canvas(640, 320, 0.58)
BAND: Final = Canvas(1600, 360, 0.64, is_open=True)
CANVASES: Final = {"hero": HERO, "story": STORY, "card": CARD, "band": BAND}


def landscape(seed: str, *, uid: str, canvas: str = "story", motif: Motif | None = None) -> Markup:
    """One decorative picture, hidden from screen readers; `uid` keeps gradient ids unique within a page."""
    random = Random(f"landscape:{seed}")  # noqa: S311 - a picture, not a secret
    size = CANVASES[canvas]
    chosen = motif or MOTIFS[random.randrange(len(MOTIFS))]
    parts = [_gradients(uid), _sky(size, uid, random)]
    for layer in range(_LAYERS):
        parts.append(_ridge(size, layer, random))
        if layer < _LAYERS - 1:
            parts.append(_mist(size, layer, uid))
    parts.append(_clouds(size, random))
    parts.append(_FOREGROUNDS[chosen](size, random))
    return Markup(  # noqa: S704 - built from numbers and constants only
        f'<svg class="scene" viewBox="0 0 {size.width} {size.height}" preserveAspectRatio="xMidYMax slice" '
        f'aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def _gradients(uid: str) -> str:
    return (
        f'<defs><linearGradient id="{uid}s" x2="0" y2="1"><stop stop-color="var(--sky-1)"/>'
        f'<stop offset=".7" stop-color="var(--sky-2)"/></linearGradient>'
        f'<linearGradient id="{uid}m" x2="0" y2="1"><stop stop-color="var(--mist)" stop-opacity="0"/>'
        f'<stop offset="1" stop-color="var(--mist)" stop-opacity=".92"/></linearGradient></defs>'
    )


def _sky(size: Canvas, uid: str, random: Random) -> str:
    x = round(size.width * (0.72 + 0.12 * random.random()))
    y = round(size.height * (0.24 + 0.08 * random.random()))
    radius = round(size.height * 0.06)
    sun = f'<circle cx="{x}" cy="{y}" r="{radius}" fill="var(--sun)" opacity=".88"/>'
    if size.is_open:
        return sun
    return f'<rect width="{size.width}" height="{size.height}" fill="url(#{uid}s)"/>{sun}'


def _base(size: Canvas, layer: int) -> float:
    """Height at which a layer stands: the far ones close together, the near ones apart."""
    near = layer / (_LAYERS - 1)
    return size.height * (size.horizon + (0.86 - size.horizon) * near)


def _ridge(size: Canvas, layer: int, random: Random) -> str:
    far = 1 - layer / _LAYERS
    swing = size.height * (0.03 + 0.2 * far)
    lifts = _lifts(random, is_peaked=layer < 2)
    calm = 0.75 * far if size.is_open else 0.0
    last = len(lifts) - 1
    heights = [round(_base(size, layer) - swing * lift * (1 - calm * (1 - i / last))) for i, lift in enumerate(lifts)]
    return f'<path d="{_smooth(size, heights)}" fill="var(--r{layer + 1})"/>'


def _lifts(random: Random, *, is_peaked: bool) -> list[float]:
    """How far the outline rises above its base at each step, in swings."""
    slow = _noise(random, knots=6)
    fast = _noise(random, knots=14)
    summit = 0.55 + 0.35 * random.random()
    steps = [step / (_STEPS + 1) for step in range(_STEPS + 2)]
    peak = 0.7 if is_peaked else 0.0
    return [0.75 * slow(at) + 0.25 * fast(at) + peak * max(0.0, 1 - abs(at - summit) * 5) for at in steps]


def _noise(random: Random, knots: int) -> Callable[[float], float]:
    """Value noise in 0..1 over 0..1, joined by smoothstep."""
    values = [random.random() for _ in range(knots + 2)]

    def value(at: float) -> float:
        place = at * knots
        left = int(place)
        part = place - left
        eased = part * part * (3 - 2 * part)
        return values[left] + (values[left + 1] - values[left]) * eased

    return value


def _smooth(size: Canvas, heights: list[int]) -> str:
    """Quadratic curves through the midpoints of the given heights, written in relative numbers to stay short."""
    step = size.width // _STEPS
    x, y = 0, heights[0]
    path = [f"M0 {y}"]
    for index in range(1, len(heights) - 1):
        control_x, control_y = index * step, heights[index]
        to_x, to_y = control_x + step // 2, (heights[index] + heights[index + 1]) // 2
        path.append(f"q{control_x - x} {control_y - y} {to_x - x} {to_y - y}")
        x, y = to_x, to_y
    return f"{''.join(path)}L{size.width} {y}V{size.height}H0z"


def _mist(size: Canvas, layer: int, uid: str) -> str:
    top = round(_base(size, layer) - size.height * 0.02)
    depth = round(size.height * 0.13)
    return (
        f'<rect y="{top}" width="{size.width}" height="{depth}" fill="url(#{uid}m)"/>'
        f'<rect y="{top + depth - 1}" width="{size.width}" height="{size.height}" fill="var(--mist)" opacity=".92"/>'
    )


def _clouds(size: Canvas, random: Random) -> str:
    """Two auspicious clouds drawn as lines, as on old maps."""
    unit = size.height / 300
    curl, left, up, under = round(7 * unit), round(6 * unit), round(10 * unit), round(7 * unit)
    drawn = []
    for share in (0.5, 0.84):
        x = round(size.width * (share + 0.06 * random.random()))
        y = round(_base(size, 1) + size.height * 0.04 * random.random())
        drawn.append(f"M{x} {y}h{round(46 * unit)}a{curl} {curl} 0 1 0 {-left} {-up}")
        drawn.append(
            f"M{x + round(58 * unit)} {y}h{round(56 * unit)}M{x + round(22 * unit)} {y + under}h{round(60 * unit)}"
        )
    return (
        f'<path d="{"".join(drawn)}" fill="none" stroke="var(--mist)" stroke-width="{round(2 * unit, 1)}" '
        f'stroke-linecap="round" opacity=".95"/>'
    )


def _village(size: Canvas, random: Random) -> str:
    """White walls under dark eaves, standing on the nearest hill."""
    unit = size.height / 300
    x = size.width * (0.52 + 0.14 * random.random())
    ground = size.height * 0.825
    walls, roofs, doors = [], [], []
    for _ in range(6):
        width = (20 + 10 * random.random()) * unit
        height = (9 + 6 * random.random()) * unit
        y = ground + (random.random() - 0.5) * 8 * unit
        walls.append(_box(x, y, width, height))
        roofs.append(_roof(x, y, width, unit))
        doors.append(_box(x + width * 0.42, y + height * 0.4, 4 * unit, height * 0.6))
        x += width + (3 + 4 * random.random()) * unit
    return (
        f'<path d="{"".join(walls)}" fill="var(--mist)"/><path d="{"".join(roofs)}" fill="var(--deep)"/>'
        f'<path d="{"".join(doors)}" fill="var(--r4)"/>'
    )


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{round(x)} {round(y)}h{round(width)}v{round(height)}h{-round(width)}z"


def _roof(x: float, y: float, width: float, unit: float) -> str:
    over, rise = 4 * unit, 7 * unit
    flat = width * 0.44
    slope = (width + 2 * over - flat) / 2
    return (
        f"M{round(x - over)} {round(y)}q{round(slope * 0.75)} {-round(rise * 0.4)} {round(slope)} {-round(rise)}"
        f"h{round(flat)}q{round(slope * 0.25)} {round(rise * 0.6)} {round(slope)} {round(rise)}z"
    )


def _terraces(size: Canvas, random: Random) -> str:
    """Contour lines of paddies on the slope."""
    left = size.width * (0.06 + 0.1 * random.random())
    lines = []
    for row in range(6):
        x = left + row * size.width * 0.022
        width = size.width * (0.42 - row * 0.05)
        y = size.height * (0.965 - row * 0.021)
        bow = size.height * 0.03
        lines.append(f"M{round(x)} {round(y)}q{round(width / 2)} {-round(bow)} {round(width)} {round(bow * 0.2)}")
    return (
        f'<path d="{"".join(lines)}" fill="none" stroke="var(--r2)" stroke-opacity=".6" '
        f'stroke-width="{round(size.height / 300, 1)}" stroke-linecap="round"/>'
    )


def _bridge(size: Canvas, random: Random) -> str:
    """A white arch bridge over still water."""
    water, deck, foot = round(size.height * 0.9), round(size.height * 0.84), round(size.height * 0.91)
    spans = 3 + random.randrange(2)
    span = size.width / spans
    crown = round(deck - size.height * 0.08)
    arches = "".join(
        f"M{round(span * (i + 0.06))} {foot}Q{round(span * (i + 0.5))} {crown} {round(span * (i + 0.94))} {foot}"
        for i in range(spans)
    )
    piers = "".join(
        f"M{round(span * (i + sixth / 6))} {deck}v{round((water - deck) * share)}"
        for i in range(spans)
        for sixth, share in ((1, 0.55), (2, 0.2), (4, 0.2), (5, 0.55))
    )
    strokes = ((f"M0 {deck}H{size.width}", 0.022), (arches, 0.016), (piers, 0.008))
    lines = "".join(f'<path d="{d}" stroke-width="{round(size.height * share)}"/>' for d, share in strokes)
    return (
        f'<path d="M0 {water}H{size.width}V{size.height}H0z" fill="var(--r2)"/>{_ripples(size, water, random)}'
        f'<g fill="none" stroke="var(--mist)">{lines}</g>'
    )


def _river(size: Canvas, random: Random) -> str:
    """A bright river winding out of the hills towards the reader: a thread far off, wide at the foot."""
    mouth = 0.36 + 0.3 * random.random()

    def at(across: float, down: float) -> str:
        return f"{round(size.width * (mouth + across))} {round(size.height * down)}"

    left = f"C{at(0.01, 0.84)} {at(0.09, 0.83)} {at(0.085, 0.87)}S{at(-0.1, 0.93)} {at(-0.12, 1)}"
    right = f"C{at(0.06, 0.95)} {at(0.16, 0.91)} {at(0.15, 0.87)}S{at(0.02, 0.84)} {at(0.006, 0.8)}"
    return f'<path d="M{at(0, 0.8)}{left}L{at(0.1, 1)}{right}z" fill="var(--sky-2)" opacity=".85"/>'


def _ripples(size: Canvas, water: int, random: Random) -> str:
    lines = []
    for row in range(3):
        x = round(size.width * (0.08 + 0.5 * random.random()))
        y = water + round(size.height * (0.03 + row * 0.025))
        lines.append(f"M{x} {y}h{round(size.width * (0.12 + 0.16 * random.random()))}")
    return f'<path d="{"".join(lines)}" stroke="var(--mist)" stroke-width="2" opacity=".8"/>'


def _ridges(size: Canvas, random: Random) -> str:
    return ""


_FOREGROUNDS: Final[dict[Motif, Callable[[Canvas, Random], str]]] = {
    "ridges": _ridges,
    "village": lambda size, random: _terraces(size, random) + _village(size, random),
    "terraces": _terraces,
    "bridge": _bridge,
    "river": _river,
}
