# Everything is in place; nobody sends.
EXPECT=(no-traffic)
FIX=advise
STREAM=off
. "$FAULTS/kit"
stream() { sleep 0.5; }
setup() { nad mcast "$(macvlan "$ROUTE")"; receiver node1 mcast; running; }
