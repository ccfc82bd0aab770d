# Being stopped in the middle: exit 130, nothing left behind.
. "$(dirname "$0")/lib.sh"

# Large enough to be caught at work; weights do not depend on sizes.
archive large.keras "$data/branches.keras" '
layers["image"]["config"]["batch_shape"] = [4, 512, 512, 3]
import copy
def walk(x):
    if isinstance(x, dict):
        if x.get("class_name") == "__keras_tensor__":
            x["config"]["shape"][0] = None
        for v in x.values():
            walk(v)
    elif isinstance(x, list):
        for v in x:
            walk(v)
walk(c["config"]["layers"])'

# interrupt SIGNAL FOLDER: ends it once it has begun its folder
interrupt()
{
    "$CONVEY" port large.keras -o "$2" >"$out" 2>"$err" &
    local child=$! tries=0
    while [ -z "$(find . -name '.convey-*')" ] && [ $tries -lt 500 ] &&
        kill -0 $child 2>/dev/null; do
        tries=$((tries + 1))
        sleep 0.01
    done
    kill -"$1" $child
    wait $child
    code=$?
    [ $code -eq 130 ] || fault "$1: exit $code, not 130"
    silent
    one_line
    says interrupted
}

interrupt TERM new
holds . large.keras
interrupt HUP new
holds . large.keras
mkdir there
interrupt TERM there
holds . large.keras there
holds there
finish
