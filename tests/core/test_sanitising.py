import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from menhu.core.sanitising import STORED_TAGS, clean_article_html, count_chars, plain_text

SOUP_PIECES = (
    *(
        "<p>",
        "</p>",
        "<div style='text-align:right'>",
        "</div>",
        "<h1>",
        "</h1>",
        "<h3>",
        "</h3>",
        "<ul>",
        "</ul>",
        "<li>",
    ),
    *("<ol start=3>", "</ol>", "<table>", "</table>", "<tr>", "<td colspan=2>", "<th scope=row>", "</td>", "<caption>"),
    *("<b>", "</b>", "<i>", "<u>", "</u>", "<font color=red>", "</font>", "<span style='font-weight:bold'>", "</span>"),
    *(
        "<a href='http://a.example/x'>",
        "<a href=javascript:alert(1)>",
        "</a>",
        "<img src=a.png onerror=x>",
        "<br>",
        "<hr>",
    ),
    *("<pre>", "</pre>", "<dl>", "<dt>", "<dd>", "</dl>", "<blockquote>", "</blockquote>", "<figure>", "<figcaption>"),
    *(
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<svg>",
        "<math>",
        "<template>",
        "<form>",
        "<select>",
        "<plaintext>",
    ),
    *(
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml",
        "&nbsp;",
        "&#0;",
        "&#x1;",
        "&lt;",
        "&amp;nbsp;",
        "　　",
        " ",
        "\n",
        "\t",
    ),
    *(
        "云岭县",
        "公告",
        "a",
        "<",
        ">",
        '"',
        "'",
        "\x00",
        "\ue5e5",
        "\ud800",
        "<center>",
        "<p hidden>",
        "<td style='display:none'>",
    ),
)
soup = st.lists(st.sampled_from(SOUP_PIECES) | st.text(max_size=5), max_size=40).map("".join)


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


@settings(max_examples=400, deadline=None)
@given(soup)
@example("<ul><table><li><hr>x")
@example("<pre>\n\n\nx</pre>")
@example("<h2><table><td>a<h2>b")
def test_cleaning_twice_changes_nothing(html: str) -> None:
    once = clean_article_html(html)
    assert clean_article_html(once) == once


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300) | st.text(alphabet="<>/!-[]&#;=\"' pdivtable\x00\ud800", max_size=300))
def test_any_text_is_cleaned_without_error(html: str) -> None:
    once = clean_article_html(html)
    assert clean_article_html(once) == once
    assert count_chars(html) == len(re.sub(r"\s", "", plain_text(html)))


