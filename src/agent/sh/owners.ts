/** Socket owners from what `ls -l` prints of /proc, for an agent that has nothing better. */

/** One owner of one socket inode. */
export interface SocketOwner {
  readonly inode: number;
  readonly pid: number;
  readonly command: string;
}

/**
 * `own`, `spaces`: `ls -l` of /proc/self/ns/net and of every process's; `sockets`: `ls -l` of /proc/PID/fd, its headings and
 * sockets; `names`: lines of `/proc/PID/comm NAME`. Processes of other network namespaces are left out.
 */
export function parseOwners(own: string, spaces: string, sockets: string, names: string): SocketOwner[] {
  const mine = /net:\[(\d+)\]/.exec(own)?.[1];
  const near = new Set(
    [...spaces.matchAll(/\/proc\/(\d+)\/ns\/net -> net:\[(\d+)\]/g)].flatMap(([, pid, space]) =>
      space === mine ? [Number(pid)] : [],
    ),
  );
  const commands = new Map(
    [...names.matchAll(/^\/proc\/(\d+)\/comm (.*)$/gm)].map(([, pid, name]) => [Number(pid), name ?? '']),
  );
  const found = new Map<string, SocketOwner>();
  let pid = 0;
  for (const line of sockets.split('\n')) {
    const heading = /^\/proc\/(\d+)\/fd:$/.exec(line);
    if (heading) pid = Number(heading[1]);
    const inode = /-> '?socket:\[(\d+)\]/.exec(line)?.[1];
    const command = commands.get(pid);
    if (inode && near.has(pid) && command !== undefined)
      found.set(`${pid} ${inode}`, { inode: Number(inode), pid, command });
  }
  return [...found.values()];
}
