# No route to the group, and strict reverse-path filtering with a source that is on no network of the pod.
EXPECT=(joined-on-wrong-interface)
SENDS=yes
. "$FAULTS/kit"
setup() {
  off_subnet_source
  nad mcast "$(macvlan | tuned '{"net.ipv4.conf.all.rp_filter": "1"}')"
  receiver node1 mcast; running
}
