# The manual page and the completions: whole, well-formed, and they complete.
. "$(dirname "$0")/lib.sh"

for page in man bash zsh fish; do
    run 0 --print $page
    cp "$out" $page
    [ ! -s "$err" ] || fault "$page: it complains"
done
for wrong in '' nothing; do
    run 2 --print $wrong
    silent
    one_line
done

# Every verb and every option of the tables, as --help prints them, is in all
# four, in that page's spelling.
python3 -I - "$CONVEY" >"$top/missing" <<'END' || fault "$(cat "$top/missing")"
import re, subprocess, sys

def helps(*words):
    return subprocess.run([sys.argv[1], *words, "--help"], check=True,
                          capture_output=True, text=True).stdout

verbs = re.findall(r"^  ([a-z]+) .* \S", helps(), re.M)
verbs = [v for v in verbs if re.search(rf"^  {v} (FILE|  )", helps(), re.M)]
pages = {name: open(name).read() for name in ("man", "bash", "zsh", "fish")}
missing = [] if len(verbs) >= 4 else [f"verbs: {verbs}"]
for verb in verbs:
    spelled = {"man": f".SS convey {verb} ", "bash": f"{verb}:-*)",
               "zsh": f"\n{verb})\n", "fish": f"-a {verb} "}
    missing += [f"{p}: {verb}" for p in pages if spelled[p] not in pages[p]]
    own = {"man": pages["man"],
           "bash": re.search(rf"^ *{verb}:-\*\).*", pages["bash"], re.M)[0],
           "zsh": re.search(rf"^{verb}\)\n.*?;;", pages["zsh"], re.M | re.S)[0],
           "fish": "\n".join(re.findall(rf"^.*from {verb}'.*", pages["fish"],
                                        re.M))}
    rows = re.findall(r"^  (-\w)?(?:, |  +)?(--[a-z-]+)?(?= |$)", helps(verb),
                      re.M)
    rows = [row for row in rows if any(row)]
    if len(rows) < 4:
        missing.append(f"{verb}: {rows}")
    for letter, name in rows:
        for page, text in own.items():
            want = [x for x in (letter, name) if x]
            if page == "man":
                want = [x.replace("-", "\\-") for x in want]
            if page == "fish":
                want = ([f"-s {letter[1]} "] if letter else [])
                want += [f"-l {name[2:]} "] if name else []
            missing += [f"{page}: {verb} {x}" for x in want if x not in text]
print("\n".join(missing))
sys.exit(len(missing) > 0)
END

for title in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' ENVIRONMENT FILES \
    EXAMPLES; do
    grep -qx "\.SH $title" man || fault "the manual page has no $title"
done

# A shell that is started here finds no settings of its user's.
export HOME=$top

# quiet COMMAND...: it has nothing to say, if it is there
quiet()
{
    command -v "$1" >/dev/null || return 0
    said=$("$@" 2>&1) && [ -z "$said" ] || fault "$*: $said"
}
quiet groff -ww -man -Tutf8 -z man
quiet mandoc -T lint -W error man
quiet zsh -n zsh
quiet fish --no-execute fish
quiet bash -n bash

# completes WANT WORD...: what bash offers for the last word, sorted
completes()
{
    want=$1
    shift
    got=$(bash --norc -c '
        . ./bash
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _convey
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | sort | tr '\n' ' ')
    [ "$got" = "$want " ] || fault "$*: completes '$got', not '$want'"
}
mkdir 'a folder' models
: >models/net.keras
: >'my net.keras'
completes "port" convey po
completes "--help" convey --h
completes "--to" convey port --to
completes "--force" convey port my --fo
completes "torch" convey port --to t
completes "torch" convey port --to = t
completes "torch" convey show --to =
completes "a folder" convey port -o 'a '
completes "my net.keras" convey port my
completes "models/net.keras" convey show --graph models/
completes "--quiet" convey ops --q
completes "" convey ops no
completes "fish" convey --print f

# The same from fish, where there is one.
if command -v fish >/dev/null; then
    for pair in 'port --t=--to' 'port --to =torch' 'ops --q=--quiet' \
        'fo=formats' 'port models/=models/net.keras' '--print z=zsh'; do
        got=$(fish --no-config -c "source fish
            complete -C 'convey ${pair%=*}'" | cut -f1)
        [ "$got" = "${pair##*=}" ] || fault "fish: ${pair%=*}: '$got'"
    done
fi
finish
