import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from menhu.articles.movein import Kind, Reference, Verdict, read_page, with_missing_files
from menhu.articles.movein.dates import parse_date

CHINA = ZoneInfo("Asia/Shanghai")
PAGES = Path(__file__).parent / "pages"
TEXT_1 = "为进一步做好全县冬春季森林草原防灭火工作，切实保障人民群众生命财产安全，现将有关事项公告如下。"
TEXT_2 = "一、防火期为每年12月1日至次年5月31日；二、防火期内，禁止一切野外用火，违者依法处理。"
SIGNED = "云岭县人民政府"
NAV = "<div class='nav'>" + "".join(f"<a href='/c{n}/'>栏目{n}</a>" for n in range(12)) + "</div>"


def page_of(family: str, charset: str = "utf-8") -> str:
    return (PAGES / f"{family}.html").read_text(encoding="utf-8").replace("CHARSET", charset)


PLAIN = f"{TEXT_1}\n{TEXT_2}"


@pytest.mark.parametrize("charset", ["utf-8", "gbk", "gb2312"])
@pytest.mark.parametrize(
    ("family", "column", "iso", "body"),
    [
        ("trs", "通知公告", "2023-12-01 09:30", f"{PLAIN}\n{SIGNED}\n附件：防火区名单.docx"),
        ("ucap", "公示公告", "2023-12-01 09:30:05", PLAIN),
        ("jpage", "防灾减灾", "2023-12-01", PLAIN),
        ("unknown", "", "2023-12-01 09:30", PLAIN),
    ],
)
def test_families_of_systems_are_read_alike(family: str, column: str, iso: str, body: str, charset: str) -> None:
    reading = read_page(page_of(family, charset).encode(charset), name="a.html")
    assert (reading.title, reading.source) == ("云岭县森林防火公告", "县林业和草原局")
    assert (reading.column, reading.pub_date_iso) == (column, iso)
    assert reading.body_text == body
    assert reading.kind is Kind.ARTICLE
    assert reading.encoding == ("utf-8" if charset == "utf-8" else "gb18030")


def test_a_page_of_the_norm_is_taken_with_all_its_facts() -> None:
    reading = read_page(page_of("trs").encode(), name="a.html")
    assert (reading.verdict, reading.reason) == (Verdict.TAKEN, "")
    assert reading.pub_date == datetime(2023, 12, 1, 9, 30, tzinfo=CHINA)
    assert (reading.site_name, reading.site_domain, reading.site_id_code) == (
        "云岭县人民政府",
        "www.yunling.example",
        "5300000001",
    )
    assert reading.original_url == "http://www.yunling.example/tzgg/t20231201_1.html"
    assert reading.images == (Reference("./W020231201.jpg", "防火区"),)
    assert reading.attachments == (Reference("./P020231201.docx", "附件：防火区名单.docx"),)
    assert f'<p class="ta-r">{SIGNED}</p>' in reading.body_html


def test_attachments_outside_the_text_are_listed() -> None:
    ucap = read_page(page_of("ucap").encode(), name="a.html")
    jpage = read_page(page_of("jpage", "gbk").encode("gbk"), name="a.html")
    assert ucap.attachments == (Reference("/files/a.pdf", "防火区名单"),)
    assert jpage.attachments == (Reference("/module/download/downfile.jsp?classid=0&filename=abc.xls", "防火区名单"),)
    assert ucap.author == "李云山"


def test_a_text_found_by_density_alone_is_doubtful() -> None:
    reading = read_page(page_of("unknown").encode(), name="a.html")
    assert (reading.verdict, reading.reason) == (Verdict.DOUBTFUL, "正文的位置是推断的，请核对有无缺漏")


def norm_page(
    body: str, *, title: str = "标题", date: str = "2024-01-02", source: str = "县政府办", head: str = ""
) -> bytes:
    return (
        f'<html><head><meta charset="utf-8"><meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="{date}">'
        f'<meta name="ContentSource" content="{source}">{head}</head><body><div id="zoom">{body}</div></body></html>'
    ).encode()


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (norm_page(f"<p>{TEXT_1}</p>", date=""), "没有找到发布时间"),
        (norm_page(f"<p>{TEXT_1}</p>", date="昨天"), "发布时间“昨天”无法识别"),
        (norm_page(f"<p>{TEXT_1}</p>", source=""), "没有找到来源"),
        (norm_page("<p>详见附件。</p>"), "正文只有 5 个字"),
        (norm_page("<img src='1.jpg'>"), "正文没有文字，只有图片或附件"),
        (norm_page(f"<p>{TEXT_1}</p>").replace(b"</body></html>", b""), "文件不完整，正文可能缺少结尾"),
        (norm_page(f"<p>{TEXT_1}</p>").replace("冬春".encode(), b"\xe5\x86"), "有 1 处文字无法辨认"),
        (
            norm_page(
                f"<p>{TEXT_1}</p>",
                date="",
                head='<link rel="canonical" href="http://www.yunling.example/2024/1/2/art_1_2.html">',
            ),
            "发布时间取自网址，请核对",
        ),
    ],
)
def test_doubts_are_named(page: bytes, reason: str) -> None:
    reading = read_page(page, name="a.html")
    assert (reading.verdict, reading.reason) == (Verdict.DOUBTFUL, reason)


