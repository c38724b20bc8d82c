"""Reading saved pages of old sites: `read_page` takes the bytes of one page and returns what it says."""

from menhu.articles.movein.attachments import Reference, file_name
from menhu.articles.movein.reading import Kind, PageReading, Verdict, read_page, with_missing_files

__all__ = ["Kind", "PageReading", "Reference", "Verdict", "file_name", "read_page", "with_missing_files"]
