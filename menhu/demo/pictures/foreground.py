"""What stands in front: water, trees, houses, fields, bridges, a town."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from menhu.demo.pictures.background import paint_hill, ridge_points, smoothed
from menhu.demo.pictures.canvas import DUSK, SCALE, Canvas, Color, Point, mix


def paint_water(canvas: Canvas, top: float, *, mirror: bool = True) -> None:
    """A sheet of water to the lower edge, with what stands above it mirrored faintly and rippled."""
    high = int(canvas.y(top))
    depth = canvas.height - high
    light, deep = canvas.palette.water
    water = canvas.fade(0, depth, light, deep)
    if mirror:
        above = canvas.image.crop((0, high - depth, canvas.width, high)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        above = above.filter(ImageFilter.GaussianBlur(5 * SCALE))
        water = Image.blend(water, above, 0.42)
    canvas.image.paste(water, (0, high))
    paint_ripples(canvas, top, 70)


def paint_ripples(canvas: Canvas, top: float, count: int) -> None:
    sheen = Image.new("L", canvas.image.size, 0)
    draw = ImageDraw.Draw(sheen)
    for _ in range(count):
        share = canvas.random.random() ** 1.3
        y = canvas.y(top + 0.01 + (0.98 - top) * share)
        x = canvas.x(canvas.random.uniform(-0.05, 1))
        length = canvas.x(0.02 + 0.12 * share * canvas.random.random())
        draw.line(
            (x, y, x + length, y), fill=int(60 + 70 * canvas.random.random()), width=max(1, int(SCALE * (0.6 + share)))
        )
    sheen = sheen.filter(ImageFilter.GaussianBlur(0.8 * SCALE))
    canvas.image.paste(Image.new("RGB", canvas.image.size, canvas.palette.water[0]), (0, 0), sheen)


def paint_river(canvas: Canvas) -> None:
    """A river that winds down from the foot of the mountains to the lower edge."""
    left: list[Point] = []
    right: list[Point] = []
    bends = smoothed([0.62, 0.5, 0.66, 0.42, 0.5], 60)
    for index, middle in enumerate(bends):
        share = index / (len(bends) - 1)
        y = canvas.y(0.715 + 0.3 * share**1.15)
        half = canvas.x(0.006 + 0.2 * share**2.1)
        left.append((canvas.x(middle) - half, y))
        right.append((canvas.x(middle) + half, y))
    light, deep = canvas.palette.water
    canvas.fill([*left, *reversed(right)], mix(light, (255, 255, 255), 0.25), deep)
    for edge in (left, right):
        canvas.line(edge, mix(canvas.palette.ground, canvas.palette.mist, 0.45), 2)


def paint_trees(canvas: Canvas, edge: list[Point], count: int, size: float, color: Color) -> None:
    """Round-headed trees that stand along an edge, in loose groups."""
    for _ in range(count):
        x, y = edge[canvas.random.randrange(len(edge))]
        height = size * canvas.random.uniform(0.6, 1.3) * SCALE
        shade = mix(color, canvas.palette.near, canvas.random.uniform(0, 0.5))
        canvas.line([(x, y + height * 0.2), (x, y - height * 0.4)], mix(shade, (40, 34, 30), 0.4), 1.6)
        for dx, dy, part in ((-0.22, -0.45, 0.34), (0.22, -0.48, 0.32), (0, -0.75, 0.36)):
            canvas.dot(x + dx * height, y + dy * height, part * height / SCALE, shade)


def paint_pines(canvas: Canvas, base: float, count: int, size: float, color: Color) -> None:
    """A row of pines, the lower the nearer."""
    for index in range(count):
        x = canvas.x((index + canvas.random.uniform(-0.4, 0.4)) / count)
        y = canvas.y(base + canvas.random.uniform(-0.015, 0.03))
        height = size * canvas.random.uniform(0.7, 1.25) * SCALE
        shade = mix(color, canvas.palette.mist, canvas.random.uniform(0, 0.12))
        for step in range(4):
            low = y - height * step * 0.21
            half = height * (0.26 - 0.05 * step)
            canvas.shape([(x - half, low), (x + half, low), (x, low - height * 0.4)], shade)


def paint_house(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A house with white walls, a dark roof with raised ends and small windows; y is the foot of the wall."""
    palette = canvas.palette
    wide, tall = size * canvas.random.uniform(1.0, 1.5), size * 0.52
    shade = mix(palette.wall, palette.near, canvas.random.uniform(0.02, 0.14))
    canvas.shape([(x, y), (x + wide, y), (x + wide, y - tall), (x, y - tall)], shade)
    side = mix(shade, palette.near, 0.18)
    canvas.shape([(x + wide * 0.72, y), (x + wide, y), (x + wide, y - tall), (x + wide * 0.72, y - tall)], side)
    eave, ridge = size * 0.1, size * 0.3
    roof: list[Point] = [
        (x - eave, y - tall + eave * 0.2),
        (x + wide * 0.12, y - tall - ridge),
        (x + wide * 0.88, y - tall - ridge),
        (x + wide + eave, y - tall + eave * 0.2),
    ]
    canvas.shape(roof, palette.roof)
    canvas.line([roof[1], roof[2]], mix(palette.roof, (0, 0, 0), 0.35), 1.2)
    window = mix(palette.roof, palette.near, 0.5) if palette is not DUSK else (255, 214, 140)
    for position in (0.18, 0.44):
        left, top = x + wide * position, y - tall * 0.68
        canvas.shape(
            [
                (left, top),
                (left + size * 0.13, top),
                (left + size * 0.13, top + size * 0.17),
                (left, top + size * 0.17),
            ],
            window,
        )