LIST = "".join(
    f"<li><a href='t{n}.html'>云岭县关于第{n}号事项的公告</a><span>2024-01-{n:02}</span></li>" for n in range(1, 16)
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "文件是空的"),
        (b"\0\0  \n", "文件是空的"),
        (b"%PDF-1.7 ...", "文件内容是PDF 文件，不是网页"),
        (b"PK\x03\x04....", "文件内容是压缩包或 Office 文档，不是网页"),
        (b"\x89PNG\r\n\x1a\n....", "文件内容是图片，不是网页"),
        ("只有文字".encode(), "文件里没有网页内容"),
        (
            b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n<html>",
            "这是 MHT 单文件网页，请在浏览器里另存为普通网页（HTML）后再导入",
        ),
        (bytes(range(128, 256)) * 30, "无法辨认文件的文字编码"),
        (b"<html><body>" + b"<div>" * 50_000 + b"x", "页面的标签嵌套层次异常，无法读取"),
        (norm_page("", title=""), "没有找到正文"),
        (norm_page("<script>alert(1)</script><iframe src='http://a.example'></iframe>"), "没有找到正文"),
        (f"<html><body><p>{TEXT_1}</p></body></html>".encode(), "没有找到标题"),
        (
            f"<html><title>通知公告_云岭县人民政府</title><body>{NAV}<ul>{LIST}</ul></body></html>".encode(),
            "这是栏目列表页，不是文章",
        ),
        (
            '<html><meta charset="utf-8"><meta name="ColumnType" content="首页"><body>x</body></html>'.encode(),
            "这是网站首页，不是文章",
        ),
        (
            b"<html><title>404 Not Found</title><body><h1>404 Not Found</h1></body></html>",
            "这是网站的出错提示页，不是文章",
        ),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    reading = read_page(data, name="a.html")
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, reason)


def test_a_file_beyond_the_limit_is_refused() -> None:
    reading = read_page(norm_page("x" * 50_000_000), name="a.html")
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, "文件有 47.7 MB，超过 10 MB 的上限")


def test_scripts_and_frames_are_never_taken_along() -> None:
    page = norm_page(
        f"<p onclick='x()'>{TEXT_1}<script>alert(1)</script><iframe src='//a.example'>y</iframe></p>"
        "<style>p{}</style>"
    )
    assert read_page(page, name="a.html").body_html == f"<p>{TEXT_1}</p>"


def test_markup_in_the_title_is_cleaned() -> None:
    title = "凝聚智慧和力量<div>——祝贺大会&amp;nbsp;开幕</div> 2024<br>Report"
    assert read_page(norm_page(TEXT_1, title=title), name="a.html").title == "凝聚智慧和力量——祝贺大会 开幕 2024 Report"


def test_no_control_character_survives_in_any_field() -> None:
    page = norm_page(
        f"<p>{TEXT_1}&#1;&#x7f;</p><p><a href='a.doc'>附&#2;件</a></p>", title="标&#1;题", source="来&#3;源"
    )
    reading = read_page(page.replace(b"<p>", b"<p>\0", 1), name="a.html")
    assert (reading.title, reading.source) == ("标题", "来源")
    assert reading.body_text == f"{TEXT_1}\n附件"
    assert reading.attachments == (Reference("a.doc", "a.doc"),)


def test_declared_utf8_that_is_gbk_and_the_other_way_round() -> None:
    as_utf8 = page_of("trs")
    as_gbk = page_of("trs", "gbk")
    assert read_page(as_utf8.encode("gbk"), name="a.html").body_text.startswith(PLAIN)
    assert read_page(as_gbk.encode("utf-8"), name="a.html").body_text.startswith(PLAIN)
    assert read_page(as_gbk.encode("utf-16"), name="a.html").body_text.startswith(PLAIN)
    assert read_page(b"\xef\xbb\xbf" + as_gbk.encode("utf-8"), name="a.html").encoding == "utf-8"


def test_characters_beyond_gb2312_and_the_old_wide_blank_are_read() -> None:
    page = norm_page("<p>  县长镕基镕</p>" + f"<p>{TEXT_1}</p>").decode().replace("utf-8", "gb2312").encode("gb18030")
    page = page.replace(b"<p>  ", b"<p>\xa3\xa0\xa3\xa0")
    assert read_page(page, name="a.html").body_text == f"县长镕基镕\n{TEXT_1}"


