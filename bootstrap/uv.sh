#!/bin/sh
# Print the path of uv: the one in PATH, else our own in .tools/uv, from the package index (安装器).
# Any Python 3.9 or newer that has venv can install it; one may be named as the argument.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
own=$root/.tools/uv

for uv in "$(command -v uv || :)" "$own/bin/uv"; do
    if [ -n "$uv" ] && "$uv" --version >/dev/null 2>&1; then
        printf '%s\n' "$uv"
        exit 0
    fi
done

for python in "${1:-}" python3 /usr/bin/python3; do
    [ -n "$python" ] || continue
    "$python" -m venv --clear "$own" >/dev/null 2>&1 || continue
    "$own/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement "$root/requirements/uv.txt" >&2 || exit 1
    printf '%s\n' "$own/bin/uv"
    exit 0
done
echo "没有带 venv 的 Python，无法安装 uv / no Python with venv to install uv from" >&2
exit 1
