"""What the still pages show: a unit, a town, the county, and what it costs to do business there."""

from menhu.demo.county.units import government_units, towns
from menhu.demo.writing.figures.tables import fact, table
from menhu.demo.writing.scene import Scene, number

STANDING = {
    "office": "是县级办事机构",
    "department": "是县级工作部门",
    "institution": "是县政府直属事业单位",
    "vertical": "是设在本县的垂直管理单位",
    "mass": "是联系群众的桥梁纽带",
}
SIDES = ("北部", "西北部", "东北部", "中部", "西部", "东部", "南部", "东南部")


@fact("unit_facts")
def unit_facts(scene: Scene) -> None:
    """A unit's address card, duties and offices."""
    unit = scene.unit
    ending = "办" if unit.is_town else "股"
    duties = "".join(f"<li>{text}；</li>" for text in unit.duties)
    offices = f"<li>综合{ending}：负责文电、会务、财务和日常事务。</li>" + "".join(
        f"<li>{name}{ending}：负责{name}有关工作。</li>" for name in unit.fields
    )
    scene.update(
        unit_standing=STANDING.get(unit.kind, "是乡镇人民政府"),
        unit_fields="、".join(unit.fields),
        unit_size=f"内设股室{len(unit.fields) + 1}个，在职工作人员{scene.between(12, 86)}人。",
        duty_list=f"<ol>{duties}</ol>",
        office_list=f"<ul>{offices}</ul>",
    )
    rows = (
        ("办公地址", unit.address),
        ("电话", unit.phone),
        ("政务公开咨询", unit.editor_phone),
        ("负责人", unit.leaders[0].name),
        ("网站责任人", unit.responsible),
        ("信息员", unit.editor),
    )
    table(scene, "unit_table", "联系方式", ("项目", "内容"), rows)


@fact("town_facts")
def town_facts(scene: Scene) -> None:
    """A town's size, villages, products and sights."""
    unit_facts(scene)
    facts = scene.unit.town
    if facts is None:
        return
    scene.update(
        town_side=SIDES[int(scene.unit.code[2:]) % len(SIDES)],
        town_area=f"{facts.area:.1f}",
        town_population=number(facts.population),
        town_villages=len(facts.villages),
        town_list="、".join(facts.villages),
        town_products="、".join(facts.products),
        town_scenes="、".join(facts.scenes),
    )


@fact("county_facts")
def county_facts(scene: Scene) -> None:
    """The county as the sum of its towns."""
    rows = [(unit.name, unit.town) for unit in towns() if unit.town]
    area = sum(facts.area for _, facts in rows)
    people = sum(facts.population for _, facts in rows)
    villages = sum(len(facts.villages) for _, facts in rows)
    scene.update(county_area=f"{area:.1f}", county_population=number(people), county_villages=villages)
    lines = [
        (name, f"{facts.area:.1f}", number(facts.population), str(len(facts.villages)), "、".join(facts.products))
        for name, facts in rows
    ]
    lines.append(("全县", f"{area:.1f}", number(people), str(villages), ""))
    head = ("乡镇", "面积（平方公里）", "户籍人口（人）", "村（社区）", "特产")
    table(scene, "towns_table", "各乡镇基本情况", head, lines)


@fact("bodies")
def bodies(scene: Scene) -> None:
    """Every government unit with its address and phone."""
    rows = [(unit.full, unit.address.removeprefix("云岭县"), unit.phone) for unit in government_units()]
    table(scene, "bodies_table", "县政府工作部门和直属单位", ("单位", "地址", "电话"), rows)


@fact("climate")
def climate(scene: Scene) -> None:
    """Usual weather of the seasons."""
    rows = (
        ("春（3—5月）", "15.6", "260", "云雾多，宜采茶"),
        ("夏（6—8月）", "26.8", "560", "主汛期，注意防汛"),
        ("秋（9—11月）", "17.2", "210", "晴好，红叶和稻黄"),
        ("冬（12—2月）", "5.4", "90", "山区有积雪和雾凇"),
        ("全年", "16.3", "1120", ""),
    )
    table(scene, "climate", "气候概况", ("季节", "平均气温（℃）", "降水量（毫米）", "特点"), rows)


@fact("costs")
def costs(scene: Scene) -> None:
    """What land, power, water and hands cost."""
    rows = (
        ("工业用地", "12万元/亩起", "标准地出让，拿地即可开工"),
        ("标准厂房", "8元/平方米·月", "前两年按规定减免"),
        ("工业用电", "0.62元/千瓦时", "大工业用户按规定执行"),
        ("工业用水", "3.40元/立方米", "含污水处理费"),
        ("普通工人", "3600—5200元/月", "可委托培训"),
    )
    table(scene, "costs", "主要要素成本", ("项目", "参考价格", "说明"), rows)
