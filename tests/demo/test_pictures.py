"""The landscapes: as many as the texts ask for, of the right size, light, and always the same."""

from io import BytesIO

import pytest
from PIL import Image

from menhu.demo.pictures import VARIANTS, draw
from menhu.demo.writing.generator import PICTURES

LIMIT = 120 * 1024


def test_there_is_a_landscape_for_every_picture_a_text_may_name() -> None:
    named = {variant for options in PICTURES.values() for variant, _ in options}
    assert len(VARIANTS) >= 12
    assert named == set(VARIANTS)


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_a_landscape_is_a_light_jpeg(variant: str) -> None:
    data = draw(variant)
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (1280, 720), "RGB")
    assert 15 * 1024 < len(data) <= LIMIT


def test_a_landscape_is_always_the_same() -> None:
    assert draw("village-morning") == draw("village-morning")