def paint_village(canvas: Canvas, base: float, count: int) -> None:
    """Houses in three rows at the foot of a hill, with trees between them."""
    for row in range(3):
        size = (50 + row * 20) * SCALE
        y = base + row * 0.07
        for index in range(count - row * 2):
            x = canvas.x(0.1 + 0.78 * (index + canvas.random.uniform(0, 0.55)) / (count - row * 2))
            paint_house(canvas, x, canvas.y(y + canvas.random.uniform(-0.008, 0.012)), size)
        edge = [(canvas.x(canvas.random.uniform(0.04, 0.96)), canvas.y(y + 0.012)) for _ in range(30)]
        paint_trees(canvas, edge, 9, 34 + row * 12, mix(canvas.palette.ground, canvas.palette.near, 0.55))


def paint_fields(canvas: Canvas, top: float, color: Color) -> None:
    """Fields before the village, in stripes that widen towards the viewer."""
    for band in range(7):
        share = band / 7
        high = top + (1 - top) * share**1.3
        low = top + (1 - top) * ((band + 1) / 7) ** 1.3
        shade = mix(color, canvas.palette.near, 0.08 + 0.1 * (band % 2) + 0.05 * canvas.random.random())
        bend = canvas.random.uniform(-0.012, 0.012)
        canvas.shape(
            [
                (0, canvas.y(high + bend)),
                (canvas.width, canvas.y(high - bend)),
                (canvas.width, canvas.y(low + 0.03)),
                (0, canvas.y(low + 0.03)),
            ],
            shade,
        )


def paint_terraces(canvas: Canvas, color: Color, gleam: Color) -> None:
    """Terraced fields: nested bends that gather on a slope, each with a bright rim where the water stands."""
    edges = smoothed([canvas.random.uniform(-1, 1) for _ in range(7)], 200)
    steps = 17
    for step in range(steps):
        share = step / (steps - 1)
        base = 0.6 + 0.42 * share**1.25
        swing = 0.055 * (1 - 0.2 * share)
        drift = smoothed([canvas.random.uniform(-0.35, 0.35) for _ in range(5)], 200)
        line = [a + b for a, b in zip(edges, drift, strict=True)]
        points = ridge_points(canvas, line, base, swing)
        shade = mix(color, canvas.palette.near, 0.12 + 0.2 * (step % 3) / 3)
        canvas.fill(points, mix(gleam, shade, 0.45), shade)
        canvas.line(points[:-2], mix(gleam, (255, 255, 255), 0.2), 1.2 + 1.6 * share)


def paint_tea(canvas: Canvas) -> None:
    """Tea hills: rounded slopes combed with rows of bushes."""
    for hill in range(4):
        base = 0.6 + hill * 0.12
        top = mix(canvas.palette.ground, canvas.palette.mist, 0.34 - hill * 0.1)
        edge = paint_hill(canvas, base, 0.085, top, mix(top, canvas.palette.near, 0.35))
        dark = mix(top, canvas.palette.near, 0.5)
        for row in range(1, 11):
            drop = canvas.y(0.006 + 0.016 * row + 0.0012 * row * row)
            canvas.line([(x, y + drop) for x, y in edge], dark, 1.6 + hill * 0.9)


