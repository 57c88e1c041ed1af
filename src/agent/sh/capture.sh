# A capture by tcpdump, where there is no Python: pcap on stdout; on stderr tcpdump's own words, and messages as JSON. Stands behind
# agent.sh, whose functions it uses. stdin is the lifeline here too.

# say TYPE FIELDS
say() { printf '{"type":"%s"%s}\n' "$1" "$2" >&2; }

# deny ERROR
deny() {
    say refused ",\"error\":\"$(printf %s "$1" | tr '"\\\n' "'/ ")\""
    exit 70
}

# capture DEADLINE PID ARGV...: tcpdump in the network namespace of a process (in this one when PID is empty)
capture() {
    seconds=$1 space=$2
    shift 2
    exec 3<&0 </dev/null
    if command -v tcpdump >/dev/null; then
        set -- tcpdump "$@"
    elif [ "$MODE" = node ] && chroot /proc/1/root /bin/sh -c 'command -v tcpdump' >/dev/null 2>&1; then
        set -- chroot /proc/1/root /bin/sh -c 'exec "$@"' sh tcpdump "$@"
    else
        exit 97
    fi
    if [ -n "$space" ]; then
        command -v nsenter >/dev/null || chroot /proc/1/root nsenter --version >/dev/null 2>&1 ||
            deny 'entering a network namespace needs nsenter'
        error=$(in_namespace "$space" true 2>&1) || deny "${error##*: }"
    fi
    say hello ',"runtime":"tcpdump","version":""'
    { obey; if [ -n "$space" ]; then in_namespace "$space" "$@"; else "$@"; fi; } 3<&- &
    worker=$!
    { trap 'kill $!; wait; exit' TERM; while read -r _; do :; done; finish; } <&3 >/dev/null 2>&1 &
    life=$!
    # A block of the ring that is not full is handed over after a second.
    { trap 'kill $!; wait; exit' TERM; sleep $((seconds + 1)) & wait $!; finish; } 3<&- >/dev/null 2>&1 &
    clock=$!
    wait $worker 2>/dev/null
    status=$?
    kill $clock 2>/dev/null
    case $status in
        0) say end ',"reason":"finished"' ;;
        143) say end ',"reason":"deadline"' ;;
        *) kill $life 2>/dev/null; wait; exit $status ;;
    esac
    # What was written last gets lost on some ways when a program ends at once.
    if kill -0 $life 2>/dev/null; then sleep 1; fi
    kill $life 2>/dev/null
    wait
    exit 0
}

# finish: tcpdump writes what it has, counts and ends; or is made to
finish() {
    kill_tree TERM $worker
    sleep 2 &
    wait $!
    kill_tree KILL $worker
}
