"""What lies behind: sky, sun, clouds, ridges in mist, birds, falling snow."""

from PIL import Image, ImageDraw, ImageFilter

from menhu.demo.pictures.canvas import SCALE, Canvas, Color, Point, mix, rough_line


def paint_sky(canvas: Canvas, sun_at: tuple[float, float] | None) -> None:
    top, bottom = canvas.palette.sky
    whole: list[Point] = [(0, 0), (canvas.width, 0), (canvas.width, canvas.height), (0, canvas.height)]
    canvas.fill(whole, top, bottom)
    if sun_at is not None:
        paint_sun(canvas, *sun_at)


def paint_sun(canvas: Canvas, x: float, y: float) -> None:
    """A disc with a soft glow around it."""
    centre_x, centre_y, radius = canvas.x(x), canvas.y(y), canvas.height * 0.055
    wide = radius * 3.2
    around = (centre_x - wide, centre_y - wide, centre_x + wide, centre_y + wide)
    canvas.glow([around], 90, radius * 1.1, mix(canvas.palette.sun, (255, 255, 255), 0.55))
    canvas.dot(centre_x, centre_y, radius / SCALE, canvas.palette.sun)


def paint_ridges(canvas: Canvas, horizon: float, layers: int, depth: float) -> None:
    """Mountain behind mountain, each darker than the one behind and fading into mist at its foot."""
    palette = canvas.palette
    for layer in range(layers):
        share = layer / max(layers - 1, 1)
        base = horizon + depth * share
        swing = 0.13 * (1 - 0.5 * share)
        color = mix(palette.far, palette.near, share**1.15)
        ridge = rough_line(canvas.random, 160, 0.42 - 0.1 * share, 5 + layer)
        points = ridge_points(canvas, ridge, base, swing)
        canvas.fill(points, color, mix(color, palette.mist, 0.62 - 0.32 * share))
        if layer < layers - 1:
            canvas.veil(base + 0.02, base + depth / layers + 0.12, palette.mist, 0.5)


def ridge_points(canvas: Canvas, ridge: list[float], base: float, swing: float) -> list[Point]:
    step = canvas.width / (len(ridge) - 1)
    line: list[Point] = [(index * step, canvas.y(base - swing * height)) for index, height in enumerate(ridge)]
    return [*line, (canvas.width, canvas.height), (0, canvas.height)]


def paint_hill(canvas: Canvas, base: float, swing: float, top: Color, bottom: Color) -> list[Point]:
    """A smooth near hill; returns its upper edge."""
    ridge = rough_line(canvas.random, 9, 0.4)
    smooth = smoothed(ridge, 240)
    points = ridge_points(canvas, smooth, base, swing)
    canvas.fill(points, top, bottom)
    return points[:-2]


def smoothed(values: list[float], count: int) -> list[float]:
    """Values with gentle bends between them."""
    result = []
    for index in range(count):
        position = index * (len(values) - 1) / (count - 1)
        left = min(int(position), len(values) - 2)
        share = position - left
        ease = share * share * (3 - 2 * share)
        result.append(values[left] + (values[left + 1] - values[left]) * ease)
    return result


def paint_clouds(canvas: Canvas, count: int) -> None:
    """Thin streaks of cloud."""
    streaks = []
    for _ in range(count):
        x, y = canvas.x(canvas.random.uniform(-0.1, 0.9)), canvas.y(canvas.random.uniform(0.06, 0.36))
        length, height = canvas.x(canvas.random.uniform(0.12, 0.34)), canvas.y(canvas.random.uniform(0.006, 0.018))
        streaks.append((x, y, x + length, y + height))
    canvas.glow(streaks, 150, 6 * SCALE, mix(canvas.palette.mist, (255, 255, 255), 0.4))


def paint_birds(canvas: Canvas, count: int, top: float, bottom: float) -> None:
    """Birds far away, two strokes each."""
    for _ in range(count):
        x, y = canvas.x(canvas.random.uniform(0.12, 0.88)), canvas.y(canvas.random.uniform(top, bottom))
        size = canvas.random.uniform(5, 12) * SCALE
        color = mix(canvas.palette.near, (20, 24, 28), 0.4)
        canvas.line([(x - size, y - size * 0.35), (x - size * 0.4, y - size * 0.5), (x, y)], color, 1.4)
        canvas.line([(x, y), (x + size * 0.4, y - size * 0.5), (x + size, y - size * 0.35)], color, 1.4)


def paint_snow(canvas: Canvas) -> None:
    """Falling snow, near flakes larger and softer."""
    flakes = Image.new("L", canvas.image.size, 0)
    draw = ImageDraw.Draw(flakes)
    for _ in range(420):
        x, y = canvas.random.random() * canvas.width, canvas.random.random() * canvas.height
        radius = canvas.random.uniform(0.7, 2.6) * SCALE
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=canvas.random.randint(90, 220))
    flakes = flakes.filter(ImageFilter.GaussianBlur(0.6 * SCALE))
    canvas.image.paste(Image.new("RGB", canvas.image.size, (255, 255, 255)), (0, 0), flakes)
