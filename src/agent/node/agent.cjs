// kmcast's agent for Node, for images that have neither python3, perl nor a shell: it reads and joins where it was started,
// and can neither enter namespaces, speak netlink nor capture. The loader (src/agent/bootstrap.ts) gives JOB (JSON).
// stdin is the lifeline: when it closes, the agent ends.
const fs = require('node:fs');
const dgram = require('node:dgram');
const os = require('node:os');
const { spawn } = require('node:child_process');
const { receiveDatagrams } = require('./receive.cjs');
const { sendDatagrams } = require('./send.cjs');
const { control, listen } = require('./control.cjs');

const FILE_LIMIT = 4 << 20;
const OUTPUT_LIMIT = 16 << 20;
const COMMAND_MILLISECONDS = 5000;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const running = new Set();

function say(message) {
  if (ended && message.type !== 'end') return;
  fs.writeSync(1, `${JSON.stringify(message)}\n`);
}

let ended = false;

/** Ends when the programs are reaped: the first process of many containers never does that. */
function end(reason) {
  if (ended) return;
  ended = true;
  for (const child of running) child.kill('SIGKILL');
  const leave = () => {
    if (running.size > 0) return setTimeout(leave, 5);
    try {
      say({ type: 'end', reason });
    } finally {
      process.exit(0);
    }
  };
  leave();
}

async function main(job) {
  say({ type: 'hello', runtime: 'node', version: process.versions.node, uid: process.getuid() });
  listen(job, say, end);
  setTimeout(() => end('deadline'), job.deadline * 1000);
  await Promise.all(job.places.map(observe));
  end(control.reason);
}

async function observe(place) {
  if (place.enter.kind !== 'here') {
    say({ type: 'refused', place: place.id, error: 'node cannot enter a network namespace; needs python3' });
    return;
  }
  const tell = (type, fields) => say({ type, place: place.id, ...fields });
  tell('entered', { pid: process.pid });
  if (place.reads) await read(place.reads, 'before', tell);
  if (place.look) tell('failed', { phase: 'before', what: 'look', error: 'node cannot capture; needs python3' });
  if (place.rereads) await read(place.rereads, 'after', tell);
  if (place.receive) await receiveDatagrams(place.receive, tell, control.halted);
  if (place.send) await sendDatagrams(place.send, tell, control);
  if (place.join) await join(place.join, tell);
  tell('done', {});
}

async function read(reads, phase, tell) {
  const { files = [], commands = [] } = reads.fallback ?? {};
  for (const pattern of [...reads.files, ...files]) readFiles(pattern, phase, tell);
  for (const dump of reads.netlink) {
    tell('failed', { phase, what: dump.name, error: 'node cannot speak netlink; needs python3 or perl' });
  }
  if (reads.owners) tell('owners', { sockets: owners() });
  await Promise.all([...reads.commands, ...commands].map((command) => run(command, phase, tell)));
}

function readFiles(pattern, phase, tell) {
  const paths = /[*?]/.test(pattern) ? expand(pattern) : [pattern];
  if (paths.length === 0) tell('failed', { phase, what: pattern, error: 'No such file or directory' });
  for (const path of paths) {
    try {
      const text = fs.readFileSync(path);
      if (text.length > FILE_LIMIT) throw new Error(`longer than ${FILE_LIMIT} bytes`);
      tell('file', { phase, path, text: text.toString() });
    } catch (error) {
      tell('failed', { phase, what: path, error: words(error) });
    }
  }
}

function expand(pattern) {
  let found = [''];
  for (const part of pattern.split('/').filter(Boolean)) {
    const wild = /[*?]/.test(part);
    const escaped = part
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    const expression = new RegExp(`^${escaped}$`, 's');
    found = found.flatMap((folder) => {
      if (!wild) return fs.existsSync(`${folder}/${part}`) ? [`${folder}/${part}`] : [];
      const names = list(`${folder}/`).filter((name) => !name.startsWith('.') && expression.test(name));
      return names.sort().map((name) => `${folder}/${name}`);
    });
  }
  return found;
}

