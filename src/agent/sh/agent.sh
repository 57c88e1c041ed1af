# kmcast's agent for a POSIX shell: it reads files and runs programs, and knows neither netlink nor captures. The job comes
# as calls of these functions (src/agent/sh/script.ts). Messages are frames: a line `@TOKEN word …` and raw bytes up to the
# next one, since a shell cannot print JSON safely; src/agent/sh/decode.ts turns them into the protocol's messages.
PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL TOKEN MODE
FILE_LIMIT=4194304
OUTPUT_LIMIT=16777216

frame() { printf '\n@%s %s\n' "$TOKEN" "$*"; }

# fail PHASE WHAT ERROR
fail() { frame failed "$1"; printf %s "$2"; frame error; printf %s "$3"; }

# bound BYTES: passes on so many at most (one more tells that there were more); always in a subshell
if command -v head >/dev/null; then bound() { obey; head -c $(($1 + 1)); }; else bound() { obey; cat; }; fi

# files PHASE PATH...: one pattern, as the shell has expanded it (itself, when nothing matches)
files() {
    phase=$1
    shift
    for path; do
        if [ ! -e "$path" ]; then fail "$phase" "$path" 'No such file or directory'; continue; fi
        if [ -d "$path" ]; then fail "$phase" "$path" 'Is a directory'; continue; fi
        frame file "$phase"
        printf %s "$path"
        frame text
        { error=$({ bound $FILE_LIMIT <"$path" >&4; } 2>&1); } 4>&1 || { frame error; printf %s "${error##*: }"; }
    done
}

# program PHASE NAME ROOT ARGV...
program() {
    phase=$1 name=$2 root=$3
    shift 3
    case $root in
        here) run_here "$@" ;;
        node) run_in_node "$@" ;;
        either) if command -v "$1" >/dev/null || [ "$MODE" != node ]; then run_here "$@"; else run_in_node "$@"; fi ;;
    esac
}

run_here() {
    command -v "$1" >/dev/null || { fail "$phase" "$name" 'No such file or directory'; return; }
    run here "$@"
}

run_in_node() {
    if [ "$MODE" != node ]; then fail "$phase" "$name" "the node's files are out of reach from a container"; return; fi
    chroot /proc/1/root /bin/sh -c 'command -v "$1"' sh "$1" >/dev/null 2>&1 ||
        { fail "$phase" "$name" 'No such file or directory'; return; }
    run node chroot /proc/1/root /bin/sh -c 'exec "$@"' sh "$@"
}

# run ROOT ARGV...: the frames of one program; when it prints more than the limit, its status frame is cut off
run() {
    frame command "$phase" "$1"
    printf %s "$name"
    shift
    {
        obey
        frame stdout
        error=$(limited "$@" 2>&1 >&4 4>&- </dev/null)
        status=$?
        frame stderr
        printf %s "$error"
        frame status $status
    } 4>&1 | bound $OUTPUT_LIMIT
}

# limited ARGV...: status 124 when it had to be ended. BusyBox' own timeout leaves a process behind.
limited() {
    "$@" &
    program=$!
    { pause 5; kill_tree KILL $program; } >/dev/null 2>&1 &
    timer=$!
    trap 'kill_tree KILL $program; kill $timer; wait; exit 143' TERM USR1
    wait $program 2>/dev/null
    status=$?
    kill $timer 2>/dev/null || status=124
    return $status
}

# pause SECONDS: ends the shell on TERM, and the sleep with it. KILL, since a child still has its parent's trap when it begins.
pause() { trap 'kill -KILL $!; wait; exit' TERM; sleep "$1" & wait; }

# owners: raw listings, understood at the other end
owners() {
    frame owners
    ls -l /proc/self/ns/net
    frame spaces
    ls -l /proc/[0-9]*/ns/net
    frame sockets
    ls -l /proc/[0-9]*/fd | grep -e '^/proc' -e 'socket:'
    frame names
    for path in /proc/[0-9]*/comm; do
        { read -r name <"$path"; } && printf '%s %s\n' "$path" "$name"
    done
} 2>/dev/null

# find_pod UID CONTAINER...: prints the pid of a process in the pod's network namespace
find_pod() {
    uid=$1
    shift
    for mark in "$@" "pod$uid" "pod$(printf %s "$uid" | tr - _)"; do
        [ -n "$mark" ] || continue
        for found in $(grep -lF -e "$mark" /proc/[0-9]*/cgroup 2>/dev/null); do
            found=${found#/proc/}
            echo "${found%/cgroup}"
            return
        done
    done
    task=io.containerd.runtime.v2.task/k8s.io
    for config in $(grep -lF -e "\"$uid\"" /proc/1/root/run/containerd/$task/*/config.json /proc/1/root/run/k3s/containerd/$task/*/config.json \
        /proc/1/root/run/containers/storage/overlay-containers/*/userdata/config.json 2>/dev/null); do
        grep -q '"sandbox"' "$config" || continue
        for file in init.pid pidfile; do
            read -r found 2>/dev/null <"${config%/*}/$file"
            if [ -n "$found" ] && [ -e "/proc/$found/ns/net" ]; then echo "$found"; return; fi
        done
    done
}

# place ID PID BODY: runs the body in the network namespace of a process (of this one when PID is empty)
place() {
    frame place
    printf %s "$1"
    if [ -z "$2" ]; then
        frame entered $$
        sh -c "$LIBRARY
obey
$3"
    elif ! command -v nsenter >/dev/null && ! chroot /proc/1/root nsenter --version >/dev/null 2>&1; then
        frame refused
        printf 'entering a network namespace needs nsenter'
        return
    elif ! error=$(in_namespace "$2" true 2>&1); then
        frame refused
        printf %s "${error##*: }"
        return
    else
        frame entered "$2"
        in_namespace "$2" sh -c "$LIBRARY
obey
$3"
    fi
    frame done
}

in_namespace() {
    pid=$1
    shift
    if command -v nsenter >/dev/null; then nsenter -t "$pid" -n "$@"; else chroot /proc/1/root nsenter -t "$pid" -n "$@"; fi
}

# refuse ID ERROR
refuse() { frame place; printf %s "$1"; frame refused; printf %s "$2"; }

# obey: lets a shell end on a signal, after what it waits for, so that it reaps that: the first process of many containers
# never does. Every subshell has to say it again.
obey() { trap 'exit 143' TERM; trap 'exit 138' USR1; }

# kill_tree SIGNAL PID: a process and all that it started
kill_tree() {
    kids=
    kill -STOP "$2" 2>/dev/null
    read -r kids 2>/dev/null <"/proc/$2/task/$2/children"
    for kid in $kids; do kill_tree "$1" "$kid"; done
    kill -"$1" "$2" 2>/dev/null
    kill -CONT "$2" 2>/dev/null
}

# agent DEADLINE WORK: runs the job, until it ends, the deadline passes or stdin (the lifeline) closes
agent() {
    frame hello "$(id -u)"
    exec 3<&0 </dev/null
    { obey; eval "$2"; } 3<&- &
    worker=$!
    { while read -r _; do :; done; kill_tree TERM $worker; } <&3 >/dev/null 2>&1 &
    life=$!
    { pause "$1"; kill_tree USR1 $worker; } 3<&- >/dev/null 2>&1 &
    clock=$!
    wait $worker 2>/dev/null
    case $? in
        143) reason='stdin closed' ;;
        138) reason=deadline ;;
        *) reason=finished ;;
    esac
    kill $life $clock 2>/dev/null
    wait
    frame end
    printf %s "$reason"
    frame over
}
