"""Uploads, good and hostile, made on the spot."""

import io
import zipfile
import zlib

from openpyxl import Workbook
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
PDF = b"%PDF-1.7\n1 0 obj\n<</Type /Pages /Kids [2 0 R] /Count 3>>\nendobj\n%%EOF\n"


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "#1f5fa8" if mode == "RGB" else 0).save(out, form, **options)
    return out.getvalue()


def picture_of_a_place(orientation: int = 6) -> bytes:
    """A photograph lying on its side, with the position of where it was taken."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Artist] = "Somebody"
    exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitude: (30.0, 15.0, 50.0), GPS.GPSLatitudeRef: "N"})
    return picture("JPEG", (40, 30), exif=exif)


def package(*members: str, fill: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.writestr(member, fill)
    return out.getvalue()


def docx(*more: str) -> bytes:
    return package("[Content_Types].xml", "word/document.xml", *more)


def xlsx() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def compound(*streams: str) -> bytes:
    return OLE + b"\0" * 504 + b"".join(stream.encode("utf-16-le") + b"\0" * 64 for stream in streams)


def bomb_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that claims billions of pixels."""
    small = bytearray(picture("PNG", (1, 1)))
    small[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4, "big")
    return bytes(small)
