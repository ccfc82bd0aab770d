#!/bin/sh
# install/run.sh CMAKE BUILD CC VERSION - installs a build into a folder and
# uses it as strangers do: through pkg-config, through CMake, by the command;
# and builds and runs the examples.
set -eu

cmake=$1 build=$2 cc=$3 version=$4
here=$(cd "$(dirname "$0")" && pwd)
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT

says()
{
    got=$("$@")
    case "$got" in
    *"$version"*) ;;
    *) echo "$* said '$got', not '$version'"; exit 1 ;;
    esac
}

"$cmake" --install "$build" --prefix "$top/first" >/dev/null
# An installed tree may be moved.
mv "$top/first" "$top/moved"
pc=$(find "$top/moved" -name convey.pc)
lib=$(dirname "$(dirname "$pc")")
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH

# shellcheck disable=SC2046 # lists of arguments
"$cc" -Wall -Werror "$here/use.c" -o "$top/use" \
    $(pkg-config --cflags --libs convey)
says env LD_LIBRARY_PATH="$lib" "$top/use"
says pkg-config --modversion convey

"$cmake" -G Ninja -S "$here" -B "$top/build" -DCMAKE_C_COMPILER="$cc" \
    -DCMAKE_PREFIX_PATH="$top/moved" >/dev/null
"$cmake" --build "$top/build" >/dev/null
says "$top/build/use_shared"
says "$top/build/use_static"

# The examples, through pkg-config and through CMake, with nothing but what
# was installed: each must build without a warning and print what it should.
examples=$here/../../examples/c
prints()
{
    name=$1 program=$2
    LD_LIBRARY_PATH=$lib "$program" >"$top/printed" ||
        { echo "$program failed"; exit 1; }
    diff "$examples/expected/$name.txt" "$top/printed" ||
        { echo "$program printed something else"; exit 1; }
}
"$cmake" -G Ninja -S "$examples" -B "$top/examples" \
    -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$top/moved" \
    -DCMAKE_C_FLAGS="-Wall -Wextra -Werror" >/dev/null
"$cmake" --build "$top/examples" >/dev/null
for source in "$examples"/*.c; do
    name=$(basename "$source" .c)
    # shellcheck disable=SC2046 # lists of arguments
    "$cc" -std=c11 -Wall -Wextra -Werror "$source" -o "$top/$name" \
        $(pkg-config --cflags --libs convey) -lm
    prints "$name" "$top/$name"
    prints "$name" "$top/examples/$name"
done

# The shared library shows its public face and nothing else.
strange=$(nm -D --defined-only "$lib/libconvey.so" | awk '{ print $3 }' |
    grep -v '^cvy_' || true)
[ -z "$strange" ] || { echo "also exported: $strange"; exit 1; }

if [ -x "$build/convey" ]; then
    says "$top/moved/bin/convey" --version
    for page in man/man1/convey.1 bash-completion/completions/convey \
        zsh/site-functions/_convey fish/vendor_completions.d/convey.fish; do
        grep -q convey "$top/moved/share/$page" ||
            { echo "no $page was installed"; exit 1; }
    done
fi
