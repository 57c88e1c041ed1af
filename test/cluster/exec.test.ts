import { afterEach, describe, expect, it } from 'vitest';
import { status } from './fake-api.ts';
import { closeKubelet, execOn, exitCode, internal, run, SUCCESS, say, serve } from './fake-kubelet.ts';

afterEach(closeKubelet);

describe('a command that ends', () => {
  it('with 0', async () => {
    const heard = await run((socket) => {
      say(socket, 1, '');
      say(socket, 1, 'out');
      say(socket, 2, 'err');
      say(socket, 3, SUCCESS);
    });
    expect(heard).toMatchObject({ end: { kind: 'exited', code: 0 }, out: 'out', err: 'err' });
  });

  it('with another status, also over protocol v4', async () => {
    const heard = await run((socket) => say(socket, 3, exitCode(3)), {}, ['v4.channel.k8s.io']);
    expect(heard.end).toEqual({ kind: 'exited', code: 3, message: 'exit code 3' });
  });

  it('while unknown channels and odd messages come', async () => {
    const heard = await run((socket) => {
      socket.send(Buffer.of());
      say(socket, 9, 'later protocol');
      socket.send(Buffer.of(255, 1));
      say(socket, 1, 'out');
      say(socket, 3, SUCCESS);
    });
    expect(heard).toMatchObject({ end: { kind: 'exited', code: 0 }, out: 'out' });
  });

  it('in a form that says nothing', async () => {
    expect((await run((socket) => say(socket, 3, 'no JSON'))).end.kind).toBe('interrupted');
  });

  it('asks for what it needs', async () => {
    let asked = '';
    await run(
      (socket, url) => {
        asked = url.pathname + url.search;
        say(socket, 3, SUCCESS);
      },
      { command: ['sh', '-c', 'a b&c'], container: 'app', stdin: new Uint8Array() },
    );
    expect(asked).toBe(
      '/api/v1/namespaces/video/pods/rx/exec?stdout=true&stderr=true&stdin=true&container=app&command=sh&command=-c&command=a+b%26c',
    );
    await closeKubelet();
    await run(
      (socket, url) => {
        asked = url.pathname + url.search;
        say(socket, 3, SUCCESS);
      },
      { attach: true },
    );
    expect(asked).toBe('/api/v1/namespaces/video/pods/rx/attach?stdout=true&stderr=true');
  });

  it('gets its stdin whole and in order, which then stays open', async () => {
    const stdin = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
    const got: Buffer[] = [];
    let closed = false;
    const heard = await run(
      (socket) => {
        socket.on('close', () => (closed = true));
        socket.on('message', (data: Buffer) => {
          expect(data[0]).toBe(0);
          got.push(data.subarray(1));
          if (Buffer.concat(got).length === stdin.length)
            setTimeout(() => say(socket, 3, closed ? exitCode(9) : SUCCESS), 100);
        });
      },
      { stdin },
    );
    expect(heard.end).toEqual({ kind: 'exited', code: 0 });
    expect(Buffer.concat(got).equals(stdin)).toBe(true);
  });
});

describe('a command that does not start', () => {
  const OCI =
    'failed to start exec "4aaf": OCI runtime exec failed: exec failed: unable to start container process: exec: "sh": executable file not found in $PATH: unknown';

  it('by its status', async () => {
    const heard = await run((socket) =>
      say(socket, 3, internal(`Internal error occurred: error executing command in container: ${OCI}`)),
    );
    expect(heard.end).toEqual({ kind: 'not-started', message: 'exec: "sh": executable file not found in $PATH' });
  });

  it('as runtimes say it that give it an exit code', async () => {
    const heard = await run((socket) => {
      say(socket, 1, `${OCI}\r\n`);
      say(socket, 3, exitCode(126));
    });
    expect(heard.end).toEqual({ kind: 'not-started', message: 'exec: "sh": executable file not found in $PATH' });
  });

  it('but a program that ended with 126 itself did start', async () => {
    expect((await run((socket) => say(socket, 3, exitCode(126)))).end).toMatchObject({ kind: 'exited', code: 126 });
  });

  it.each([
    [
      status(
        500,
        'InternalError',
        'Internal error occurred: unable to upgrade connection: container not found ("app")',
      ),
      'container app is not running',
    ],
    [status(400, 'BadRequest', 'container nocont is not valid for pod rx'), 'container nocont is not valid for pod rx'],
    [status(404, 'NotFound', 'pods "rx" not found', { name: 'rx' }), /^pod rx in namespace video not found/],
    [{ status: 502, body: 'dial tcp 10.0.0.1:10250: connect: connection refused' }, /connection refused/],
    [
      status(
        403,
        'Forbidden',
        'pods "rx" is forbidden: User "bob" cannot get resource "pods/exec" in API group "" in the namespace "video"',
      ),
      /^get pods\/exec of rx in namespace video is forbidden for user "bob"; .*verbs: \["get", "create"\]/,
    ],
  ])('because the server refuses the upgrade: %#', async (answer, message) => {
    const api = await serve(() => answer);
    const { end } = await execOn(api);
    expect(end).toEqual({
      kind: 'not-started',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('because nobody is there', async () => {
    const api = await serve(() => ({}));
    const cluster = await api.cluster({ server: { server: 'https://127.0.0.1:1' } });
    const end = await cluster.exec({
      namespace: 'video',
      pod: 'rx',
      command: ['true'],
      onStdout: () => undefined,
      deadline: 1000,
    });
    expect(end).toEqual({ kind: 'not-started', message: expect.stringContaining('the connection was refused') });
  });
});
