# Colours on a terminal and nowhere else; NO_COLOR is obeyed; a narrow
# terminal is not overrun.
. "$(dirname "$0")/lib.sh"

# A container may have no terminals at all.
python3 -I -c 'import pty; pty.openpty()' 2>/dev/null || exit 77

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

coloured()
{
    grep -q "$(printf '\033')\[" "$out"
}

export TERM=xterm
unset NO_COLOR
: >"$err"
terminal 100 "$CONVEY" port "$model" -o port || fault "exit $?"
coloured || fault "no colours on a terminal"
terminal 100 "$CONVEY" show "$model"
coloured || fault "no colours on a terminal"
terminal 100 "$CONVEY" port "$model" -o port --json
if coloured; then fault "colours in JSON"; fi
NO_COLOR=1 terminal 100 "$CONVEY" show "$model"
if coloured; then fault "colours although NO_COLOR is set"; fi
TERM=dumb terminal 100 "$CONVEY" show "$model"
if coloured; then fault "colours on a dumb terminal"; fi

# The totals need 47 columns.
for columns in 132 80 60 50; do
    NO_COLOR=1 terminal $columns "$CONVEY" show "$data/branches.keras"
    longest=$(awk '{ if (length($0) > n) n = length($0) } END { print n }' \
        "$out")
    [ "$longest" -le $columns ] || fault "$longest columns on $columns"
    prints 108
done
finish