function list(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** The system's words: `ENOENT: no such file or directory, open '/x'` becomes `No such file or directory`. */
function words(error) {
  const match = /^[A-Z0-9]+: ([^,]+)/.exec(error.message);
  if (error.code === 'ENOENT') return 'No such file or directory';
  return match ? match[1][0].toUpperCase() + match[1].slice(1) : error.message;
}

function owners() {
  const space = (pid) => fs.statSync(`/proc/${pid}/ns/net`).ino;
  const mine = space('self');
  const sockets = [];
  for (const pid of list('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (space(pid) !== mine) continue;
      const command = fs.readFileSync(`/proc/${pid}/comm`).toString().replace(/\n$/, '');
      const inodes = new Set(list(`/proc/${pid}/fd`).map((fd) => inode(`/proc/${pid}/fd/${fd}`)));
      inodes.delete(undefined);
      for (const number of inodes) sockets.push({ inode: number, pid: Number(pid), command });
    } catch {
      // Gone, or another user's.
    }
  }
  return sockets;
}

function inode(path) {
  try {
    const match = /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(path));
    return match ? Number(match[1]) : undefined;
  } catch {
    return undefined;
  }
}

function run(command, phase, tell) {
  const fail = (error) => tell('failed', { phase, what: command.name, error });
  if (command.root === 'node') return fail('node cannot change its root; needs python3 or perl');
  return new Promise((resolve) => {
    const [file, ...args] = command.argv;
    const child = spawn(file, args, { env: { PATH, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let problem;
    let size = 0;
    const stop = (why) => {
      problem ??= why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(stop, COMMAND_MILLISECONDS, `did not end within ${COMMAND_MILLISECONDS / 1000} s`);
    const collect = (stream) => {
      const chunks = [];
      stream.on('data', (chunk) => {
        size += chunk.length;
        if (size > OUTPUT_LIMIT) stop(`printed more than ${OUTPUT_LIMIT} bytes`);
        else chunks.push(chunk);
      });
      return () => Buffer.concat(chunks).toString();
    };
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    child.on('error', (error) => {
      problem ??= error.code === 'ENOENT' ? 'No such file or directory' : error.message;
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      running.delete(child);
      if (problem) fail(problem);
      else {
        const number = status ?? -(os.constants.signals[signal] ?? 1);
        tell('command', {
          phase,
          name: command.name,
          status: number,
          stdout: stdout(),
          stderr: stderr(),
          root: 'here',
        });
      }
      resolve();
    });
  });
}

/** Joins and holds; what then arrives is for others to see. */
async function join(wanted, tell) {
  const found = Object.entries(os.networkInterfaces()).filter(
    ([name]) => !wanted.interfaces || wanted.interfaces.includes(name),
  );
  const sockets = [];
  for (const { group, source } of wanted.joins) {
    const family = group.includes(':') ? 6 : 4;
    for (const [name, addresses] of found) {
      const own = addresses.find((address) => (address.family === 'IPv6' ? 6 : 4) === family);
      if (!own || own.internal) continue;
      const told = { group, interface: name, ...(source ? { source } : {}) };
      try {
        sockets.push(await joinOne(group, source, family, family === 6 ? `::%${name}` : own.address));
        tell('joined', told);
      } catch (error) {
        tell('joined', { ...told, error: words(error) });
      }
    }
  }
  tell('failed', { phase: 'after', what: 'join', error: 'joined, but node cannot capture; needs python3' });
  await new Promise((resolve) => setTimeout(resolve, wanted.duration));
  for (const socket of sockets) socket.close();
}

function joinOne(group, source, family, address) {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket({ type: `udp${family}` });
    socket.on('error', reject);
    // Bound to a port of the kernel's choice: nothing that is sent to the group waits in this socket.
    socket.bind(0, () => {
      try {
        if (source) socket.addSourceSpecificMembership(source, group, address);
        else socket.addMembership(group, address);
        resolve(socket);
      } catch (error) {
        socket.close();
        reject(error);
      }
    });
  });
}

main(JSON.parse(JOB));
