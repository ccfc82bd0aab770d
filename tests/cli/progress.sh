# The bar: on a terminal, for what takes its time, gone at the end; quiet means
# nothing but errors.
. "$(dirname "$0")/lib.sh"

need_terminal
export TERM=xterm
: >"$err"

# Weights do not depend on sizes: a small file with much to prove.
archive large.keras "$model" '
def walk(x):
    if isinstance(x, dict):
        for key in ("batch_shape", "build_input_shape"):
            if isinstance(x.get(key), list):
                x[key] = [BATCH] + x[key][1:]
        for v in x.values():
            walk(v)
    elif isinstance(x, list):
        for v in x:
            walk(v)
BATCH = 1500
walk(c)'

bar()
{
    grep -qE '(proof|write) +\[[#.]+\] +[0-9]+ %' "$out"
}

terminal 80 "$CONVEY" port large.keras -o out || fault "exit $?"
bar || fault "no bar for what takes long"
# What stands last on the line of the bar takes it away.
grep -q "$(printf '\r\033\[K')" "$out" || fault "the bar stays"
terminal 80 "$CONVEY" port large.keras -o out -q || fault "exit $?"
[ ! -s "$out" ] || fault "-q is not quiet"
TERM=dumb terminal 80 "$CONVEY" port large.keras -o out
if bar; then fault "a bar on a dumb terminal"; fi
run 0 port large.keras -o out
if bar; then fault "a bar in a pipe"; fi
[ ! -s "$err" ] || fault "something on standard error:"
terminal 80 "$CONVEY" port "$model" -o out --no-proof
if bar; then fault "a bar for nothing"; fi

for verb in "port $model -o out" "show $model" "show --graph $model" ops \
    formats; do
    # shellcheck disable=SC2086 # words
    run 0 $verb -q
    silent
    # shellcheck disable=SC2086 # words
    case $verb in
    *--graph*) ;;
    *)
        run 0 $verb -q --json
        json 'len(d) > 0'
        ;;
    esac
    [ ! -s "$err" ] || fault "$verb: something on standard error:"
done
finish
