"""Reading saved pages of old sites: `read_page` takes the bytes of one page, `read_pages` those of a folder."""

from menhu.articles.movein.attachments import Reference, file_name
from menhu.articles.movein.folders import FoundPage, LocalFile, find_pages, read_pages
from menhu.articles.movein.reading import Kind, PageReading, Verdict, read_page, with_missing_files

__all__ = [
    "FoundPage",
    "Kind",
    "LocalFile",
    "PageReading",
    "Reference",
    "Verdict",
    "file_name",
    "find_pages",
    "read_page",
    "read_pages",
    "with_missing_files",
]
