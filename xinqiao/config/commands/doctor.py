"""Say what is wrong with this installation, and how to mend it (体检)."""

import argparse

HELP = "检查安装有什么问题、怎么修 / what is wrong and how to mend it"


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take no arguments (无参数)."""


def run(arguments: argparse.Namespace) -> int:
    """This function will print one line per finding, and fail if one needs mending (体检)."""
    from xinqiao.config.starting import django

    django("app")
    from xinqiao.config.examination import examine

    findings = list(examine())
    for finding in findings:
        print(f"{'✓' if finding.well else '✗'} {finding.what}")
        if not finding.well:
            print(f"    怎么修：{finding.remedy}")
    return 0 if all(finding.well for finding in findings) else 1
