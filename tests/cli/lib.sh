# tests/cli/lib.sh - what the scripts of this folder share; read with `.`.
#
# Environment: CONVEY the command, CVYT_DATA this project's tests, CVYT_ROOT
# its root. Each script works in a folder of its own, which starts empty; what
# the command printed stands in $out and $err.
set -u
model=$CVYT_ROOT/examples/digits/digits.keras
data=$CVYT_DATA/read/data
reject=$CVYT_DATA/reject/keras
top=$(mktemp -d)
out=$top/out
err=$top/err
faults=0
trap 'chmod -R u+w "$top"; rm -rf "$top"' EXIT
mkdir "$top/here"
cd "$top/here" || exit 1
export CONVEY_THREADS=1

fault()
{
    echo "$*"
    sed 's/^/    /' "$err"
    faults=$((faults + 1))
}

# run CODE ARGUMENT...: the command must end with this exit code
run()
{
    local want=$1
    shift
    "$CONVEY" "$@" >"$out" 2>"$err" </dev/null
    local code=$?
    [ $code -eq "$want" ] || fault "convey $*: exit $code, not $want"
}

# One line that begins with the command's name, and nothing else.
one_line()
{
    [ "$(wc -l <"$err")" -eq 1 ] && grep -q '^convey: ..*[^.]$' "$err" ||
        fault "not one clear line:"
}

says()
{
    grep -qF -- "$1" "$err" || fault "does not say '$1':"
}

prints()
{
    grep -qF -- "$1" "$out" || { fault "does not print '$1'"; cat "$out"; }
}

prints_not()
{
    if grep -qF -- "$1" "$out"; then fault "prints '$1'"; fi
}

silent()
{
    [ ! -s "$out" ] || fault "prints something on standard output"
}

# Nothing is in the folder but these names.
holds()
{
    local dir=$1
    shift
    local got want
    got=$(cd "$dir" && find . -mindepth 1 -maxdepth 1 | sort | tr '\n' ' ')
    want=$(printf './%s\n' "$@" | sort | tr '\n' ' ')
    [ $# -gt 0 ] || want=
    [ "$got" = "$want" ] || fault "$dir holds $got, not $want"
}

# json EXPRESSION...: each is true of the document `d` in $out
json()
{
    python3 -I - "$out" "$@" >"$top/untrue" <<'END' ||
import json, sys
d = json.load(open(sys.argv[1]), parse_constant=lambda c: 1 / 0)
untrue = [e for e in sys.argv[2:] if not eval(f"({e})")]
print("\n".join(untrue))
sys.exit(len(untrue) > 0)
END
        fault "not so: $(cat "$top/untrue")"
}

# archive NEW OLD CODE: a .keras file whose config, `c`, was changed by Python
archive()
{
    python3 -I - "$@" <<'END'
import json, sys, zipfile
new, old, code = sys.argv[1:]
with zipfile.ZipFile(old) as a, zipfile.ZipFile(new, "w") as b:
    for name in a.namelist():
        content = a.read(name)
        if name == "config.json":
            c = json.loads(content)
            layers = {x["config"]["name"]: x for x in c["config"]["layers"]}
            exec(code)
            content = json.dumps(c).encode()
        b.writestr(name, content)
END
}

# A container may have no terminals at all.
need_terminal()
{
    python3 -I -c 'import pty; pty.openpty()' 2>/dev/null || exit 77
}

# terminal COLUMNS ARGUMENT...: what the command prints on a terminal
terminal()
{
    python3 -I - "$out" "$@" <<'END'
import fcntl, os, pty, struct, sys, termios
path, columns, *command = sys.argv[1:]
master, slave = pty.openpty()
size = struct.pack("4H", 40, int(columns), 0, 0)
fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
child = os.fork()
if child == 0:
    os.setsid()
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    os.execv(command[0], command)
os.close(slave)
text = b""
while True:
    try:
        piece = os.read(master, 65536)
    except OSError:
        break
    if not piece:
        break
    text += piece
with open(path, "wb") as f:
    f.write(text.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
END
}

finish()
{
    [ $faults -eq 0 ] || exit 1
}