def paint_bridge(canvas: Canvas, deck: float, arches: int) -> None:
    """A stone bridge of several arches over the water, with its reflection."""
    stone = mix(canvas.palette.wall, canvas.palette.near, 0.3)
    left, right = canvas.x(-0.02), canvas.x(1.02)
    top, foot = canvas.y(deck), canvas.y(deck + 0.16)
    layer = Image.new("L", canvas.image.size, 0)
    draw = ImageDraw.Draw(layer)
    rise = canvas.y(0.035)
    upper = [(left + (right - left) * i / 60, top - rise * (1 - ((i - 30) / 30) ** 2)) for i in range(61)]
    draw.polygon([*upper, (right, foot), (left, foot)], fill=255)
    span = (right - left) / arches
    for index in range(arches):
        x = left + span * (index + 0.1)
        draw.pieslice((x, top + canvas.y(0.045), x + span * 0.8, foot + canvas.y(0.13)), 180, 360, fill=0)
    mirror = ImageChops.offset(layer.transpose(Image.Transpose.FLIP_TOP_BOTTOM), 0, int(2 * foot) - canvas.height)
    mirror = mirror.filter(ImageFilter.GaussianBlur(3 * SCALE)).point([value // 3 for value in range(256)])
    cut = Image.new("L", canvas.image.size, 0)
    cut.paste(mirror.crop((0, int(foot), canvas.width, canvas.height)), (0, int(foot)))
    canvas.image.paste(Image.new("RGB", canvas.image.size, mix(stone, canvas.palette.water[1], 0.5)), (0, 0), cut)
    canvas.image.paste(Image.new("RGB", canvas.image.size, stone), (0, 0), layer)
    canvas.line(upper, mix(stone, (255, 255, 255), 0.35), 5)
    canvas.line([(x, y + canvas.y(0.016)) for x, y in upper], mix(stone, canvas.palette.near, 0.4), 1.5)
    for index in range(0, 61, 2):
        x, y = upper[index]
        canvas.line([(x, y), (x, y - canvas.y(0.016))], mix(stone, canvas.palette.near, 0.25), 2)


def paint_reeds(canvas: Canvas, base: float, count: int) -> None:
    """Reeds at the near bank."""
    for _ in range(count):
        x = canvas.x(canvas.random.choice((canvas.random.uniform(-0.02, 0.36), canvas.random.uniform(0.66, 1.02))))
        y = canvas.y(base + canvas.random.uniform(0, 0.06))
        height = canvas.y(canvas.random.uniform(0.07, 0.2))
        lean = canvas.random.uniform(-0.25, 0.35) * height
        shade = mix(canvas.palette.near, canvas.palette.ground, canvas.random.random())
        canvas.line([(x, y), (x + lean * 0.35, y - height * 0.6), (x + lean, y - height)], shade, 1.5)
        canvas.dot(x + lean, y - height, 2.4, mix(shade, canvas.palette.mist, 0.35))


def paint_town(canvas: Canvas, base: float) -> None:
    """Blocks of a small town along the river, their windows lit."""
    for row in range(2):
        x = -0.02
        while x < 1.02:
            wide = canvas.random.uniform(0.035, 0.075)
            tall = canvas.random.uniform(0.06, 0.2) * (1.15 - 0.4 * row)
            shade = mix(
                canvas.palette.near, canvas.palette.mist, 0.42 - 0.26 * row + canvas.random.uniform(-0.05, 0.05)
            )
            paint_block(canvas, x, base + 0.03 * row, wide, tall, shade)
            x += wide + canvas.random.uniform(0.002, 0.02)


def paint_block(canvas: Canvas, x: float, y: float, wide: float, tall: float, shade: Color) -> None:
    left, right, foot, top = canvas.x(x), canvas.x(x + wide), canvas.y(y), canvas.y(y - tall)
    canvas.shape([(left, foot), (right, foot), (right, top), (left, top)], shade)
    canvas.shape(
        [
            (left, top),
            (right, top),
            (right - canvas.x(0.006), top - canvas.y(0.012)),
            (left + canvas.x(0.006), top - canvas.y(0.012)),
        ],
        mix(shade, canvas.palette.near, 0.4),
    )
    columns, rows = max(2, int(wide / 0.013)), max(2, int(tall / 0.026))
    for column in range(columns):
        for row in range(rows):
            if canvas.random.random() < 0.42:
                px = left + (right - left) * (column + 0.28) / columns
                py = top + (foot - top) * (row + 0.3) / rows
                size = 5.5 * SCALE
                canvas.shape(
                    [(px, py), (px + size, py), (px + size, py + size * 1.2), (px, py + size * 1.2)], (255, 218, 150)
                )
