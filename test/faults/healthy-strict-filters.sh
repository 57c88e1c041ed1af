# Nothing is wrong: an off-link source with its route, strict filtering, a firewall that lets this very stream in, two networks, source-specific join.
EXPECT=(none)
. "$FAULTS/kit"
NETWORKS=office,mcast
setup() {
  off_subnet_source
  nad office "$(MASTER=eth0 macvlan | jq -c '.name = "office" | .ipam = {type: "host-local", ranges: [[{subnet: "192.168.77.0/24"}]]}')"
  nad mcast "$(macvlan '[{"dst":"239.1.2.3/32","gw":"0.0.0.0"},{"dst":"10.9.9.0/24","gw":"0.0.0.0"}]' | tuned '{"net.ipv4.conf.all.rp_filter": "1"}')"
  JOIN="s.setsockopt(0, 39, socket.inet_aton(group) + bytes(4) + socket.inet_aton('$SOURCE'))"
  pod rx "$(app)"
  in_pod iptables -A INPUT -p udp -d $GROUP --dport $PORT -j ACCEPT
  in_pod iptables -A INPUT -p igmp -j ACCEPT
  in_pod iptables -A INPUT -d 224.0.0.0/4 -j DROP
}
