/** Runs in a user namespace with one uid: starts pods, and prints what they saw as JSON. */
import { startBench } from './kit.ts';

const bench = await startBench(false);
const seen: Record<string, unknown> = {};
try {
  const sh = (script: string, more: object = {}) => ({ command: ['sh', '-c', script], ...more });
  const once = async (name: string, script: string, more: object = {}, spec: object = {}) => {
    bench.pod(name, { restartPolicy: 'Never', c: sh(script, more), ...spec });
    const pod = await bench.until(name, ({ status }) => /Succeeded|Failed/.test(status.phase));
    seen[name] = { log: await bench.log(name), message: pod.status.containerStatuses[0].state.terminated.message };
  };
  await once(
    'plain',
    'id -u; grep CapEff /proc/self/status; ls /sys/class/net; echo 1 >/proc/sys/net/ipv4/ip_forward; echo m >/dev/termination-log',
  );
  await once('user', 'id -u; grep CapEff /proc/self/status', { securityContext: { runAsUser: 1000 } });
  seen.userEvents = bench.events('user');
  await once('locked', 'touch /x; grep -E "CapEff|NoNewPrivs" /proc/self/status', {
    securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  });
  await once(
    'privileged',
    'echo 1 >/proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward; cat /host/etc/hostname; readlink /proc/1/ns/net >/dev/null && echo sees',
    {
      image: 'lab/netdebug:1',
      securityContext: { privileged: true },
      volumeMounts: [{ name: 'h', mountPath: '/host' }],
    },
    { hostPID: true, hostNetwork: true, volumes: [{ name: 'h', hostPath: { path: '/' } }] },
  );
  bench.pod('stays', { c: { command: ['sleep', '1000'] } });
  await bench.until('stays', ({ status }) => status.phase === 'Running');
  seen.exec = await bench.exec('stays', ['cat'], 'through');
  seen.terminal = await bench.exec('stays', ['tty'], undefined, { tty: true });
  seen.app = await (async () => {
    await once('app', 'python3 -c "print(6 * 7)"', { image: 'lab/app:1' });
    return seen.app;
  })();
} catch (error) {
  seen.error = String(error);
} finally {
  await bench.end();
}
console.log(JSON.stringify(seen));
process.exit(0);
