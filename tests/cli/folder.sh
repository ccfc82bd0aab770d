# Whose files are replaced: contract.md 1 on -o and --force.
. "$(dirname "$0")/lib.sh"

mkdir empty
run 0 port "$model" -o empty
holds empty digits.py digits.safetensors report.json

# A folder of ours is written again; what the old report lists goes, with
# Python's cache; what it does not list stays.
mkdir empty/__pycache__ empty/kept
echo x >empty/__pycache__/digits.pyc
echo mine >empty/notes.txt
run 0 port "$model" -o empty/ --name other
holds empty other.py other.safetensors report.json notes.txt kept
grep -q mine empty/notes.txt || fault "a foreign file has changed"

# A new file never takes the place of a foreign one unasked.
echo mine >empty/third.py
run 2 port "$model" -o empty --name third
one_line
holds empty other.py other.safetensors report.json notes.txt kept third.py
grep -q mine empty/third.py || fault "a foreign file has changed"
run 0 port "$model" -o empty --name third --force
holds empty third.py third.safetensors report.json notes.txt kept

mkdir foreign
echo mine >foreign/notes.txt
run 2 port "$model" -o foreign
one_line
says --force
holds foreign notes.txt
run 0 port "$model" -o foreign --force
holds foreign digits.py digits.safetensors report.json notes.txt

# A report.json of somebody else's is no licence.
for text in '{"files": ["a"]}' '{"convey": 1, "target": {"files": []}}' \
    '{"convey": "0", "target": {"files": [1]}}' 'no json' ''; do
    rm -rf theirs
    mkdir theirs
    printf '%s' "$text" >theirs/report.json
    echo mine >theirs/a
    run 2 port "$model" -o theirs
    one_line
    holds theirs report.json a
    [ "$(cat theirs/report.json)" = "$text" ] || fault "it was changed"
    run 0 port "$model" -o theirs --force
    holds theirs digits.py digits.safetensors report.json a
done

# Nor does a report of ours reach out of its folder.
echo mine >outside
mkdir reach
listed='["../outside", "/tmp", ".", "sub"]'
echo "{\"convey\": \"0\", \"target\": {\"files\": $listed}}" >reach/report.json
mkdir reach/sub
run 0 port "$model" -o reach
holds reach digits.py digits.safetensors report.json sub
grep -q mine outside || fault "a file outside has changed"

echo mine >file
run 2 port "$model" -o file
one_line
says "file"
run 2 port "$model" -o file --force
run 5 port "$model" -o missing/folder
one_line
says "the parent folder missing does not exist"
[ ! -e missing ] || fault "a parent folder was made"

# The name of the module follows the file's.
cp "$model" '3 d-net.v2.keras'
run 0 port '3 d-net.v2.keras'
[ -e layer_3_d_net_v2_torch/layer_3_d_net_v2.py ] || fault "named $(ls)"
cp "$model" torch.keras
run 0 port torch.keras -o shadow
[ ! -e shadow/torch.py ] || fault "a module that hides torch"
finish
