/* receiver GROUP PORT: joins as the route to the group leads, and prints a line for each datagram. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
  char data[2048];
  struct sockaddr_in at = {.sin_family = AF_INET};
  struct ip_mreqn join = {0};
  if (argc != 3) return 2;
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  at.sin_port = htons(atoi(argv[2]));
  inet_aton(argv[1], &join.imr_multiaddr);
  if (bind(s, (struct sockaddr *)&at, sizeof at) || setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join)) {
    perror("receiver");
    return 1;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  puts("ready");
  while (recv(s, data, sizeof data, 0) >= 0) puts("got one");
  return 1;
}
