# Colours on a terminal and nowhere else; NO_COLOR is obeyed; a narrow
# terminal is not overrun.
. "$(dirname "$0")/lib.sh"

need_terminal

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
