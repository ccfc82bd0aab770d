#!/bin/sh
# The layout check must refuse a badly laid out file.
set -eu

root=${CVYT_ROOT:?}
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree/script" "$tree/src"
cp "$root/script/format" "$tree/script/"
cp "$root/.clang-format" "$tree/"

code=0
printf '/* a.c - good. */\nint a;\n' >"$tree/src/a.c"
"$tree/script/format" --check || code=$?
[ $code -eq 0 ] || exit $code

printf 'int  b( void ){return 1 ;}\n' >"$tree/src/b.c"
if "$tree/script/format" --check 2>/dev/null; then
    echo "a badly laid out file was accepted"
    exit 1
fi
