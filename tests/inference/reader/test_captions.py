"""Chinese notices and forms, asked in five languages for what their captions tell."""

import pytest

from inference.reader import wording
from inference.reader.answers import answer
from tests.inference.reader.pages import shown

MEETING = """
关于召开年度安全会议的通知
各车间、各部门：
经研究决定，于2026年12月18日（星期五）召开年度安全会议。现将有关事项通知如下：
一、会议时间：上午9:00至11:30
二、会议地点：综合楼二楼会议室
三、主持人：副总经理周建平
四、参会人员：各部门负责人及班组长
五、请各部门于12月15日前将发言稿交至办公室刘敏处。
杭州恒达机械有限公司办公室
2026年12月8日
"""
WATER = """
停水通知
尊敬的业主：
因供水管道抢修，本小区将于5月6日（周三）22:00至次日6:00停水。
停水范围：3号楼至9号楼
物业服务电话：025-84417720
翠湖花园物业服务中心
2026年5月4日
"""
LEAVE = """
员工请假条
姓名：赵志强
部门：质检部
请假时间：2026年4月2日至4月3日
请假原因：回家办理房产过户
审批人：何伟
"""
CLASSES = """
初三（1）班课程表
班主任：王丽华   教室：明德楼205
节次   时间   周一   周二   周三
第一节   8:00-8:45   语文   数学   英语
第二节   8:55-9:40   数学   英语   语文
午休   11:50-13:30
第三节   14:00-14:45   地理   语文   音乐
"""


def _said(text: str, question: str) -> str:
    return answer([question], [shown(text)])


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        (MEETING, "会议在哪里召开？", "综合楼二楼会议室"),
        (MEETING, "Where is the meeting held?", "综合楼二楼会议室"),
        (MEETING, "Wo findet die Sitzung statt?", "综合楼二楼会议室"),
        (MEETING, "谁主持会议？", "周建平"),
        (MEETING, "Who chairs the meeting?", "周建平"),
        (MEETING, "Qui préside la réunion ?", "周建平"),
        (MEETING, "哪些人要参加？", "各部门负责人及班组长"),
        (MEETING, "会议哪天开？", "2026年12月18日"),
        (MEETING, "会议几点开始？", "9:00"),
        (MEETING, "发言稿什么时候交？", "12月15日"),
        (WATER, "哪些楼停水？", "3号楼至9号楼"),
        (WATER, "Which buildings are affected?", "3号楼至9号楼"),
        (WATER, "Quels bâtiments sont concernés ?", "3号楼至9号楼"),
        (WATER, "为什么停水？", "供水管道抢修"),
        (WATER, "¿Por qué cortan el agua?", "供水管道抢修"),
        (WATER, "哪天停水？", "5月6日"),
        (LEAVE, "谁请假？", "赵志强"),
        (LEAVE, "Who approved the leave?", "何伟"),
        (LEAVE, "为什么请假？", "回家办理房产过户"),
        (LEAVE, "¿Quién pide el permiso?", "赵志强"),
        (CLASSES, "Where is the classroom?", "明德楼205"),
        (CLASSES, "What time is the lunch break?", "11:50-13:30"),
        (CLASSES, "Wann ist Mittagspause?", "11:50-13:30"),
    ],
)
def test_captions_are_asked_in_five_languages(text: str, question: str, value: str) -> None:
    assert value in _said(text, question)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (WATER, "Who chairs the meeting?"),
        (CLASSES, "班主任的电话是多少？"),
        (MEETING, "Wie hoch ist die Teilnahmegebühr?"),
    ],
)
def test_what_no_caption_tells_is_not_found(text: str, question: str) -> None:
    assert _said(text, question).startswith(wording.NOT_FOUND)
