"""Files of an answer: kept while it is written, seen before it is signed, the sender's once it is sent."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.actions.attaching import attach_to_answer, detach_from_answer, unsent_files
from menhu.cases.enums import CaseState, Party
from menhu.cases.models import Answer, Case, CaseFile
from menhu.cases.policies import CaseRefused
from menhu.files.enums import ScanState
from menhu.files.models import StoredFile
from menhu.files.rules import UploadRefused
from menhu.letters.actions import copying
from menhu.letters.models import Letter, Mailbox
from menhu.letters.openness import actions as openness
from menhu.letters.public.addresses import copy_path
from tests.cases.desk import Desk
from tests.conftest import SignedIn
from tests.factories import World
from tests.files.samples import PDF
from tests.letters.post import Citizen, boxes, receipt
from tests.letters.test_files import fetched, photo
from tests.letters.test_public import page
from tests.letters.test_writing import follow

pytestmark = pytest.mark.usefixtures("post")


@pytest.fixture
def post(world: World) -> dict[str, Mailbox]:
    return boxes(world)


def plan(name: str = "站点平面图.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def in_hand(desk: Desk) -> tuple[Case, str, str]:
    """A letter that the education bureau handles, with its number and code."""
    number, code = receipt(Citizen().send().content.decode())
    case = Case.objects.get(number=number)
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=desk.world.units["jyj"])
    return actions.take(case=case, by=desk.handler), number, code


def sent(desk: Desk, case: Case) -> Case:
    actions.draft(case=case, by=desk.handler, text="将增设公交站，平面图见附件。")
    return actions.sign(case=case, by=desk.head)


def test_the_sender_gets_the_file_only_once_the_answer_is_sent(desk: Desk) -> None:
    case, number, code = in_hand(desk)
    attach_to_answer(case=case, by=desk.handler, uploads=[photo("站点.jpg")])
    row = CaseFile.objects.get()
    assert (row.is_from_sender, row.round) == (False, 1)
    citizen = Citizen()
    for _step in ("handling", "drafted"):
        assert "站点.jpg" not in follow(citizen, number, code)
        assert fetched(citizen, number, code, row.pk).status_code == 404
        if case.state == CaseState.HANDLING:
            case = actions.draft(case=case, by=desk.handler, text="见附件。")
    actions.sign(case=case, by=desk.head)
    assert "站点.jpg" in follow(citizen, number, code)
    got = fetched(citizen, number, code, row.pk)
    assert got["Content-Type"] == "image/jpeg"
    assert b"GPS" not in got.content
    assert fetched(citizen, number, "2222222222", row.pk).status_code == 404


def test_not_with_the_code_of_another_letter(desk: Desk) -> None:
    case, _number, _code = in_hand(desk)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    sent(desk, case)
    other = Citizen()
    number, code = receipt(other.send().content.decode())
    assert fetched(other, number, code, CaseFile.objects.get().pk).status_code == 404


def test_who_adds_and_who_removes_at_which_step(desk: Desk) -> None:
    case, _number, _code = in_hand(desk)
    may_add, may_remove, may_remove_submitted = set(), set(), set()
    for persona, person in desk.world.people.items():
        may_add |= {persona} if _tried(lambda who=person: _add(case, who)) else set()
    for submitted, may in ((False, may_remove), (True, may_remove_submitted)):
        if submitted:
            attach_to_answer(case=case, by=desk.handler, uploads=[plan("最后.pdf")])
            actions.draft(case=case, by=desk.handler, text="见附件。")
        for persona, person in desk.world.people.items():
            rows = unsent_files(case)
            if rows and _tried(lambda who=person, row=rows[0].pk: detach_from_answer(case=case, by=who, file=row)):
                may.add(persona)
            else:
                assert len(unsent_files(case)) == len(rows)
    assert may_add == may_remove == {"handler", "head"}
    assert may_remove_submitted == {"head"}
    refusals = Event.objects.filter(verb="cases.refused", data__verb__in=["attach", "detach"])
    people = len(desk.world.people)
    assert refusals.filter(data__verb="attach").count() == people - 2
    assert CaseFile.objects.count() == StoredFile.case_files.count() == 0


def _add(case: Case, person: Any) -> None:
    attach_to_answer(case=case, by=person, uploads=[plan(f"{person.username}.pdf")])


def _tried(act: Any) -> bool:
    before = CaseFile.objects.count(), StoredFile.case_files.count()
    try:
        act()
    except CaseRefused:
        assert (CaseFile.objects.count(), StoredFile.case_files.count()) == before
        return False
    return True


def test_nothing_is_added_once_it_is_submitted_or_sent(desk: Desk) -> None:
    case, _number, _code = in_hand(desk)
    case = actions.draft(case=case, by=desk.handler, text="将增设。")
    for by in (desk.handler, desk.head):
        with pytest.raises(CaseRefused, match="不在起草中"):
            attach_to_answer(case=case, by=by, uploads=[plan()])
    actions.sign(case=case, by=desk.head)
    with pytest.raises(CaseRefused, match="不在起草中"):
        attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    assert CaseFile.objects.count() == StoredFile.case_files.count() == 0


def test_a_sent_file_stays_and_the_next_round_begins_without(desk: Desk) -> None:
    case, number, code = in_hand(desk)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    first = CaseFile.objects.get()
    case = actions.reopen(case=sent(desk, case), by=Party.SENDER, reason="没有写明日期")
    assert unsent_files(case) == []
    with pytest.raises(CaseRefused, match="已经不在"):
        detach_from_answer(case=case, by=desk.handler, file=first.pk)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan("工期.pdf")])
    shown = follow(Citizen(), number, code)
    assert "站点平面图.pdf" in shown
    assert "工期.pdf" not in shown


@pytest.mark.parametrize(("name", "data"), [("病毒.exe", b"MZ\x90\x00"), ("假.jpg", b"no picture"), ("空.txt", b"")])
def test_what_is_not_taken_keeps_nothing(desk: Desk, name: str, data: bytes) -> None:
    case, _number, _code = in_hand(desk)
    with pytest.raises(UploadRefused):
        attach_to_answer(case=case, by=desk.handler, uploads=[plan(), SimpleUploadedFile(name, data)])
    assert CaseFile.objects.count() == StoredFile.case_files.count() == 0


def test_the_same_file_twice_is_kept_once_and_ten_are_enough(desk: Desk) -> None:
    case, _number, _code = in_hand(desk)
    for _twice in range(2):
        attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    assert CaseFile.objects.count() == StoredFile.case_files.count() == 1
    with pytest.raises(CaseRefused, match="最多附 10 个"):
        attach_to_answer(case=case, by=desk.handler, uploads=[plan(f"{n}.pdf") for n in range(10)])
    assert CaseFile.objects.count() == StoredFile.case_files.count() == 1


def test_the_head_signs_the_files_that_were_on_the_screen(desk: Desk) -> None:
    case, _number, _code = in_hand(desk)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    case = actions.draft(case=case, by=desk.handler, text="见附件。")
    with pytest.raises(CaseRefused, match="刚刚有变动"):
        actions.sign(case=case, by=desk.head, shown_files=[])
    assert Case.objects.get(pk=case.pk).state == CaseState.DRAFTED
    signed = actions.sign(case=case, by=desk.head, shown_files=[CaseFile.objects.get().pk])
    assert signed.state == CaseState.ANSWERED


def test_held_back_files_are_named_but_not_given_and_an_infected_one_is_not_signed(desk: Desk, settings: Any) -> None:
    settings.CLAMD_SOCKET = "127.0.0.1:9"
    case, number, code = in_hand(desk)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    row = CaseFile.objects.get()
    shown = SignedIn(desk.handler).get(f"/office/cases/{case.pk}/").content.decode()
    assert "等待查毒" in shown
    assert f"/files/{row.pk}/" not in shown
    assert SignedIn(desk.handler).get(f"/office/cases/{case.pk}/files/{row.pk}/").status_code == 404
    case = actions.draft(case=case, by=desk.handler, text="见附件。")
    StoredFile.case_files.update(scan_state=ScanState.INFECTED)
    with pytest.raises(CaseRefused, match="查出病毒"):
        actions.sign(case=case, by=desk.head)
    StoredFile.case_files.update(scan_state=ScanState.WAITING)
    actions.sign(case=case, by=desk.head)
    told = follow(Citizen(), number, code)
    assert "等待查毒" in told
    assert 'name="file"' not in told
    assert fetched(Citizen(), number, code, row.pk).status_code == 404


def test_everybody_who_wrote_the_same_gets_the_file(desk: Desk) -> None:
    master, _number, _code = in_hand(desk)
    other, number, code = in_hand(desk)
    attach_to_answer(case=other, by=desk.handler, uploads=[plan("不该发出.pdf")])
    actions.merge(case=other, by=desk.operator, master=master)
    attach_to_answer(case=master, by=desk.handler, uploads=[plan()])
    sent(desk, master)
    rows = {row.case_id: row for row in CaseFile.objects.all()}
    assert set(rows) == {master.pk, other.pk}
    assert rows[other.pk].file_id != rows[master.pk].file_id
    told = follow(Citizen(), number, code)
    assert "站点平面图.pdf" in told
    assert "不该发出" not in told
    assert fetched(Citizen(), number, code, rows[other.pk].pk).content == PDF
    assert fetched(Citizen(), number, code, rows[master.pk].pk).status_code == 404


def test_a_matter_cut_out_of_a_letter_brings_its_file_to_the_same_sender(desk: Desk) -> None:
    number, code = receipt(Citizen().send().content.decode())
    whole = actions.accept(case=Case.objects.get(number=number), by=desk.operator)
    actions.split(case=whole, by=desk.operator, parts=[("另一事项", "路灯不亮，请修理。")])
    part = actions.parts(whole)[0]
    actions.assign(case=part, by=desk.operator, lead=desk.world.units["jyj"])
    actions.take(case=part, by=desk.handler)
    attach_to_answer(case=part, by=desk.handler, uploads=[plan("路灯位置.pdf")])
    row = CaseFile.objects.get()
    assert "路灯位置" not in follow(Citizen(), number, code)
    assert fetched(Citizen(), number, code, row.pk).status_code == 404
    sent(desk, part)
    assert "路灯位置.pdf" in follow(Citizen(), number, code)
    assert fetched(Citizen(), number, code, row.pk).content == PDF
    other, other_code = receipt(Citizen().send(phone="13800009999").content.decode())
    assert fetched(Citizen(), other, other_code, row.pk).status_code == 404


def test_the_office_sees_them_by_the_case_and_each_look_is_on_record(desk: Desk) -> None:
    case, _number, _code = in_hand(desk)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    address = f"/office/cases/{case.pk}/files/{CaseFile.objects.get().pk}/"
    for person in (desk.handler, desk.head, desk.operator, desk.supervisor):
        assert SignedIn(person).get(address).content == PDF
    assert Event.objects.filter(verb="cases.open_file").count() == 4
    for person in (desk.stranger_handler, desk.stranger_head, desk.editor, desk.webmaster):
        assert SignedIn(person).get(address).status_code in (403, 404)
    assert Event.objects.filter(verb="cases.open_file").count() == 4


def test_the_work_sheet_names_them_with_the_answer_and_the_senders_with_the_letter(desk: Desk) -> None:
    number, _code = receipt(Citizen().send(files=[photo("路口.jpg")]).content.decode())
    case = Case.objects.get(number=number)
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=desk.world.units["jyj"])
    actions.take(case=case, by=desk.handler)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    sent(desk, case)
    sheet = SignedIn(desk.operator).get(f"/office/cases/{case.pk}/sheet/").content.decode()
    assert sheet.index("路口.jpg") < sheet.index("随答复的附件：站点平面图.pdf")
    assert sheet.count("站点平面图.pdf") == 1


def test_partners_see_them(desk: Desk) -> None:
    number, _code = receipt(Citizen().send().content.decode())
    case, units = Case.objects.get(number=number), desk.world.units
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=units["jyj"], partners=[units["slj"]])
    case = actions.take(case=case, by=desk.handler)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    address = f"/office/cases/{case.pk}/files/{CaseFile.objects.get().pk}/"
    assert SignedIn(desk.stranger_handler).get(address).content == PDF
    with pytest.raises(CaseRefused):
        attach_to_answer(case=case, by=desk.stranger_handler, uploads=[plan("别的.pdf")])


def test_uploading_keeps_what_was_typed_and_the_answer_can_follow(desk: Desk) -> None:
    case, _number, _code = in_hand(desk)
    browser, address = SignedIn(desk.handler), f"/office/cases/{case.pk}/draft/"
    shown = browser.post(address, {"text": "写到一半<b>", "attach": "yes", "files": [plan()]})
    assert shown.status_code == 200
    assert "写到一半&lt;b&gt;" in shown.content.decode()
    assert "站点平面图.pdf" in shown.content.decode()
    refused = browser.post(address, {"text": "写到一半", "attach": "yes", "files": [plan("坏.exe")]})
    assert refused.status_code == 400
    assert "写到一半" in refused.content.decode()
    assert Answer.objects.count() == 0
    row = CaseFile.objects.get()
    gone = browser.post(address, {"text": "写到一半", "detach": str(row.pk)})
    assert "写到一半" in gone.content.decode()
    assert CaseFile.objects.count() == 0
    empty = browser.post(address, {"text": "", "files": [plan("随文.pdf")]})
    assert empty.status_code == 400
    nothing = browser.post(address, {"text": "写到一半", "attach": "yes"})
    assert "请先选择文件" in nothing.content.decode()
    assert CaseFile.objects.count() == 1
    assert browser.post(address, {"text": "见附件。", "files": [photo()]}).status_code == 302
    assert CaseFile.objects.count() == 2


def test_the_heads_page_lists_them_and_signs_them(desk: Desk) -> None:
    case, number, code = in_hand(desk)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan(), photo("<i>图.jpg")])
    actions.draft(case=case, by=desk.handler, text="见附件。")
    browser, address = SignedIn(desk.head), f"/office/cases/{case.pk}/sign/"
    shown = browser.get(f"/office/cases/{case.pk}/").content.decode()
    assert "随答复发出的附件" in shown
    assert "<i>" not in shown
    keys = [row.pk for row in unsent_files(case)]
    browser.post(address, {"text": "改过", "shown_files": " ".join(map(str, keys)), "detach": str(keys[1])})
    assert browser.post(address, {"text": "见附件。", "shown_files": " ".join(map(str, keys))}).status_code == 409
    assert browser.post(address, {"text": "见附件。", "shown_files": str(keys[0])}).status_code == 302
    assert "站点平面图.pdf" in follow(Citizen(), number, code)


def test_a_public_copy_never_carries_them(desk: Desk) -> None:
    case, _number, _code = in_hand(desk)
    attach_to_answer(case=case, by=desk.handler, uploads=[plan()])
    sent(desk, case)
    letter = Letter.objects.select_related("case__kind", "case__lead", "case__desk").get(pk=case.pk)
    copy = copying.prepare(letter=letter, words=copying.proposal(letter).words, by=desk.operator)
    copy = copying.publish(copy=copy, by=desk.supervisor, accepted=["叶知秋"])
    shown = str(page(desk, copy_path(copy)))
    assert "平面图.pdf" not in shown
    assert "附件</h" not in shown


def test_the_answer_to_a_request_carries_files_too(desk: Desk) -> None:
    wanted = openness.Wanted(information="2026 年招生计划")
    unit, sender = desk.world.units["jyj"], actions.SenderData(name="叶知秋", phone="13800001234")
    given = openness.apply(unit=unit, wanted=wanted, applicant=openness.Applicant(), sender=sender, key="request-1")
    case = given.case
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=unit)
    case = actions.take(case=case, by=desk.handler)
    sent_on = {"text": "见附件。", "outcome": "granted", "files": [plan("招生计划.pdf")]}
    answer = SignedIn(desk.handler).post(f"/office/cases/{case.pk}/draft/", sent_on)
    assert answer.status_code == 302
    actions.sign(case=Case.objects.get(pk=case.pk), by=desk.head)
    told = follow(Citizen(), case.number, given.code)
    assert "招生计划.pdf" in told
    assert "下载答复书" in told


def test_equal_queries_on_the_page_with_one_file_and_with_ten(desk: Desk) -> None:
    case, _number, _code = in_hand(desk)
    browser, counts = SignedIn(desk.handler), []
    for count in (1, 9):
        attach_to_answer(case=case, by=desk.handler, uploads=[plan(f"{count}-{n}.pdf") for n in range(count)])
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"/office/cases/{case.pk}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
