"""The main job: editor, three reviews, the public; then withdrawal and retraction. Second: rejection and back."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, County, Person

pytestmark = pytest.mark.e2e

Someone = Callable[..., Person]
MARK = f"{time.time_ns() % 10**6:06d}"
TITLE = f"（{MARK}）全县中小学校园食堂“明厨亮灶”改造完工"
BODY = (
    "<p>全县 46 所中小学校园食堂完成“明厨亮灶”改造，家长可在手机上查看后厨。</p>"
    "<table><caption>改造情况</caption><tbody><tr><th scope='row'>县城</th><td>18</td></tr>"
    "<tr><th scope='row'>乡镇</th><td>28</td></tr></tbody></table>"
)


def write(editor: Person, title: str, body: str = BODY, column: str = "工作动态") -> None:
    """Fill in the form as an editor does; the editor's own field takes the HTML that a paste would leave."""
    page = editor.page
    page.goto("/office/articles/add/")
    page.get_by_label("标题", exact=True).fill(title)
    set_body(page, body)
    page.get_by_label(re.compile(f"教育局.*{column}")).check()
    editor.check()


def set_body(page: Page, body: str) -> None:
    page.wait_for_selector(".jodit-wysiwyg")
    page.evaluate(
        "html => { const box = document.querySelector('.jodit-wysiwyg'); box.innerHTML = html;"
        " box.dispatchEvent(new Event('input', {bubbles: true})); }",
        body,
    )


def submit(editor: Person) -> None:
    editor.page.get_by_role("button", name="保存并送审").click()
    editor.page.wait_for_load_state()
    editor.check()


def decide(reviewer: Person, title: str, verb: str, opinion: str = "") -> None:
    """From the desk to the decision page, as a reviewer comes."""
    page = reviewer.page
    page.goto("/office/")
    reviewer.check()
    page.goto("/office/review/")
    reviewer.check()
    page.get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_load_state()
    reviewer.check()
    if opinion:
        page.locator("textarea[name=opinion]").fill(opinion)
    page.get_by_role("button", name=verb, exact=True).click()
    page.wait_for_load_state()


