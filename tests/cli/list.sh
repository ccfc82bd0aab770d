# The lists tell what works, and only that.
. "$(dirname "$0")/lib.sh"

run 0 ops
prints keras.layers.Conv2D
prints torch.nn.Conv2d
[ "$(awk 'length > 80 && NF > 1' "$out")" = "" ] || fault "long lines"
run 0 ops --json
json 'len(d["ops"]) == len({o["name"] for o in d["ops"]}) > 20' \
    'all(o["title"] and o["spellings"] for o in d["ops"])' \
    'all(s["read"] or s["written"] or s["cannot_say"]
          for o in d["ops"] for s in o["spellings"])' \
    'not any(o["title"][0].isupper() for o in d["ops"])' \
    '"keras.layers.DepthwiseConv2D" in [s["name"] for o in d["ops"]
      if o["name"] == "conv" for s in o["spellings"] if s["read"]]' \
    '{s["dialect"] for o in d["ops"] for s in o["spellings"] if s["read"]}
     == {"keras3", "keras2", "torch", "tf2", "tf1"}' \
    '{s["dialect"] for o in d["ops"] for s in o["spellings"] if s["written"]}
     == {"keras3", "torch"}'

# Every folder of an operator is listed.
names=$(cd "$CVYT_ROOT/src/layer" && for d in */; do echo "${d%/}"; done | sort)
listed=$(python3 -I -c '
import json, sys
print("\n".join(sorted(o["name"] for o in json.load(open(sys.argv[1]))["ops"])))
' "$out")
[ "$names" = "$listed" ] || fault "operators: $names; listed: $listed"

run 0 formats
prints "(.keras), Keras 3.0 to 3.15"
prints .safetensors
run 0 formats --json
json '"keras" in [f["name"] for f in d["formats"] if f["read"]]' \
    '"torch" in [f["name"] for f in d["formats"] if f["written"]]' \
    'not any(f["read"] and f["written"] for f in d["formats"])'
finish
