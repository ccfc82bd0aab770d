# What is damaged is exit 4, what is not there exit 5; no folder is made.
. "$(dirname "$0")/lib.sh"

damaged()
{
    for verb in port show; do
        run 4 $verb "$1"
        silent
        one_line
        says "$1"
    done
}

size=$(wc -c <"$model")
for keep in 1 30 1000 $((size / 2)) $((size - 1)); do
    head -c "$keep" "$model" >cut.keras
    damaged cut.keras
done
: >empty.keras
damaged empty.keras
head -c 5000 /dev/zero >zeros.keras
damaged zeros.keras
echo 'a few words' >text.keras
damaged text.keras
# One byte of the weights' archive member.
cp "$model" flipped.keras
printf '\377' | dd of=flipped.keras bs=1 seek=$((size / 2)) conv=notrunc \
    2>/dev/null
damaged flipped.keras

run 4 port empty.keras --json
json 'd["error"]["exit"] == 4 and d["error"]["text"]' \
    'd["refusals"] == [] and d["target"]["files"] == []'
run 4 show empty.keras --json
json 'd["error"]["exit"] == 4'

# Names from the outside cannot rule the terminal.
printf 'x' >"$(printf 'a\033[31m\nb.keras')"
run 4 port "$(printf 'a\033[31m\nb.keras')"
one_line
if grep -q "$(printf '\033')" "$err"; then fault "an escape sequence"; fi
rm -f a*

for verb in port show; do
    run 5 $verb missing.keras
    silent
    one_line
    says missing.keras
    run 5 $verb missing.keras --json
    json 'd["error"]["exit"] == 5 and "missing.keras" in d["error"]["text"]'
done
rm -f ./*.keras
holds .

mkdir folder
"$CONVEY" port folder >"$out" 2>"$err"
[ $? -ne 0 ] || fault "a folder was ported"
one_line
holds . folder
finish