@settings(max_examples=300, deadline=None)
@given(soup)
def test_only_known_tags_and_harmless_attributes_survive(html: str) -> None:
    tags = Tags(clean_article_html(html))
    assert tags.names <= STORED_TAGS
    allowed = {"href", "rel", "src", "alt", "width", "height", "colspan", "rowspan", "scope", "start", "class"}
    assert {name for _, name, _ in tags.attributes} <= allowed
    assert [value for _, name, value in tags.attributes if name in {"href", "src"} and "script:" in value] == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<script>alert(1)</script><p onclick=x>正文</p>", "<p>正文</p>"),
        ("<p>正<iframe src='http://a.example'>内</iframe>文</p>", "<p>正文</p>"),
        ("<a href='javascript:alert(1)'>看</a>", "<p>看</p>"),
        ("<a href='JaVa&#10;Script:alert(1)'>看</a>", "<p>看</p>"),
        ("<img src='data:image/png;base64,AAAA' alt='章'>", ""),
        ("<img src='x.png' onerror='alert(1)'>", '<p><img src="x.png" alt=""></p>'),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>文", '<p><img src="x" alt="">文</p>'),
        ("<p style='display:none'>隐藏</p><p>可见</p>", "<p>可见</p>"),
    ],
)
def test_hostile_markup_never_survives(html: str, expected: str) -> None:
    assert clean_article_html(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>云岭县人民政府</h1>", "<h2>云岭县人民政府</h2>"),
        ("<div>一段</div><div>二段</div>", "<p>一段</p>\n<p>二段</p>"),
        ("<p>　　&nbsp; 为做好工作，</p>", "<p>为做好工作，</p>"),
        ("　　一、总则<br>　　二、附则<br><br>三", "<p>一、总则</p>\n<p>二、附则</p>\n<p>三</p>"),
        ("<p>张　三</p>", "<p>张　三</p>"),
        ("<p>各镇\n人民政府 and\nmore</p>", "<p>各镇人民政府 and more</p>"),
        (
            "<div align=right>　　云岭县人民政府　　<br>2024年1月2日</div>",
            '<p class="ta-r">云岭县人民政府<br>2024年1月2日</p>',
        ),
        ("<center>文号</center>", '<p class="ta-c">文号</p>'),
        ("<p class='ta-r other'>签名</p>", '<p class="ta-r">签名</p>'),
        ("<p class=MsoNormal><o:p>&nbsp;</o:p></p><p><font face=仿宋>文</font></p>", "<p>文</p>"),
        ("<!--[if gte mso 9]><xml>磅</xml><![endif]--><xml>磅</xml><p>文</p>", "<p>文</p>"),
        ("<p><span style='font-weight:700'>粗</span><b>体</b></p>", "<p><strong>粗体</strong></p>"),
        ("<p>m<span style='vertical-align:super'>2</span></p>", "<p>m<sup>2</sup></p>"),
        (
            "<a href='http://yunling.example/a'>外</a>",
            '<p><a href="http://yunling.example/a" rel="external noopener">外</a></p>',
        ),
        ("<a href='./a.doc'>附件</a>", '<p><a href="./a.doc">附件</a></p>'),
        ("<a href='#top'>返回</a>", "<p>返回</p>"),
        ("<p>•\uf0b7 \ue5e5一</p>", "<p>••　一</p>"),
        ("<ul><li><p>甲</p></li><li></li></ul>", "<ul><li>甲</li></ul>"),
        ("<ol start=3><li>丙</ol>", '<ol start="3"><li>丙</li></ol>'),
        ("<img src=a.png alt=图 width=300 height=20%>", '<p><img src="a.png" alt="图" width="300"></p>'),
    ],
)
def test_rubbish_goes_and_structure_stays(html: str, expected: str) -> None:
    assert clean_article_html(html) == expected


def test_tables_keep_their_grid() -> None:
    html = (
        "<table border=1 align=center width=100%><caption>表一</caption><tr><th scope=col>项目<th>数</tr>"
        "<tr><td colspan=2 style='text-align:center'><p class=MsoNormal>合计</p></td></tr>"
        "<tr><td></td><td>1</td></tr></table>"
    )
    assert clean_article_html(html) == (
        '<table><caption>表一</caption><tbody><tr><th scope="col">项目</th><th>数</th></tr>'
        '<tr><td colspan="2" class="ta-c">合计</td></tr><tr><td></td><td>1</td></tr></tbody></table>'
    )


def test_a_table_of_one_cell_is_only_a_frame_around_text() -> None:
    assert clean_article_html("<table><tr><td><p>甲</p><p>乙</p></td></tr></table>") == "<p>甲</p>\n<p>乙</p>"


def test_text_nested_beyond_reason_keeps_its_words_and_costs_no_time() -> None:
    hostile = "<script>var a = '<p>';</script><div>" * 100_000 + "正文"
    assert clean_article_html(hostile) == "<p>正文</p>"
    assert plain_text("<div>" * 100_000 + "正文") == "正文"


def test_nesting_within_reason_is_unwrapped() -> None:
    assert clean_article_html("<ul><li>" * 200 + "深").count("<ul>") < 20
    assert plain_text("<ul><li>" * 200 + "深") == "深"


def test_plain_text_has_a_line_for_each_paragraph_and_row() -> None:
    html = "<h2>标题</h2><p>一<br>二</p><table><tr><td>甲<p>丙</p></td><td>乙</td></tr></table><script>x</script>"
    assert plain_text(html) == "标题\n一\n二\n甲 丙\t乙"


def test_count_chars_leaves_white_space_out() -> None:
    assert count_chars("<p>云岭 县　公\n告</p><p>a b</p>") == 7
