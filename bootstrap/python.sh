#!/bin/sh
# Print the absolute path of a Python 3.12–3.14 that really runs (找到真正能运行的 Python).
# Version managers leave shims that exit 127 in PATH, so every candidate is run before it is believed.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
probe='import os, sys, ssl, venv, ensurepip
assert (3, 12) <= sys.version_info < (3, 15)
print(os.path.realpath(sys.executable))'

list_candidates() {
    printf '%s\n' "${XINQIAO_PYTHON:-}"
    cat "$root/.tools/python" 2>/dev/null || :
    for name in python3.14 python3.13 python3.12 python3 python; do
        printf '%s\n' "$PATH" | tr ':' '\n' | sed "s|\$|/$name|"
    done
    managed=${HOME:-/}/.pyenv/versions
    for path in "$managed"/3.14*/bin/python "$managed"/3.13*/bin/python "$managed"/3.12*/bin/python \
        "$root"/.tools/pythons/*/bin/python3; do
        printf '%s\n' "$path"
    done
}

find_python() {
    list_candidates | while IFS= read -r candidate; do
        [ -x "$candidate" ] || continue
        found=$("$candidate" -c "$probe" </dev/null 2>/dev/null) || continue
        printf '%s\n' "$found"
        break
    done
}

download_python() {
    uv=$(sh "$root/bootstrap/uv.sh" 2>/dev/null) || return 0
    echo "▸ 本机没有 Python 3.12–3.14，正在下载… / downloading Python" >&2
    "$uv" python install --quiet --no-bin --install-dir "$root/.tools/pythons" 3.13 2>/dev/null || :
}

python=$(find_python)
if [ -z "$python" ]; then
    download_python
    python=$(find_python)
fi
if [ -z "$python" ]; then
    echo "✗ 没有能运行的 Python 3.12–3.14，也无法下载：请先安装 Python 3.13（含 venv），或用 XINQIAO_PYTHON 指明路径。/ No working Python 3.12–3.14: install one with venv, or set XINQIAO_PYTHON." >&2
    exit 1
fi
printf '%s\n' "$python" | tee "$root/.tools/python"
