# An attachment without IPAM: no address, no route, and a reverse-path filter that then takes nobody's datagrams.
EXPECT=(interface-without-address joined-on-wrong-interface)
SENDS=yes
. "$FAULTS/kit"
setup() { nad mcast "$(macvlan | jq -c 'del(.ipam)' | tuned '{"net.ipv4.conf.all.rp_filter": "2"}')"; receiver node1 mcast; running; }
