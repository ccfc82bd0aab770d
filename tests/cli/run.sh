# Running a model: on its file, and on the folder that a port has written.
. "$(dirname "$0")/lib.sh"

# npy NAME SHAPE [TYPE]: an array of the numbers 0, 0.01, 0.02 ...
npy()
{
    python3 -I - "$@" <<'END'
import struct, sys
name, shape = sys.argv[1], tuple(map(int, sys.argv[2].split("x")))
kind = sys.argv[3] if len(sys.argv) > 3 else "f"
n = 1
for size in shape:
    n *= size
size = struct.calcsize(kind)
head = f"{{'descr': '<f{size}', 'fortran_order': False, 'shape': {shape}, }}"
head += " " * (63 - (10 + len(head)) % 64) + "\n"
with open(name, "wb") as f:
    f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode())
    f.write(struct.pack(f"<{n}{kind}", *(i % 100 / 100 for i in range(n))))
END
}

npy last.npy 3x8x8x1
npy first.npy 3x1x8x8

run 0 run "$model" --input last.npy
prints 'digit (3, 10): min '
prints 'To save: -o FILE.npy'
run 0 run "$model" --input last.npy -v
prints '(conv)'
run 0 run "$model" --input last.npy -q
silent

run 0 run "$model" --input image=last.npy -o y.npy
prints ' -> y.npy'
holds . last.npy first.npy y.npy
[ "$(wc -c <y.npy)" -eq $((128 + 4 * 30)) ] || fault "y.npy has another size"

run 0 run "$model" --input last.npy --json
json 'd["inputs"] == [{"name": "image", "shape": [3, 8, 8, 1],
                       "file": "last.npy"}]' \
    'd["outputs"] == [{"name": "digit", "shape": [3, 10], "file": None}]' \
    'set(d["seconds"]) == {"read", "run"}' \
    '0 < d["planned_bytes"] < d["peak_bytes"] or d["peak_bytes"] == 0' \
    '"layers" not in d and d["source"]["format"] == "keras"'
run 0 run "$model" --input last.npy --json -v
json 'd["layers"][0].keys() == {"name", "operator", "seconds"}'

# Rounding is said.
npy wide.npy 3x8x8x1 d
run 0 run "$model" --input wide.npy
prints 'numbers of type float64 are rounded to float32'

# What was written, by its own source; its axes are PyTorch's.
for format in safetensors pth; do
    run 0 port "$model" -o out --weights-format $format
    holds out digits.py digits.$format report.json
    run 0 run out --input first.npy -o z.npy
    cmp -s y.npy z.npy || python3 -I - <<'END' || fault "another result"
import struct
def read(name):
    return struct.unpack("<30f", open(name, "rb").read()[128:])
pairs = zip(read("y.npy"), read("z.npy"))
assert all(abs(x - y) <= 1e-5 for x, y in pairs)
END
    run 3 run out --input last.npy
    one_line
    says '(N, 1, 8, 8)'
done
run 0 show out
prints 'digits (PyTorch)'
prints '(N, 16, 8, 8)'
run 0 show out --json
json 'd["parameters"] == 4618' 'd["source"]["format"] == "ported"' \
    'd["inputs"] == [{"name": "image", "shape": [None, 1, 8, 8]}]'
run 0 show out --graph
prints 'from "torch"'

# A port of a port is refused, and nothing is written.
run 3 port out -o again
one_line
says 'PyTorch already'
[ ! -e again ] || fault "a folder was made"
run 3 port out --json
json 'd["refusals"][0]["kind"] == "unsupported"'
run 2 port "$model" -o again --weights-format h5
one_line
says 'safetensors, pth'

# Without python3 a folder cannot be read; a model file can.
PATH=/nowhere run 5 run out --input first.npy
one_line
says python3
PATH=/nowhere run 0 run "$model" --input last.npy

# What cannot be.
run 2 run
one_line
run 2 run "$model"
one_line
says '(N, 8, 8, 1)'
run 2 run "$model" --input nobody=last.npy
one_line
run 2 run "$model" --input last.npy -o nobody=y.npy
one_line
run 4 run "$model" --input "$model"
one_line
run 4 run last.npy --input last.npy
one_line
run 5 run "$model" --input nothing.npy
one_line
run 5 run "$model" --input last.npy -o nothing/y.npy
one_line
run 3 run "$model" --input first.npy --json
json 'd["error"]["exit"] == 3' '"outputs" not in d'

# A folder whose report is not ours, or points elsewhere.
cp -r out hostile
sed -i 's|"digits.py"|"../digits.py"|' hostile/report.json
run 4 run hostile --input first.npy
one_line
echo '{}' >hostile/report.json
run 4 show hostile
one_line
rm hostile/report.json
run 2 show hostile
one_line

# Several inputs, several outputs.
npy l.npy 2x8x6x2
npy r.npy 2x4
two=$data/two_by_two.keras
run 0 run "$two" --input left=l.npy --input right=r.npy -o sum=s.npy \
    -o mix=m.npy
[ -s s.npy ] && [ -s m.npy ] || fault "an output is missing"
run 2 run "$two" --input left=l.npy
one_line
says 'right'
run 2 run "$two" --input left=l.npy --input right=r.npy -o s.npy
one_line
says 'mix'
finish
