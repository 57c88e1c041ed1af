"""Sends datagrams to an IPv6 group out of eth1: sender6.py GROUP PORT SECONDS RATE"""
import socket, struct, sys, time

group, port = sys.argv[1], int(sys.argv[2])
seconds, rate = map(float, sys.argv[3:])
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, struct.pack('@I', socket.if_nametoindex('eth1')))
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 8)
end = time.time() + seconds
while time.time() < end:
    s.sendto(b'feed', (group, port))
    time.sleep(1 / rate)
