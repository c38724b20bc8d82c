"""Content types by extension: a fixed table, since the machine's own differs from machine to machine."""

from typing import Final

DEFAULT: Final = "application/octet-stream"
_WITH_CHARSET: Final = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "json": "application/json",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "csv": "text/csv",
    "md": "text/markdown",
}
_TYPES: Final = {
    **{extension: f"{kind}; charset=utf-8" for extension, kind in _WITH_CHARSET.items()},
    "webmanifest": "application/manifest+json",
    "ico": "image/x-icon",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "wps": "application/vnd.ms-works",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "webm": "video/webm",
}


def media_type(path: str) -> str:
    """The content type of a path: a directory is a page, a feed is told by its name, the unknown is only bytes."""
    name = path.rpartition("/")[2]
    if not name:
        return _TYPES["html"]
    if name == "rss.xml":
        return "application/rss+xml; charset=utf-8"
    return _TYPES.get(name.rpartition(".")[2].lower(), DEFAULT)