def eventually(look: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if look():
            return True
        time.sleep(0.2)
    return False


def on(visitor: Person, path: str, text: str) -> bool:
    visitor.page.goto(path)
    return visitor.page.get_by_text(text).count() > 0


def article_path(visitor: Person, column: str, title: str) -> str:
    visitor.page.goto(column)
    href = visitor.page.get_by_role("link", name=re.compile(re.escape(title))).first.get_attribute("href")
    assert href is not None
    return href


def test_from_the_editor_to_the_public_and_back(person: Someone, county: County) -> None:
    editor = person("jyj-editor")
    write(editor, TITLE)
    propose_to_the_portal(editor)
    submit(editor)
    decide(person("jyj-head"), TITLE, "通过", "同意。")
    decide(person("zfb"), TITLE, "通过")
    visitor = person(viewport=PHONE)
    assert not on(visitor, "/jyj/gzdt/", TITLE)
    decide(person("bmj"), TITLE, "通过", "不涉密。")
    assert eventually(lambda: on(visitor, "/jyj/gzdt/", TITLE)), "not on the unit's column"
    assert eventually(lambda: on(visitor, "/jyj/", TITLE)), "not on the unit's home page"
    adopt_on_the_portal(person("xzfb-editor"))
    assert eventually(lambda: on(visitor, "/xwdt/bmdt/", TITLE)), "not on the portal"
    read(visitor, TITLE)
    address = article_path(visitor, "/jyj/gzdt/", TITLE)
    withdraw(person("jyj-head"), visitor, address)
    retract(person("duty"), visitor, address)


def propose_to_the_portal(editor: Person) -> None:
    page = editor.page
    page.get_by_label("找其他网站的栏目").fill("部门动态")
    page.get_by_label(re.compile("云岭县人民政府.*部门动态")).first.check()


def adopt_on_the_portal(owner: Person) -> None:
    page = owner.page
    page.goto("/office/articles/proposals/")
    owner.check()
    page.get_by_label(TITLE, exact=True).check()
    page.get_by_role("button", name="采用勾选的", exact=True).click()
    page.wait_for_load_state()


def read(visitor: Person, title: str) -> None:
    """Home, column and article on a phone; each passes axe; META and table are there."""
    for path in ("/", "/jyj/", "/jyj/gzdt/"):
        visitor.page.goto(path)
        visitor.check()
    visitor.page.goto(article_path(visitor, "/xwdt/bmdt/", title))
    expect(visitor.page.locator("h1")).to_contain_text("明厨亮灶")
    expect(visitor.page.locator("main table")).to_contain_text("县城")
    meta: Any = visitor.page.locator("meta[name=ArticleTitle]").get_attribute("content")
    assert meta == title
    visitor.check()


def withdraw(head: Person, visitor: Person, address: str) -> None:
    number = address.rstrip("/").rpartition("/")[2]
    head.page.goto(f"/office/articles/{number}/withdraw/")
    head.check()
    head.page.locator("[name=reason]").fill("数字有出入，核实后重新发布。")
    head.page.get_by_role("button", name="撤下", exact=True).click()
    head.page.wait_for_load_state()
    assert eventually(lambda: on(visitor, address, "数字有出入，核实后重新发布。")), "no notice of withdrawal"
    visitor.check()
    assert eventually(lambda: not on(visitor, "/jyj/gzdt/", TITLE)), "still listed after withdrawal"


def retract(duty: Person, visitor: Person, address: str) -> None:
    number = address.rstrip("/").rpartition("/")[2]
    duty.page.goto(f"/office/articles/{number}/retract/")
    duty.check()
    duty.page.locator("[name=reason]").fill("误发。")
    duty.page.get_by_role("button", name="确认撤稿").click()
    duty.page.wait_for_load_state()

    def is_gone() -> bool:
        response = visitor.page.goto(address)
        return response is not None and response.status == 410

    assert eventually(is_gone), "the page still answers after retraction"
    visitor.check()


def test_rejected_and_submitted_again(person: Someone) -> None:
    title = f"（{MARK}）关于寒假期间校园值守安排的通知"
    editor, head = person("jyj-editor"), person("jyj-head")
    write(editor, title, column="通知公告")
    submit(editor)
    decide(head, title, "退回")
    assert head.page.get_by_text("请").count() > 0
    decide(head, title, "退回", "请写明值班电话。")
    editor.page.goto("/office/")
    editor.check()
    editor.page.locator("section", has_text="退回给我的").get_by_role("link", name=title).click()
    editor.page.wait_for_load_state()
    set_body(editor.page, "<p>值班电话 0000-612 3031，全天有人接听。</p>")
    submit(editor)
    for reviewer in ("jyj-head", "zfb", "bmj"):
        decide(person(reviewer), title, "通过")
    visitor = person()
    assert eventually(lambda: on(visitor, "/jyj/tzgg/", title))
    visitor.page.goto(article_path(visitor, "/jyj/tzgg/", title))
    expect(visitor.page.locator("main")).to_contain_text("0000-612 3031")


@pytest.mark.parametrize(
    "path", ["/", "/jyj/", "/xwdt/ylyw/", "/zwgk/", "/sites/", "/map/", "/style-guide/", "/jyj/ldxx/"]
)
@pytest.mark.parametrize("width", [320, 360, 1280, 1440])
def test_public_pages_pass_axe_at_every_width(person: Someone, path: str, width: int) -> None:
    visitor = person(viewport={"width": width, "height": 800})
    visitor.page.goto(path)
    visitor.check()


def test_the_public_site_works_without_javascript(person: Someone) -> None:
    visitor = person(javascript=False)
    visitor.page.goto("/")
    visitor.page.locator("main a[href*='/20']").first.click()
    expect(visitor.page.locator("h1")).to_be_visible()


def test_what_is_not_there_says_so(person: Someone) -> None:
    visitor = person()
    response = visitor.page.goto("/jyj/nothing-here/")
    assert response is not None
    assert response.status == 404
    visitor.check()
