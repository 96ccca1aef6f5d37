#!/bin/sh
# Compile requirements/*.in to pinned, hashed *.txt that name no host (锁定依赖). Lower levels bind the higher.
set -eu
cd "$(dirname "$0")/../requirements"
uv=$(sh ../bootstrap/uv.sh)
for name in runtime test check node uv; do
    oldest=3.12
    [ "$name" != uv ] || oldest=3.9
    "$uv" pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-python-downloads \
        --python ../.venv/bin/python --python-version "$oldest" "$@" "$name.in" --output-file "$name.txt"
    echo "▸ requirements/$name.txt"
done
