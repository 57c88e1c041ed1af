# A comma too many, as editors leave them.
EXPECT=(nad-invalid-json)
SENDS=yes
. "$FAULTS/kit"
setup() { nad mcast "$(macvlan "$ROUTE" | sed 's/}]]/},]]/')"; receiver node1 mcast; sleep 4; }
