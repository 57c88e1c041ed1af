import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { badRequest } from '../../store/errors.ts';
import { StatusError } from '../../store.ts';
import { decodeProtobuf } from '../protobuf/decode.ts';

/** As etcd's and the API server's own limit. */
const LARGEST = 3 << 20;

/** The whole body. Throws StatusError 413 for one that is too large, of which the rest is then read by nobody. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST) chunks.push(chunk);
      else reject(new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${LARGEST}`));
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(badRequest('the request was broken off')));
  });
}

/** Content-Type without its parameters; JSON where there is none. */
export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase();
}

/** What a body of JSON or YAML says. `kind` is for the message. Throws StatusError 400, or 415 for another format. */
export function parseBody(body: Buffer, type: string, kind: string): unknown {
  if (type === PROTOBUF) return parseProtobuf(body, kind);
  if (!READABLE.has(type)) throw unknownFormat(['application/json', 'application/yaml', PROTOBUF]);
  const text = body.toString();
  try {
    return type === 'application/json' && text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text);
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n')[0] : error;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${said} (${text.slice(0, 100)})`,
    );
  }
}

function parseProtobuf(body: Buffer, kind: string): unknown {
  try {
    const object = decodeProtobuf(body);
    if (object !== undefined) return object;
  } catch (error) {
    const said = error instanceof Error ? error.message : error;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${said}`);
  }
  // What the API server says to protobuf of a custom object.
  throw unknownFormat(['application/json', 'application/yaml']);
}

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const READABLE = new Set(['application/json', 'application/yaml', '*/*', '']);

export function unknownFormat(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}
