// Test datagrams (the layout is told in python/datagram.py) and the way that the kernel takes towards an address.
const { createSocket } = require('node:dgram');
const { networkInterfaces } = require('node:os');
const { getSystemErrorMap } = require('node:util');
const { readFileSync } = require('node:fs');

const TEST_HEADER = 40;
const MAGIC = Buffer.from('kmcast\0\x01');

const { timeOrigin } = performance;

/** Microseconds since 1970. */
function microseconds() {
  return Math.round((timeOrigin + performance.now()) * 1000);
}

function makeDatagram(run, sender, size) {
  const datagram = Buffer.alloc(Math.max(size, TEST_HEADER));
  MAGIC.copy(datagram, 20);
  Buffer.from(run, 'hex').copy(datagram, 28);
  datagram.writeUInt32BE(sender, 36);
  return datagram;
}

function stamp(datagram, number, at) {
  datagram.writeUInt32BE(number >>> 0, 0);
  datagram.writeUInt32BE(Math.floor(at / 1e6) >>> 0, 4);
  datagram.writeUInt32BE(at % 1e6, 8);
}

/** The address of a named interface, as dgram wants it for memberships and sending. */
function interfaceAddress(name, v6) {
  if (v6) return `::%${name}`;
  const addresses = networkInterfaces()[name];
  if (!addresses) throw new Error(`no interface ${name}, or it has no address`);
  const own = addresses.find((address) => address.family === 'IPv4');
  if (!own) throw new Error(`interface ${name} has no IPv4 address, which node needs to name it; python3 does not`);
  return own.address;
}

/** The interface that has the address. */
function interfaceOf(address) {
  const bare = address.split('%')[0];
  const found = Object.entries(networkInterfaces()).find(([, own]) => own.some((one) => one.address === bare));
  return found?.[0];
}

/** A bound socket that leaves by the interface, towards `to`: its own address is what the kernel chose. */
function openTowards(to, port, { interface: name, source, ttl }) {
  const v6 = to.includes(':');
  return new Promise((resolve, reject) => {
    const socket = createSocket(v6 ? 'udp6' : 'udp4');
    const fail = (error) => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ port: 0, ...(source ? { address: source } : {}) }, () => {
      try {
        if (name) socket.setMulticastInterface(interfaceAddress(name, v6));
        if (ttl) socket.setMulticastTTL(ttl);
      } catch (error) {
        return fail(error);
      }
      socket.connect(port, v6 && name && !to.includes('%') ? `${to}%${name}` : to, (error) => {
        if (error) return fail(error);
        socket.off('error', fail);
        resolve(socket);
      });
    });
  });
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

/** The system's words: `ENETUNREACH: network is unreachable`. */
function systemWords(error) {
  const text = error.errno && getSystemErrorMap().get(error.errno)?.[1];
  return text ? text[0].toUpperCase() + text.slice(1) : error.message;
}

module.exports = {
  TEST_HEADER,
  MAGIC,
  microseconds,
  makeDatagram,
  stamp,
  interfaceAddress,
  interfaceOf,
  openTowards,
  bootId,
  systemWords,
};
