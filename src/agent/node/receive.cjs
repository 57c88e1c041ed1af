// Receiving: sockets that join first, say so, and then count who sends what until they are halted.
const { createSocket } = require('node:dgram');
const { readFileSync, readlinkSync } = require('node:fs');
const { endianness } = require('node:os');
const { Counted } = require('./count.cjs');
const { microseconds, interfaceAddress, interfaceOf, openTowards, bootId, systemWords } = require('./traffic.cjs');

/** Milliseconds in which what waits in the sockets is still taken after a halt. */
const DRAIN = 40;

/** `halted` resolves when counting is to end. */
async function receiveDatagrams(wanted, tell, halted) {
  const opened = wanted.sockets.map((one) => openReceiver(one, wanted, tell));
  const held = (await Promise.all(opened)).filter(Boolean);
  const spoiled = badChecksums();
  const tellCounts = (last) =>
    tell('counts', {
      last,
      at: microseconds(),
      boot: bootId(),
      badChecksums: badChecksums() - spoiled,
      sockets: held.map(describeReceiver),
    });
  const timer = wanted.every > 0 ? setInterval(tellCounts, wanted.every, false) : undefined;
  await Promise.race([
    held.length === 0 ? undefined : halted,
    held.length === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, wanted.duration)),
    ...(wanted.enough ? [Promise.all(held.map((one) => one.enough))] : []),
  ]);
  clearInterval(timer);
  await new Promise((resolve) => setTimeout(resolve, DRAIN));
  tellCounts(true);
  for (const { socket } of held) socket.close();
}

function openReceiver(one, wanted, tell) {
  const v6 = (one.group ?? one.bind ?? '').includes(':');
  return new Promise((resolve) => {
    const socket = createSocket({
      type: v6 ? 'udp6' : 'udp4',
      reuseAddr: true,
      ...(wanted.buffer ? { recvBufferSize: wanted.buffer } : {}),
    });
    const refuse = (error) => {
      socket.removeAllListeners();
      socket.on('error', () => {});
      socket.close();
      tell('receiving', { socket: one.id, buffer: 0, error: systemWords(error), code: error.errno && error.code });
      resolve(undefined);
    };
    socket.once('error', refuse);
    // Linux delivers to a socket that is bound to a group nothing else: node cannot shut out other sockets' memberships.
    socket.bind(
      { port: one.port, address: one.group ?? one.bind ?? (v6 ? '::' : '0.0.0.0'), exclusive: true },
      async () => {
        const named = one.interface ?? (one.follow && joinedInterface(one.follow));
        try {
          if (one.group) joinGroup(socket, one, named, v6);
        } catch (error) {
          return refuse(error);
        }
        const name = named ?? (one.group && (await chosenInterface(one.group, one.port)));
        // The kernel says twice the size: its own bookkeeping is in it (socket(7)).
        const buffer = Math.floor(socket.getRecvBufferSize() / 2);
        tell('receiving', { socket: one.id, buffer, ...(name ? { interface: name } : {}) });
        socket.off('error', refuse);
        socket.on('error', () => {});
        resolve(new Counted(one.id, socket, wanted.enough));
      },
    );
  });
}

function joinGroup(socket, { group, source }, name, v6) {
  const address = name && interfaceAddress(name, v6);
  if (source) socket.addSourceSpecificMembership(source, group, address);
  else socket.addMembership(group, address);
}

/** The interface on which somebody here is a member of the group already; the first of several. */
function joinedInterface(group) {
  const v6 = group.includes(':');
  try {
    const lines = readFileSync(v6 ? '/proc/net/igmp6' : '/proc/net/igmp', 'utf8')
      .trimEnd()
      .split('\n');
    const wanted = v6 ? hexOf6(group) : hexOf4(group);
    let name;
    for (const line of lines) {
      const row = line.trim().split(/\s+/);
      if (v6 || !line.startsWith('\t')) name = row[1].replace(/:$/, '');
      if (row[v6 ? 2 : 0] === wanted && name !== 'lo') return name;
    }
  } catch {
    // Not Linux, or no IPv6.
  }
  return undefined;
}

/** In the kernel's own order of bytes. */
function hexOf4(group) {
  const bytes = group.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return (endianness() === 'LE' ? bytes.reverse() : bytes).join('').toUpperCase();
}

function hexOf6(group) {
  const [head = '', tail = ''] = group.split('::').map((half) => half.split(':').filter(Boolean));
  const words = [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  return words.map((word) => word.padStart(4, '0').toLowerCase()).join('');
}

/** The interface that the kernel takes for a group when none is named: that of the route to it. */
async function chosenInterface(group, port) {
  try {
    const socket = await openTowards(group, port, {});
    const { address } = socket.address();
    socket.close();
    return interfaceOf(address);
  } catch {
    return undefined;
  }
}

function describeReceiver(counted) {
  const { id, truncated, fd } = counted;
  return { id, dropped: socketDrops().get(inodeOf(fd)) ?? null, truncated, senders: counted.told() };
}

function inodeOf(fd) {
  try {
    return /\[(\d+)\]/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}

/** Datagrams that each UDP socket dropped, by inode: the last column of /proc/net/udp. */
function socketDrops() {
  const found = new Map();
  for (const path of ['/proc/net/udp', '/proc/net/udp6']) {
    try {
      for (const line of readFileSync(path, 'utf8').trim().split('\n').slice(1)) {
        const row = line.trim().split(/\s+/);
        found.set(row[9], Number(row[12]));
      }
    } catch {
      // Not Linux.
    }
  }
  return found;
}

/** UDP datagrams with a wrong checksum in this namespace so far; not a number where that is not told. */
function badChecksums() {
  try {
    const [names, values] = /^Udp: (.*)\nUdp: (.*)$/m.exec(readFileSync('/proc/net/snmp', 'utf8')).slice(1);
    const v4 = Number(values.split(' ')[names.split(' ').indexOf('InCsumErrors')]);
    const v6 = Number(/^Udp6InCsumErrors\s+(\d+)/m.exec(readFileSync('/proc/net/snmp6', 'utf8'))?.[1] ?? 0);
    return v4 + v6;
  } catch {
    return Number.NaN;
  }
}

module.exports = { receiveDatagrams };
