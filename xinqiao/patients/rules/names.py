"""Names: one written form, how they sound, and what may be shown (姓名)."""

import re
import unicodedata
from functools import lru_cache

# Surnames that are read unlike the same character elsewhere; pypinyin's own list is a separate package.
SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "任": "ren", "朴": "piao", "区": "ou",
    "盖": "ge", "华": "hua", "纪": "ji", "缪": "miao", "尹": "yin", "晁": "chao", "翟": "zhai", "覃": "qin",
    "冼": "xian", "乐": "yue", "员": "yun", "宓": "mi", "种": "chong", "秘": "bi", "繁": "po", "祭": "zhai",
    "折": "she", "黑": "he", "盛": "sheng", "召": "shao", "尉": "wei", "晟": "cheng", "臧": "zang", "卜": "bu",
    "牟": "mu", "车": "che", "佴": "nai", "逄": "pang", "粘": "nian",
    "贾": "jia", "翁": "weng", "沈": "shen", "葛": "ge", "宁": "ning", "宿": "su", "逯": "lu",
    "吕": "lv", "甯": "ning", "訾": "zi", "郇": "xun", "郗": "xi", "俞": "yu", "褚": "chu", "柏": "bai",
}  # fmt: skip
COMPOUND_SURNAMES = {
    "尉迟": "yu chi", "万俟": "mo qi", "欧阳": "ou yang", "司马": "si ma", "上官": "shang guan", "诸葛": "zhu ge",
    "东方": "dong fang", "皇甫": "huang fu", "令狐": "ling hu", "慕容": "mu rong", "长孙": "zhang sun",
    "宇文": "yu wen", "司徒": "si tu", "夏侯": "xia hou", "轩辕": "xuan yuan", "澹台": "tan tai", "公孙": "gong sun",
    "呼延": "hu yan", "端木": "duan mu", "独孤": "du gu", "南宫": "nan gong", "单于": "chan yu", "鲜于": "xian yu",
    "申屠": "shen tu", "公冶": "gong ye", "太史": "tai shi", "司空": "si kong", "百里": "bai li", "东郭": "dong guo",
    "西门": "xi men", "闻人": "wen ren", "钟离": "zhong li", "濮阳": "pu yang", "淳于": "chun yu", "仲孙": "zhong sun",
    "赫连": "he lian", "拓跋": "tuo ba", "第五": "di wu", "呼和": "hu he", "黑齿": "he chi", "亓官": "qi guan",
}  # fmt: skip
HAN = re.compile(r"[〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@lru_cache(maxsize=16384)
def normalise_name(text: str) -> str:
    """Bring a name to its one written form: no gaps in Chinese, one kind of middle dot, single spaces (姓名规整)."""
    name = re.sub(r"[•・․‧∙⋅●．]", "·", unicodedata.normalize("NFKC", re.sub(r"[•・․‧∙⋅●．]", "·", text)))
    name = re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", name)
    name = re.sub(r"\s+", " ", name).strip()
    return re.sub(rf"(?<={HAN.pattern}) | (?={HAN.pattern})", "", name)


@lru_cache(maxsize=16384)
def syllables(name: str) -> tuple[str, ...]:
    """Say a name syllable by syllable, its surname as surnames are read (姓名读音)."""
    from pypinyin import Style, lazy_pinyin  # its dictionary is dear, and only who writes names down needs it

    name = normalise_name(name)
    compound = COMPOUND_SURNAMES.get(name[:2]) if len(name) > 2 else None
    if compound:
        head, rest = tuple(compound.split()), name[2:]
    elif name[:1] in SURNAMES:
        head, rest = (SURNAMES[name[0]],), name[1:]
    else:
        head, rest = (), name
    return head + tuple(
        part for piece in lazy_pinyin(rest, Style.NORMAL, v_to_u=False) for part in _plain(piece)
    )


def pinyin_key(name: str) -> str:
    """Write a name as it is looked up by sound: small letters without gaps, ü as v (拼音检索键)."""
    return "".join(syllables(name))


def initials_key(name: str) -> str:
    """Write the first letter of each syllable, by which names are looked up fastest (首字母检索键)."""
    return "".join(part[0] for part in syllables(name))


def surname(name: str) -> str:
    """This function will give the family name, of one or two characters (姓)."""
    return name.removesuffix(given_name(name)).strip() or name


def given_name(name: str) -> str:
    """Give what follows the surname, by which people are also asked for; "" when there is none (名)."""
    name = normalise_name(name)
    if not HAN.match(name):
        return name.partition(" ")[2]
    return name[2:] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[1:]


def mask_name(name: str) -> str:
    """Show a name by its surname only, as 张** (姓名脱敏)."""
    name = normalise_name(name)
    if not HAN.match(name):
        return name[:1] + "***" if name else ""
    shown = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:shown] + "*" * (len(name) - shown)


def _plain(piece: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[^\x00-\x7f·]", piece.lower().replace("ü", "v"))