def test_hidden_copies_of_the_text_are_not_read() -> None:
    page = norm_page(f"<p>{TEXT_1}</p><div style='display: none'><p>{TEXT_2}</p></div>")
    assert read_page(page, name="a.html").body_text == TEXT_1


def test_the_index_table_and_the_date_row_are_no_text() -> None:
    table = (
        "<table><tr><td>索 引 号：</td><td>X-1</td><td>文　　号：</td><td>云政发〔2024〕1号</td></tr>"
        "<tr><td>发布机构：</td><td>县政府</td></tr></table>"
    )
    page = norm_page(
        f"{table}<h1>标题</h1><p>发布时间：2024-01-02 来源：县政府办</p><p>{TEXT_1}</p>"
        "<p>上一篇：无</p><p>【打印本页】</p>"
    )
    assert read_page(page, name="a.html").body_text == TEXT_1


def test_the_site_s_own_address_is_no_address_of_the_page() -> None:
    page = norm_page(
        TEXT_1,
        head='<meta name="Url" content="http://www.yunling.example/"><meta property="og:url" content="ftp://x/y">',
    )
    assert read_page(page, name="a.html").original_url == ""
    saved = b"<!-- saved from url=(0042)https://www.yunling.example/a/b.html -->" + norm_page(TEXT_1)
    assert read_page(saved, name="a.html").original_url == "https://www.yunling.example/a/b.html"


def test_missing_files_make_a_page_doubtful() -> None:
    reading = read_page(page_of("trs").encode(), name="a.html")
    assert with_missing_files(reading, []) == reading
    missing = with_missing_files(reading, ["W020231201.jpg", "P020231201.docx"])
    assert (missing.verdict, missing.reason) == (Verdict.DOUBTFUL, "缺少 2 个图片或附件")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
@example(b"<!DOCTYPE")
@example(b"\xff\xfe<\x00")
@example(b"<meta charset=utf-7><p>+ADw-")
@example(b"<?xml version='1.0' encoding='hex'?><p>x")
def test_any_bytes_are_read_without_error(data: bytes) -> None:
    reading = read_page(data, name="a.html")
    assert (reading.verdict is Verdict.TAKEN) == (reading.reason == "")


FRAGMENTS = (
    *(
        "<html>",
        "<head>",
        "<body>",
        "</body>",
        "<title>标题</title>",
        "<meta name=ArticleTitle content='题'>",
        "<meta name=PubDate>",
    ),
    *(
        "<div id=zoom>",
        "<div class=TRS_Editor>",
        "</div>",
        "<p>",
        TEXT_1,
        "<table><tr><td>",
        "</table>",
        "<a href=a.doc>附件</a>",
    ),
    *(
        "<!--<$[信息内容]>begin-->",
        "<!--<$[信息内容]>end-->",
        "<meta name=ContentStart>",
        "<meta name=ContentEnd>",
        "<br>",
        "来源：",
        "\0",
    ),
    *(
        "<base href='http://[::1'>",
        "<link rel=canonical href='http://['>",
        "<a href='http://[x'>y</a>",
        "<frameset>",
        "<!--",
        "<h1>",
        LIST,
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
def test_any_mix_of_fragments_is_read_without_error(html: str) -> None:
    reading = read_page(html.encode(), name="a.html")
    assert re.search(r"<(?!/?(?:p|br|h[2-5]|table|tbody|tr|td|th|ul|li|a|img)\b)", reading.body_html) is None
    is_empty = not (reading.body_html or reading.attachments)
    assert (reading.verdict is Verdict.REFUSED) == is_empty


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2016-11-22 09:53", "2016-11-22 09:53"),
        ("2025-04-08\xa011:24:11", "2025-04-08 11:24:11"),
        ("2022-05-28", "2022-05-28"),
        ("2024年1月2日 9时5分", "2024-01-02 09:05"),
        ("二〇二四年十二月二十一日", "2024-12-21"),
        ("2024/1/2", "2024-01-02"),
        ("20220128093000", "2022-01-28 09:30:00"),
        ("2020-01-01-12:00:00", "2020-01-01 12:00:00"),
        ("2020-01-01T16:00:00Z", "2020-01-02 00:00:00"),
        ("Tue Feb 11 09:52:00 CST 2022", "2022-02-11 09:52:00"),
        ("2024-02-30，2024-03-01", "2024-03-01"),
    ],
)
def test_dates_as_pages_write_them(written: str, iso: str) -> None:
    date = parse_date(written)
    assert date is not None
    assert date.iso == iso


@pytest.mark.parametrize("written", ["", "2024-13-45", "1720-1-1", "电话 13820240102", "昨天"])
def test_what_is_no_date(written: str) -> None:
    assert parse_date(written) is None


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_may_be_asked_for_a_date(written: str) -> None:
    date = parse_date(written)
    assert date is None or parse_date(date.iso) == date
