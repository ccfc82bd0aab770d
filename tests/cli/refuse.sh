# Refusals: all of a model in one run, exit 3, no folder.
. "$(dirname "$0")/lib.sh"

archive two.keras "$model" '
layers["pool"]["class_name"] = "FractionalPooling2D"
layers["stem_relu"]["class_name"] = "Telepathy"'
run 3 port two.keras
silent
[ "$(grep -c '^convey: ' "$err")" -eq 2 ] || fault "not two refusals:"
[ "$(wc -l <"$err")" -eq 2 ] || fault "more lines than refusals:"
says "convey: pool (config.json: layers[9]): FractionalPooling2D"
says "convey: stem_relu (config.json: layers[4]): Telepathy"
holds . two.keras

# With --json there is one document all the same, and it has them all.
run 3 port two.keras --json
json '[r["layer"] for r in d["refusals"]] == ["stem_relu", "pool"]' \
    'all(list(r) == "layer kind attribute reason advice where".split()
          and r["kind"] and r["reason"] and r["advice"]
          for r in d["refusals"])' \
    'd["target"]["files"] == [] and d["proof"]["engine"] == "not checked"' \
    '"error" not in d'
run 3 show two.keras --json
json 'len(d["refusals"]) == 2'
run 3 show two.keras
silent
run 3 port "$reject/six_refusals.keras" --json
json 'len(d["refusals"]) >= 6'

# What torch has no words for is told in the same run, before a refused layer
# and behind it; `last` may yet get words, once `esp` is another layer.
run 3 port "$reject/refusals_of_words_too.keras"
silent
[ "$(wc -l <"$err")" -eq 4 ] || fault "not four refusals:"
says "convey: telepathy (config.json: layers[3]): Telepathy: a layer that"
says "convey: esp (config.json: layers[7]): ESP: a layer that"
says "convey: mix (config.json: layers[1]): nn.Linear works on the last axis"
says "convey: blend (config.json: layers[5]): nn.Linear works on the last axis"
run 3 port "$reject/refusals_of_words_too.keras" --json
json '[r["layer"] for r in d["refusals"]] ==
          ["telepathy", "esp", "mix", "blend"]' \
    '[r["attribute"] for r in d["refusals"]] == ["", "", "axis", "axis"]' \
    'all(r["kind"] and r["reason"] and r["advice"] and r["where"]
          for r in d["refusals"])' \
    'd["remarks"] == [] and "error" not in d'
holds . two.keras

# A file that is refused as a whole has one advice, that of its own kind.
run 3 port "$reject/version_4.keras"
one_line
says "version_4.keras (config.json): a file of Keras 4.0.0 is not read; "
if grep -q "save the model with" "$err"; then fault "two advices:"; fi

# An existing port is not touched by a refusal.
run 0 port "$model" -o kept
cp -r kept before
run 3 port two.keras -o kept --force
diff -r kept before >/dev/null || fault "a refused port has changed the folder"

# Files that nobody reads yet, or never: named, with advice.
for file in "$reject"/other.*; do
    "$CONVEY" port "$file" -o other >"$out" 2>"$err"
    code=$?
    case $code in
    3 | 4) ;;
    *) fault "$file: exit $code" ;;
    esac
    silent
    one_line
done
run 3 port "$reject/other.pth"
run 3 port "$reject/other.onnx" --json
json 'len(d["refusals"]) == 1 and d["refusals"][0]["kind"] == "unsupported"'
run 4 port "$reject/other.png"

holds . two.keras kept before
finish
