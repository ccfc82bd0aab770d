# Disks that are full and folders that are closed: exit 5, nothing half done.
. "$(dirname "$0")/lib.sh"

closed()
{
    run 5 port "$model" -o "$1"
    silent
    one_line
}

# A file may not grow beyond 8 kB: the weights do not fit, the source does.
limited()
{
    (
        ulimit -f 8
        exec "$CONVEY" port "$model" "$@"
    ) 2>"$err" >"$out"
    code=$?
    [ $code -eq 5 ] || fault "full disk: exit $code"
    one_line
    says digits.safetensors
}
limited -o new
holds .
run 0 port "$model" -o old
cp -r old before
limited -o old
diff -r old before >/dev/null || fault "a full disk has changed the folder"
rm -rf old before

# A real full disk, where we may make one.
if mkdir small && mount -t tmpfs -o size=12k none small 2>/dev/null; then
    closed small/new
    holds small
    umount small
fi
rmdir small

if [ "$(id -u)" -eq 0 ]; then
    closed /proc/convey # nobody may make a folder there
    closed /proc/convey/deep
else
    mkdir shut
    chmod a-w shut
    closed shut
    closed shut/new
    chmod u+w shut
    rmdir shut
    cp "$model" secret.keras
    chmod a-r secret.keras
    run 5 port secret.keras -o new
    one_line
    rm -f secret.keras
fi

# Standard output counts too.
if [ -c /dev/full ]; then
    for verb in "show $model" "show --json $model" ops formats --help \
        --version "port --help"; do
        # shellcheck disable=SC2086 # words
        "$CONVEY" $verb >/dev/full 2>"$err"
        code=$?
        [ $code -eq 5 ] || fault "$verb into a full device: exit $code"
        one_line
    done
fi
holds .
finish
