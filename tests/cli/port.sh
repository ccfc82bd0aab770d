# A port that succeeds: its files, its report, its words.
. "$(dirname "$0")/lib.sh"

run 0 port "$model"
[ ! -s "$err" ] || fault "says something although all is well:"
prints digits_torch/digits.py
prints digits_torch/digits.safetensors
prints "proven (live: not checked)"
prints "of its bound"
prints_not "proof: "
holds . digits_torch
holds digits_torch digits.py digits.safetensors report.json
if grep -q "$(printf '\033')" "$out"; then fault "colours in a pipe"; fi
head -1 digits_torch/digits.py | grep -q 'ported by convey from digits.keras' ||
    fault "the first line does not say where it came from"
if head -1 digits_torch/digits.py | grep -q UNPROVEN; then
    fault "doubts without a reason"
fi

# The report is one document, the same on disk and on standard output.
run 0 port "$model" --json
cmp -s "$out" digits_torch/report.json || fault "two different reports"
json 'list(d) == "convey source target inputs outputs weights layers names \
remarks refusals proof leftover_transposes parameters trainable seconds \
peak_bytes".split()' \
    'd["source"]["dialect"] == "keras3" and d["source"]["format"] == "keras"' \
    'd["target"] == {"framework": "torch",
                      "files": ["digits.py", "digits.safetensors"]}' \
    'd["inputs"] == [{"name": "image", "source_shape": [None, 8, 8, 1],
    "target_shape": [None, 1, 8, 8], "permutation": [0, 3, 1, 2]}]' \
    'd["outputs"][0]["target_shape"] == [None, 10]' \
    'd["outputs"][0]["permutation"] is None' \
    'list(d["proof"]) == ["engine", "file", "live",
                           "worst_error_share_of_bound"]' \
    'd["proof"]["engine"] == "proven"' \
    'd["proof"]["file"] == "proven"' \
    'd["proof"]["live"] == "not checked"' \
    '0 <= d["proof"]["worst_error_share_of_bound"] <= 1' \
    'all(x["verdict"] == "proven" and x["error"] <= x["bound"]
          for x in d["layers"])' \
    'all(list(x) == "source target operator verdict error bound where \
cause".split() for x in d["layers"])' \
    'all(list(w) == "source target source_shape target_shape reshape \
permutation".split() for w in d["weights"])' \
    'd["leftover_transposes"] == 0 and d["refusals"] == []' \
    'sum(__import__("math").prod(w["source_shape"]) for w in d["weights"])
      == d["parameters"] > d["trainable"] > 0' \
    'set(d["seconds"]) == {"read", "pass", "write", "proof"}' \
    'd["peak_bytes"] > 1000000 and d["names"]["stem"] == "stem"' \
    'any("not checked" in x["text"] for x in d["remarks"])'

# Twice the same, to the bit.
cp -r digits_torch first
run 0 port "$model" -q
silent
for file in digits.py digits.safetensors; do
    cmp -s first/$file digits_torch/$file || fault "$file differs"
done

run 0 port "$model" --no-proof --json -o unchecked
json 'd["proof"]["engine"] == "not checked"' \
    'd["proof"]["worst_error_share_of_bound"] is None' \
    'all(x["verdict"] == "not checked" and x["error"] is None
          and x["target"] for x in d["layers"])'
run 0 port "$model" --no-proof -o unchecked
prints "not checked"
prints_not "engine only"

run 0 port "$model" -v -o verbose
prints "error "

# A compiled model's training is written where it ends.
run 0 port "$data/sequence.keras" -o compiled
grep -q "^def make_loss() -> nn.Module:" compiled/sequence.py ||
    fault "the written file has no loss"
grep -q "^    return torch.optim.Adam(model.parameters(), lr=0.001" \
    compiled/sequence.py || fault "the written file has no optimizer"

# Every size and order that the reader's examples have.
for file in "$data"/*.keras; do
    name=$(basename "$file" .keras)
    run 0 port "$file" -o "all_$name" --json
    json 'd["proof"]["engine"] == "proven"'
    json 'all(w["target"] for w in d["weights"])'
done
finish
