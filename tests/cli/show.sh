# The listing: as a table, as JSON, as a graph.
. "$(dirname "$0")/lib.sh"

# row PATTERN: a line of the table, blanks squeezed
row()
{
    sed 's/  */ /g' "$out" | grep -qx -- "$1" || {
        fault "no line '$1'"
        cat "$out"
    }
}

run 0 show "$model"
row 'Layer Class Output shape Parameters Multiply-adds'
row 'image input (N, 8, 8, 1) - -'
row 'stem Conv2D (N, 8, 8, 16) 144 9,216'
row 'join Add (N, 4, 4, 24) - -'
row 'digit Dense (N, 10) 330 320'
row 'Parameters 4,618'
row ' trainable 4,586'
row ' not trainable 32'
row 'Multiply-adds 27,200 (one sample)'
row 'Size of parameters 18.5 kB'
if grep -q "$(printf '\033')" "$out"; then fault "colours in a pipe"; fi

run 0 show "$model" --json
json 'd["parameters"] == d["trainable"] + d["non_trainable"] == 4618' \
    'sum(x["parameters"] for x in d["layers"]) == 4618' \
    'sum(x["multiply_adds"] for x in d["layers"]) == d["multiply_adds"]' \
    'd["multiply_adds"] == 27200 and d["parameter_bytes"] == 4 * 4618' \
    'd["layers"][1]["name"] == "stem"' \
    'd["layers"][1]["class"] == "Conv2D"' \
    'd["layers"][1]["output_shape"] == [None, 8, 8, 16]' \
    'd["inputs"] == [{"name": "image", "shape": [None, 8, 8, 1]}]'

# Ten samples take ten times the work; shapes say so.
run 0 show "$model" --input 10x8x8x1 --json
json 'd["multiply_adds"] == 272000' \
    'd["layers"][1]["output_shape"] == [10, 8, 8, 16]'

# Sizes that are not known, some of them, all of them.
file=$data/branches.keras
run 0 show "$file"
prints "?"
prints "ceil(H / 2)"
run 0 show "$file" --json
json 'd["multiply_adds"] is None' \
    'd["layers"][0]["output_shape"] == [None, None, None, 4]'
run 0 show "$file" --input 1x8x?x3
prints "(1, 4, ceil(W / 2), 4)"
prints "?"
run 0 show "$file" --input image=1x8x9x3
prints_not "?"
row 'conv2d Conv2D (1, 4, 5, 4) 108 2,160'
run 0 show "$data/two_by_two.keras" --input left=3x8x6x2 --input right=3x4
prints "(3, 8, 6, 4)"

for shape in x 1x8 0x8x9x3 1x8x9x3x 1x8x9x4 nobody=1x8x9x3 1x-8x9x3 \
    1x99999999999999999999x9x3 ''; do
    run 2 show "$file" --input "$shape"
    silent
    one_line
done
run 2 show "$data/two_by_two.keras" --input left=2x8x6x2 --input right=3x4
one_line

# After a pass shapes stand as the target has them.
run 0 show "$model" --after order
row 'stem Conv2D (N, 16, 8, 8) 144 9,216'
prints order
run 0 show "$model" --after borders --graph
prints "pad"
run 0 show "$model" --graph
prints 'convey graph'
prints_not " pad "
finish
