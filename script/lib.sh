# script/lib.sh - what the scripts share; read with `.` from the root of the
# tree.
#
# Environment:
#   CONVEY_CACHE     where virtual environments live, outside of the tree
#   CONVEY_PYTHON    the Python that they are made with (python3)
#   CONVEY_VERBOSE   every line of a build, on no terminal too
#   CONVEY_PIP_ARGS  more arguments for pip: an index with CPU builds of
#                    torch, say. The plain wheel of torch on Linux x86-64
#                    brings CUDA libraries of several gigabytes; they are not
#                    needed, and any build of the pinned version will do.

python=${CONVEY_PYTHON:-python3}
cache=${CONVEY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/convey}
live_pins=tests/live/requirements.txt
live_alone=tests/live/requirements-alone.txt
python_pins=tests/python/requirements.txt
tools_pins=script/requirements-tools.txt
chain_pins=bench/requirements-chain.txt

# environment NAME PINS...: the folder of a virtual environment. Its name holds
# what it was made from, so changed pins make a new one.
environment()
{
    name=$1
    shift
    echo "$cache/$name-$( { cat "$@"; $python -V; } | sha256sum | cut -c1-12)"
}

# cmake_is_new_enough CMAKE
cmake_is_new_enough()
{
    "$1" --version 2>/dev/null | awk '
        NR == 1 {
            split($3, v, ".")
            enough = v[1] > 3 || (v[1] == 3 && v[2] >= 26)
        }
        END { exit !enough }
    '
}

# Put a CMake of at least 3.26 first, if the system's is older.
use_tools()
{
    if ! cmake_is_new_enough cmake; then
        PATH="$(environment tools $tools_pins)/bin:$PATH"
        export PATH
    fi
}

# build PRESET [TARGET...]: progress is shown on a terminal, where it takes one
# line, or if CONVEY_VERBOSE is set.
build()
{
    use_tools
    mkdir -p build
    if ! cmake --preset "$1" >build/configure.log 2>&1; then
        cat build/configure.log >&2
        return 1
    fi
    preset=$1
    shift
    if [ ! -t 1 ] && [ -z "${CONVEY_VERBOSE:-}" ]; then
        set -- "$@" --quiet
    fi
    cmake --build --preset "$preset" -- "$@"
}
