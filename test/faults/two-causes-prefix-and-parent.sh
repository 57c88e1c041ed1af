# Two mistakes in one attachment: its master does not exist, and its routes are bare addresses. The plan heals both at once.
EXPECT=(nad-route-without-prefix nad-parent-missing)
SENDS=yes
setup() { nad mcast "$(MASTER=eth7 macvlan '[{"dst":"239.1.2.3"},{"dst":"10.9.9.9"}]')"; receiver node1 mcast; sleep 4; }
