"""What a clerk is told about a page that was refused or needs a second look."""

from typing import Final

EMPTY_FILE: Final = "文件是空的"
TOO_LARGE: Final = "文件有 {size} MB，超过 {limit} MB 的上限"
UNREADABLE_FILE: Final = "文件无法读取：{error}"
OUTSIDE: Final = "文件是指向目录以外的链接，没有读取"
SAME_CONTENT: Final = "与“{name}”内容完全相同"
SAME_ADDRESS: Final = "与“{name}”是同一个网址"
NOT_A_PAGE: Final = "文件内容是{kind}，不是网页"
NO_MARKUP: Final = "文件里没有网页内容"
ARCHIVE_PAGE: Final = "这是 MHT 单文件网页，请在浏览器里另存为普通网页（HTML）后再导入"
UNREADABLE: Final = "无法辨认文件的文字编码"
TOO_DEEP: Final = "页面的标签嵌套层次异常，无法读取"
TOO_MANY_TAGS: Final = "页面有 {count} 个标签，过于庞大，无法读取"
TOO_LONG: Final = "正文有 {count} 个字，超过 {limit} 字的上限"
COLUMN_PAGE: Final = "这是栏目列表页，不是文章"
HOME_PAGE: Final = "这是网站首页，不是文章"
ERROR_PAGE: Final = "这是网站的出错提示页，不是文章"
NO_TITLE: Final = "没有找到标题"
NO_BODY: Final = "没有找到正文"

NO_DATE: Final = "没有找到发布时间"
BAD_DATE: Final = "发布时间“{text}”无法识别"
DATE_FROM_ADDRESS: Final = "发布时间取自网址，请核对"
NO_SOURCE: Final = "没有找到来源"
SHORT_BODY: Final = "正文只有 {count} 个字"
NO_TEXT: Final = "正文没有文字，只有图片或附件"
GUESSED_BODY: Final = "正文的位置是推断的，请核对有无缺漏"
DAMAGED_TEXT: Final = "有 {count} 处文字无法辨认"
CUT_OFF: Final = "文件不完整，正文可能缺少结尾"
MISSING_FILES: Final = "缺少 {count} 个图片或附件"


class PageRefusedError(Exception):
    """The file cannot become an article; the message says why, in words for a clerk."""
