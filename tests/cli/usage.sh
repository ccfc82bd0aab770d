# What is typed wrongly is one line and exit 2; help is a result.
. "$(dirname "$0")/lib.sh"

wrong()
{
    run 2 "$@"
    silent
    one_line
}

wrong
wrong nothing
wrong --nothing
wrong port
wrong port a b
wrong port --nothing "$model"
wrong port -x "$model"
wrong port -o
wrong port "$model" -o
wrong port --force=yes "$model"
wrong port --to keras "$model"
wrong port --to "" "$model"
wrong port --name 'no name' "$model"
wrong port --name class "$model"
wrong port --name torch "$model"
wrong port -o '' "$model"
wrong show
wrong show --graph --json "$model"
wrong show --after nothing "$model"
says order
says borders
wrong ops more
wrong formats --to torch
holds .

for verb in port show ops formats; do
    run 0 $verb --help
    prints "usage: convey $verb"
    prints --json
    run 0 --help
    prints "  $verb"
done
run 0 -h
run 0 --version
prints "convey 0."

# Only what works is offered.
run 0 port --help
for absent in --live --literal --side-by-side; do
    prints_not "$absent"
done
finish
