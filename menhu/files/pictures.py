"""Pictures are drawn anew: nothing of the upload's bytes survives but what can be seen."""

import io
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from menhu.files.rules import UploadRefused

FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
LOSSLESS: Final = frozenset({"PNG", "GIF"})
THUMBNAIL_SIDE: Final = 320
QUALITY: Final = 85


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it is kept: upright, in sRGB, without metadata, with a small copy for lists."""

    data: bytes
    extension: str
    content_type: str
    width: int
    height: int
    thumbnail: bytes


def redraw(data: bytes, *, max_side: int, max_pixels: int) -> Drawn:
    """Draw a picture anew within `max_side`; of an animation only the first frame. Raises UploadRefused."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            _check_size(opened, max_pixels)
            form = "PNG" if opened.format in LOSSLESS or _is_see_through(opened) else "JPEG"
            picture = _in_srgb(ImageOps.exif_transpose(opened), "RGBA" if _is_see_through(opened) else "RGB")
        picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
        return _kept(picture, form)
    except UploadRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadRefused(_too_large(max_pixels)) from error
    except Exception as error:  # Pillow raises a dozen kinds of error on broken files.
        raise UploadRefused(_("图片损坏，无法读取。请在看图软件中另存一份再上传。")) from error


def _check_size(picture: Image.Image, max_pixels: int) -> None:
    if picture.width * picture.height > max_pixels:
        raise UploadRefused(_too_large(max_pixels))


def _is_see_through(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in picture.info


def _in_srgb(picture: Image.Image, mode: str) -> Image.Image:
    """The pixels alone in sRGB; a colour profile is applied, then dropped with everything else."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, source, target, outputMode="RGB") or picture
        except (ImageCms.PyCMSError, OSError):
            pass  # An unreadable profile: the colours stay as they are.
    drawn = picture.convert(mode)
    drawn.info = {}
    return drawn


def _kept(picture: Image.Image, form: str) -> Drawn:
    extension, content_type = ("png", "image/png") if form == "PNG" else ("jpg", "image/jpeg")
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Drawn(
        data=_encoded(picture, form),
        extension=extension,
        content_type=content_type,
        width=picture.width,
        height=picture.height,
        thumbnail=_encoded(small, form),
    )


def _encoded(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    if form == "PNG":
        picture.save(out, "PNG", optimize=True)
    else:
        picture.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _too_large(max_pixels: int) -> str:
    return _("图片超过 %(limit)d 百万像素，请缩小后再上传。") % {"limit": max_pixels // 1_000_000}
