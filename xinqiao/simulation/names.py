"""Names as people of each birth decade and sex bear them (姓名)."""

from functools import lru_cache
from random import Random

from pypinyin import Style, lazy_pinyin

SURNAMES = (
    "王王王王王王王李李李李李李李张张张张张张刘刘刘刘刘陈陈陈陈杨杨杨赵赵黄黄周周吴吴徐徐孙孙胡胡朱朱高高林林何何郭郭马马"
    "罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康"
    "毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢"
)
COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "司徒", "皇甫", "尉迟", "令狐", "夏侯", "慕容", "端木", "公孙")  # fmt: skip
SEXES = ("male", "female")
HETERONYMS = {"单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "曾": "zeng", "任": "ren", "翟": "zhai", "盖": "ge",
              "区": "ou", "朴": "piao", "尉": "yu"}  # fmt: skip

# (from birth year, first characters, second characters, names that are common as a whole)
MALE = (
    (0, "德福金玉洪长正万世振文宝永光", "山林才海贵生田清堂祥财荣兴", "长福 德山 金生 宝田 福海 树林 永贵"),
    (1945, "建国志文德卫庆家永光新解忠", "华国军民强平生林祥明和跃成", "建国 国庆 援朝 建军 爱国 志强"),
    (1965, "建志文卫国海晓永立红小春", "军强勇伟平东峰华斌刚明辉", "伟 勇 军 强 涛 刚 建华 志刚 海峰 文革"),
    (1980, "志海晓俊文嘉宏国鹏振立", "磊超杰鹏峰波伟斌亮飞龙", "磊 超 鹏 杰 浩 凯 涛 俊杰 志鹏 晓东"),
    (1995, "俊嘉子浩天文宇泽明思家", "豪杰轩宇航涛博辉文凯翔", "浩然 宇航 子豪 文博 俊熙 天宇 嘉豪"),
    (2008, "子浩宇梓奕沐一铭承俊亦", "轩宸睿泽辰阳然诺霖航乐", "梓轩 浩宇 沐辰 奕辰 子睿 一诺 宇轩 承泽"),
)
FEMALE = (
    (0, "桂秀玉淑凤兰翠金素月香", "英兰珍芳花莲梅琴云荣仙", "桂兰 秀英 玉兰 淑珍 凤英 桂花 秀兰 翠英"),
    (1945, "秀玉桂淑惠爱小美月建红", "英兰珍芳华琴萍云珠荣霞", "秀英 桂英 爱华 淑芬 惠兰 建英 月琴"),
    (1965, "丽红艳小海晓春玉雪文美", "芳霞萍梅华丽红玲燕娟英", "芳 敏 静 丽 霞 红梅 丽华 海燕 晓红"),
    (1980, "晓雅丽婷文思雪佳慧海", "娜婷静燕娟蕾敏丽洁莹", "娜 婷 静 敏 洁 晓月 雅婷 文静 佳佳"),
    (1995, "思雨欣梦佳诗雅子晓嘉", "怡雯涵婷瑶琪萱颖妍悦", "思雨 欣怡 梦瑶 诗涵 佳怡 雨婷 子涵"),
    (2008, "梓欣雨一诗语可沐若思", "涵怡萱妍彤桐诺汐瑶宁", "梓涵 欣怡 一诺 语桐 若汐 可馨 诗涵"),
)
RARE_GIVEN = ("喆", "堃", "燚", "昇", "䶮", "珺玥", "𬎆", "淼鑫", "祎", "翀", "龢", "垚")  # fmt: skip
MINORITY = (
    ("维吾尔族", "male", ("买买提·艾合买提", "艾力·吐尔逊", "阿不都热合曼·依明", "库尔班·托合提")),
    ("维吾尔族", "female", ("阿依古丽·买买提", "古丽娜尔·艾合买提", "热依拉·吐尔逊", "帕提古丽·库尔班")),
    ("蒙古族", "male", ("巴特尔", "布和·额尔敦", "苏和巴图")),
    ("蒙古族", "female", ("乌兰·图雅", "其其格", "萨仁高娃")),
    ("藏族", "male", ("扎西顿珠", "次仁·旺堆", "洛桑")),
    ("藏族", "female", ("卓玛", "央金·拉姆", "次仁曲珍")),
)


def surname(random: Random) -> str:
    """Draw a family name by its frequency; three in a thousand are of two characters (姓)."""
    return random.choice(COMPOUND_SURNAMES if random.random() < 0.003 else SURNAMES)


def given_name(random: Random, sex: str, birth_year: int) -> str:
    """Draw a given name of that decade; one in two hundred has a character few systems can show (名)."""
    if random.random() < 0.005:
        return random.choice(RARE_GIVEN)
    decades = MALE if sex == "male" else FEMALE
    _, first, second, whole = next(row for row in reversed(decades) if birth_year >= row[0])
    if random.random() < 0.3:
        return random.choice(whole.split())
    return random.choice(first) + random.choice(second)


def minority_name(random: Random, sex: str) -> tuple[str, str]:
    """Draw (people, full name), often written with a middle dot (少数民族姓名)."""
    people, _, names = random.choice([row for row in MINORITY if row[1] == sex])
    return people, random.choice(names)


@lru_cache(maxsize=65536)
def pinyin(name: str) -> str:
    """Spell a name as hospital systems print it: LI GUILAN (姓名拼音)."""
    size = 2 if name[:2] in COMPOUND_SURNAMES else 1
    family = HETERONYMS.get(name[:size]) or "".join(lazy_pinyin(name[:size], style=Style.NORMAL))
    given = "".join(lazy_pinyin(name[size:].replace("·", ""), style=Style.NORMAL, errors="ignore"))
    return f"{family} {given}".strip().upper()
