"""Counts datagrams to a group on eth1 for some seconds: hear.py GROUP PORT SECONDS"""
import socket, struct, sys, time

group, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((group, port))
s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, struct.pack('4s4si', socket.inet_aton(group), bytes(4), socket.if_nametoindex('eth1')))
end, n = time.time() + seconds, 0
while (left := end - time.time()) > 0:
    s.settimeout(left)
    try:
        s.recv(2000)
        n += 1
    except TimeoutError:
        pass
print(n)
