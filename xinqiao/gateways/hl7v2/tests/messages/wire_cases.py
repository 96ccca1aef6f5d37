"""How messages look on the wire: charsets, separators, line ends, junk (编码、分隔符、乱码)."""

from . import LI, PV1, Case, header, message

NAME = {"name": "李桂兰"}


def spoken(name: str, charset: str, codec: str, *notes: str, read_as: str = "") -> Case:
    """Write the same message in another charset (字符集)."""
    raw = message("ADT^A08", LI, PV1, charset=charset, codec=codec)
    says = {**NAME, "unit_name": "心内科三病区", "charset": read_as or codec, "notes": notes}
    return Case(f"charset_{name}", raw, says=says)


CHARSETS = [
    spoken("utf8", "UNICODE UTF-8", "utf-8"),
    spoken("utf8_short", "UTF-8", "utf-8"),
    spoken("gb18030", "GB 18030-2000", "gb18030"),
    spoken("gbk", "GBK", "gbk", read_as="gb18030"),
    spoken("gb2312", "GB2312", "gb2312", read_as="gb18030"),
    spoken("gbk_undeclared", "", "gbk", "charset_guessed", read_as="gb18030"),
    spoken("utf8_undeclared", "", "utf-8", "charset_guessed"),
    spoken("gbk_declared_utf8", "UNICODE UTF-8", "gbk", "charset_wrong", read_as="gb18030"),
    spoken("utf8_declared_gbk", "GBK", "utf-8", "charset_wrong"),
    spoken("utf8_declared_ascii", "ASCII", "utf-8", "charset_wrong"),
    spoken("gbk_declared_latin", "8859/1", "gbk", "charset_wrong", read_as="gb18030"),
    spoken("utf8_declared_unicode", "UNICODE", "utf-8", "charset_wrong"),
    spoken("unheard_of", "MARTIAN-5", "utf-8", "charset_wrong"),
    spoken("utf16", "UNICODE UTF-16", "utf-16", read_as="utf-16-le"),
    spoken("utf16_without_mark", "UNICODE UTF-16", "utf-16-be"),
    spoken("bom", "", "utf-8-sig", read_as="utf-8"),
    spoken("big5", "BIG-5", "utf-8", "charset_wrong"),
    Case("charset_rare_name", message("ADT^A08", "PID|1||1||㼆^𬭼", charset="GB18030", codec="gb18030"), says={"name": "㼆𬭼"}),
    Case("charset_latin", message("ADT^A08", "PID|1||1||Müller^Jörg", charset="8859/1", codec="latin-1"), says={"name": "Jörg Müller", "notes": ()}),
    Case("charset_mixed", message("ADT^A08", LI) + "NTE|1||备注\xff".encode("latin-1", "ignore") + b"\xff\xff", "unreadable", "bad_charset"),
    Case("charset_broken", message("ADT^A08", LI) + b"NTE|1||\xe5\xff\xff\x80", "unreadable", "bad_charset"),
]  # fmt: skip

ODD = message("ADT^A08", LI, PV1).decode().replace("|", "$").replace("^", "%").encode()
SEPARATORS = [
    Case("separators_all_odd", ODD, says={**NAME, "visit": "Z001", "notes": ("odd_separators",)}),
    Case("separators_truncation_mark", message("ADT^A08", LI).replace(b"^~\\&", b"^~\\&#"), says={**NAME, "notes": ()}),
    Case("separators_without_escape", message("ADT^A08", r"PID|1||1||C:\E\李^桂兰").replace(b"^~\\&", b"^~&"), says={"name": r"C:\E\李桂兰"}),
    Case("separators_empty", message("ADT^A08", LI).replace(b"^~\\&", b""), says=NAME),
    Case("separators_doubled", message("ADT^A08", LI).replace(b"^~\\&", b"^~\\\\&"), says={**NAME, "notes": ("odd_separators",)}),
    Case("separators_letters", b"MSH|ABCD|HIS\rPID|1", "unreadable", "bad_separators"),
    Case("separators_letter_field", b"MSHX^~\\&XHIS\rPIDX1", "unreadable", "bad_separators"),
    Case("escapes_all", message("ADT^A08", r"PID|1||1||\F\\S\\T\\R\\E\\XE69D8E\李\Zab\^桂\C2842\兰\H\\N\\.br\|"), says={"name": "|^&~\\李李\\Zab\\桂兰"}),
    Case("escapes_broken", message("ADT^A08", r"PID|1||1||\李\X4\^\\桂兰\F|"), says={"name": r"\李\X4\\\桂兰\F"}),
]  # fmt: skip

BATCH = b"FHS|^~\\&\rBHS|^~\\&\r" + message("ADT^A08", LI) + b"BTS|1\rFTS|1\r"
LINES = [
    Case("lines_lf", message("ADT^A08", LI, PV1, end="\n"), says={**NAME, "visit": "Z001"}),
    Case("lines_crlf", message("ADT^A08", LI, PV1, end="\r\n"), says={**NAME, "visit": "Z001", "notes": ()}),
    Case(
        "lines_blank_between",
        message("ADT^A08", LI, PV1, end="\r\r\n \n"),
        says={**NAME, "visit": "Z001", "notes": ()},
    ),
    Case("lines_indented", message("ADT^A08", "  " + LI), says=NAME),
    Case("no_last_line_end", message("ADT^A08", LI).rstrip(), says=NAME),
    Case("mllp_marks_left_in", b"\x0b" + message("ADT^A08", LI) + b"\x1c\r", says={**NAME, "notes": ()}),
    Case("junk_after", message("ADT^A08", LI) + b"\x1a\x00\x00 \r\n", says=NAME),
    Case("junk_before", b"POST /hl7 HTTP/1.1\r\n\r\n" + message("ADT^A08", LI), says=NAME),
    Case(
        "nul_inside", message("ADT^A08", LI.replace("桂", "\x00桂")), says={**NAME, "notes": ("nul_removed",)}
    ),
    Case(
        "z_segments",
        message("ADT^A08", "ZPI|1|自定义", LI, "ZXX|" + "x|" * 300, PV1),
        says={**NAME, "visit": "Z001"},
    ),
    Case("unknown_segments", message("ADT^A08", "SFT|x", "ARV|1", LI, "QQQ|9"), says=NAME),
    Case("batch_of_one", BATCH, says={**NAME, "notes": ()}),
    Case(
        "several_unsplit",
        message("ADT^A08", LI) + message("ADT^A08", "PID|1||2"),
        "unreadable",
        "several_messages",
    ),
    Case("cut_in_the_middle", message("ADT^A08", LI)[:150], says={"id": "00012345"}),
    Case("garbage_text", b"hello, is this the printer?", "unreadable", "no_msh"),
    Case("garbage_bytes", bytes(range(1, 128)), "unreadable", "no_msh"),
    Case("empty", b"\r\n \x00", "unreadable", "empty"),
    Case("only_msh", header("ADT^A08").encode(), "rejected", "no_patient"),
    Case("too_large", b"MSH|^~\\&|" + b"x" * (16 * 1024 * 1024), "unreadable", "too_large"),
    Case("too_many_segments", message("ADT^A08", LI) + b"NTE|\r" * 50_000, "unreadable", "too_many_segments"),
]

CASES = [*CHARSETS, *SEPARATORS, *LINES]
