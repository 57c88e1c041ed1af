# The attachment's type is no plugin of the node, but nearly one.
EXPECT=(nad-plugin-missing)
SENDS=yes
. "$FAULTS/kit"
setup() { nad mcast "$(macvlan "$ROUTE" | jq -c '.type = "macvlna" | .type = "mcvlan"')"; receiver node1 mcast; sleep 4; }
