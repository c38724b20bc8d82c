import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from menhu.files import rules
from tests.files.samples import PDF


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("报告.pdf", "报告.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\用户\\桌面\\公示 名单.xlsx", "公示 名单.xlsx"),
        ("a\0b\r\nc.pdf", "abc.pdf"),
        ("名单\u202excod.exe", "名单xcod.exe"),
        ('a<b>"c|d?.docx', "a_b__c_d_.docx"),
        ("  .pdf", "pdf"),
        ("..", "未命名"),
        ("", "未命名"),
        ("附件", "附件"),
    ],
)
def test_names_are_cleaned(raw: str, clean: str) -> None:
    assert rules.clean_name(raw) == clean


@given(st.text(max_size=400))
@example("a." + "x" * 300)
@example("/" * 9)
def test_a_clean_name_is_a_name(raw: str) -> None:
    name = rules.clean_name(raw)
    assert 1 <= len(name) <= rules.NAME_LENGTH
    assert not set(name) & set('\\/<>:"|?*\0\n\r\u202e')
    assert rules.clean_name(name) == name


@pytest.mark.parametrize(
    ("name", "extension"), [("A.JPEG", "jpg"), ("b.Pdf", "pdf"), ("无", ""), (".htaccess", ""), ("a.tar.gz", "gz")]
)
def test_extensions(name: str, extension: str) -> None:
    assert rules.extension_of(name) == extension


def test_the_name_follows_the_bytes() -> None:
    assert rules.with_extension("照片.webp", "jpg") == "照片.jpg"
    assert rules.with_extension("照片.JPEG", "jpg") == "照片.JPEG"


@pytest.mark.parametrize(("size", "text"), [(1, "1 KB"), (12_288, "12 KB"), (53_477_376, "51.0 MB")])
def test_sizes_as_people_read_them(size: int, text: str) -> None:
    assert rules.size_text(size) == text


@pytest.mark.parametrize(
    ("data", "pages"),
    [(PDF, 3), (b"<</Count 12/Type/Pages>>", 12), (b"%PDF-1.7 packed", None), (b"<</Type/Page/Count 4>>", None)],
)
def test_pages_of_a_pdf(data: bytes, pages: int | None) -> None:
    assert rules.pdf_pages(data) == pages


@pytest.mark.parametrize(
    ("data", "is_text"),
    [("中文".encode(), True), ("中文".encode("gb18030"), True), (b"\xff\xfe\xfa\x81", False), (b"MZ\0\0", False)],
)
def test_text(data: bytes, is_text: bool) -> None:
    assert rules.is_text(data) is is_text
