# One layer: for people, as JSON, many at once, refused.
. "$(dirname "$0")/lib.sh"

run 0 explain 'nn.Conv2d(3, 16, 3, stride=2, padding=1)' --to keras \
    --input 1x3x32x32
prints "layers.ZeroPadding2D(1),"
prints "layers.Conv2D(16, 3, strides=2),"
prints "weight.transpose(2, 3, 1, 0)"
prints "exact"
if grep -q "$(printf '\033')" "$out"; then fault "colours in a pipe"; fi

run 0 explain 'layers.Dense(5, activation="relu")' --input 2x4 --json
json 'd["verdict"] == "exact" and d["kind"] is None' \
    'd["source"]["framework"] == "keras3"' \
    'd["target"]["framework"] == "torch"' \
    'd["input"]["source_shape"] == [2, 4]' \
    'd["output"]["target_shape"] == [2, 5]' \
    '[w["source"] for w in d["weights"]] == ["kernel", "bias"]' \
    'd["weights"][0]["permutation"] == [1, 0]' \
    'd["proof"]["error"] <= d["proof"]["bound"]'

# Refused: one line, exit 3, and still one document.
run 3 explain 'nn.Conv2d(3, 16, 3, groups=2)' --json
one_line
json 'd["verdict"] == "refused" and d["kind"] == "illegal_in_source"' \
    'd["target"] is None and d["weights"] is None' \
    'd["advice"] == "choose a divisor of both"'

# Sizes that are missing: the rules are told, the code and the JSON refused.
run 3 explain 'layers.Conv2D(16, 3, padding="same")'
prints "layer = nn.Conv2d(C, 16, 3, padding=1)"
prints "kernel.transpose(3, 2, 0, 1)"
one_line
run 3 explain 'tf.nn.conv2d(x, W, strides=2, padding="SAME")' --json
json 'd["verdict"] == "refused" and d["kind"] == "unsupported"' \
    'd["reason"] == "the shapes of x, W are not known"' \
    '"--input x=1x32x32x3 --input W=3x3x3x16" in d["advice"]' \
    'd["target"] is None and d["arguments"] is None'
run 0 explain 'tf.nn.conv2d(x, W, strides=2, padding="SAME")' \
    --input x=1x32x32x3 --input W=3x3x3x16
prints "Conv2d(3, 16, 3, stride=2, bias=False)"

# Nothing of the text is run.
run 3 explain '__import__("os").system("touch ran")(x)'
[ ! -e ran ] || fault "the text was executed"
run 4 explain 'nn.Conv2d(3,'
one_line

# Many calls: a line for each, whatever came of it.
printf '%s\n' '# two calls' 'nn.ReLU()' '' 'nn.Conv2d(3, 4, 3, groups=2)' \
    'layers.ReLU()  # --input 1x8' >calls
run 0 explain --batch calls
[ "$(wc -l <"$out")" -eq 3 ] || fault "not three lines"
[ "$("$CONVEY" explain --batch - <calls | wc -l)" -eq 3 ] ||
    fault "not three lines from standard input"

# Usage.
run 2 explain
run 2 explain 'nn.ReLU()' --batch calls
run 2 explain 'nn.ReLU()' --to onnx
run 2 explain 'nn.ReLU()' --to torch
run 2 explain 'nn.ReLU()' --from torch7
run 2 explain 'nn.ReLU()' --input 3x
run 5 explain --batch missing
PATH=/nowhere run 5 explain 'nn.ReLU()'

finish
