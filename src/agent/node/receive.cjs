// Receiving: sockets that join first, say so, and then count who sends what until they are halted.
const { createSocket } = require('node:dgram');
const { readFileSync, readlinkSync } = require('node:fs');
const { Account } = require('./account.cjs');
const {
  TEST_HEADER,
  MAGIC,
  microseconds,
  interfaceAddress,
  interfaceOf,
  openTowards,
  bootId,
  systemWords,
} = require('./traffic.cjs');

const MOST_SENDERS = 500;
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
        try {
          if (one.group) joinGroup(socket, one, v6);
        } catch (error) {
          return refuse(error);
        }
        const name = one.interface ?? (one.group && (await chosenInterface(one.group, one.port)));
        // The kernel says twice the size: its own bookkeeping is in it (socket(7)).
        const buffer = Math.floor(socket.getRecvBufferSize() / 2);
        tell('receiving', { socket: one.id, buffer, ...(name ? { interface: name } : {}) });
        socket.off('error', refuse);
        socket.on('error', () => {});
        resolve(countOn(socket, one, wanted));
      },
    );
  });
}

function joinGroup(socket, { group, source, interface: name }, v6) {
  const address = name && interfaceAddress(name, v6);
  if (source) socket.addSourceSpecificMembership(source, group, address);
  else socket.addMembership(group, address);
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

function countOn(socket, one, wanted) {
  const senders = new Map();
  const receiver = { id: one.id, socket, senders, received: 0, truncated: false, inode: inodeOf(socket) };
  // Datagrams come in rows of one sender: only the first of a row is looked up.
  let last;
  const take = (sender, data, at) => {
    countDatagram(sender, data, at);
    if (++receiver.received === wanted.enough) done();
  };
  let done;
  receiver.enough = new Promise((resolve) => {
    done = resolve;
  });
  socket.on('message', (data, { address, port }) => {
    const at = microseconds();
    if (last !== undefined && last.port === port && last.from === address && last.isNext(data))
      return take(last, data, at);
    const own = data.length >= TEST_HEADER && data.compare(MAGIC, 0, 8, 20, 28) === 0;
    const key = own ? `${address} ${port} ${data.toString('latin1', 28, TEST_HEADER)}` : `${address} ${port}`;
    let sender = senders.get(key);
    if (sender === undefined) {
      if (senders.size >= MOST_SENDERS) {
        receiver.truncated = true;
        return;
      }
      sender = newSender(address, port, own ? data.subarray(20, TEST_HEADER) : undefined);
      senders.set(key, sender);
    }
    last = sender;
    take(sender, data, at);
  });
  return receiver;
}

/** `mark`: magic, run and sender id of its datagrams, where these are kmcast's. */
function newSender(from, port, mark) {
  const own = mark && Buffer.from(mark);
  const told = own ? { run: own.toString('hex', 8, 16), sender: own.readUInt32BE(16) } : {};
  const isNext = (data) => own !== undefined && data.length >= TEST_HEADER && own.compare(data, 20, TEST_HEADER) === 0;
  return { account: new Account(), from, port, own, isNext, told: { source: from.split('%')[0], port, ...told } };
}

function countDatagram({ account, own }, data, at) {
  account.time(at, data.length);
  if (own) {
    account.number(data.readUInt32BE(0));
    account.delay(at - data.readUInt32BE(4) * 1e6 - data.readUInt32BE(8));
  } else account.received++;
}

function describeReceiver({ id, truncated, inode, senders }) {
  return {
    id,
    dropped: socketDrops().get(inode) ?? null,
    truncated,
    senders: [...senders.values()].map(({ account, told }) => ({ ...told, ways: [], ...account.told() })),
  };
}

function inodeOf(socket) {
  try {
    // dgram shows its file descriptor nowhere else.
    const state = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
    return /\[(\d+)\]/.exec(readlinkSync(`/proc/self/fd/${socket[state].handle.fd}`))?.[1];
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
