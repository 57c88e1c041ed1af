import { clean } from './clean.ts';
import { ClusterError } from './cluster.ts';

/** Where a request was going, for messages. `what` is what it asked for: `pods in namespace video`. */
export interface Destination {
  readonly server: string;
  readonly proxy: string | undefined;
  readonly context: string;
  readonly what: string;
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'name resolution does not answer',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the connection timed out',
};

const CERTIFICATE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "the server's certificate is signed by itself, not by the certificate authority of the kubeconfig",
  SELF_SIGNED_CERT_IN_CHAIN:
    "the server's certificate comes from a certificate authority that the kubeconfig does not name",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the server's certificate comes from a certificate authority that the kubeconfig does not name",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the server's certificate comes from a certificate authority that the kubeconfig does not name",
  UNABLE_TO_GET_ISSUER_CERT:
    "the server's certificate comes from a certificate authority that the kubeconfig does not name",
  CERT_SIGNATURE_FAILURE: "the server's certificate is not signed by the certificate authority of the kubeconfig",
};

const CLOCK = 'check the clock of this machine, then ask whoever runs the cluster to renew it';
const AUTHORITY =
  'is this the right cluster? A proxy that inspects TLS needs its authority in certificate-authority; NODE_EXTRA_CA_CERTS works too';

/** Why no answer came, for the operator: name resolution, connection, proxy, TLS. */
export function transportError(error: unknown, to: Destination): ClusterError {
  if (error instanceof ClusterError) return error;
  const { code = '', message } = describe(error);
  const at = `${clean(to.server, 200)}${to.proxy === undefined ? '' : ` through the proxy ${clean(to.proxy, 200)}`}`;
  const failed = `cannot reach the API server ${at}`;
  if (code in CERTIFICATE || /^(CERT_|UNABLE_TO_|CRL_)/.test(code)) {
    const detail = code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? ` (${clean(message)})` : '';
    const advice = /EXPIRED|NOT_YET/.test(code) ? CLOCK : AUTHORITY;
    return new ClusterError(
      'certificate',
      `the API server ${at} is not trusted: ${CERTIFICATE[code] ?? clean(message)}${detail}`,
      advice,
    );
  }
  const alert = /alert[ _]([a-z _]+)/i.exec(`${code} ${message}`)?.[1];
  if (alert !== undefined) {
    const said = alert.toLowerCase().replaceAll('_', ' ').trim();
    return new ClusterError(
      'certificate',
      `the API server ${at} refused the TLS handshake: ${said}`,
      `the client certificate of context ${clean(to.context, 80)} may be expired or from another cluster`,
    );
  }
  if (/wrong.version.number|packet.length.too.long|http.request/i.test(message)) {
    return new ClusterError(
      'unreachable',
      `${failed}: what answers there does not speak TLS`,
      'write http:// in the kubeconfig when that is meant (kubectl proxy)',
    );
  }
  if (/^(ERR_OSSL|ERR_SSL|EPROTO)/.test(code))
    return new ClusterError(
      'certificate',
      `${failed}: TLS failed (${clean(message)})`,
      'check the certificates and keys of the kubeconfig',
    );
  const refused = /^Bad response: (\d+)/.exec(message);
  if (refused !== null) {
    const advice =
      refused[1] === '407'
        ? 'put user and password into the proxy URL'
        : `add ${hostOf(to.server)} to NO_PROXY if the server is reached directly`;
    return new ClusterError('unreachable', `${failed}: the proxy answered ${refused[1]}`, advice);
  }
  return new ClusterError('unreachable', `${failed}: ${NETWORK[code] ?? clean(message)}`, advise(code, to));
}

/** The server did not answer in time. */
export function timeoutError(milliseconds: number, to: Destination): ClusterError {
  const way = to.proxy === undefined ? '' : ` through the proxy ${clean(to.proxy, 200)}`;
  return new ClusterError(
    'timeout',
    `the API server ${clean(to.server, 200)}${way} did not answer within ${milliseconds / 1000} s (${to.what})`,
    advise('', to),
  );
}

function advise(code: string, to: Destination): string {
  if (to.proxy !== undefined) return `check the proxy, or add ${hostOf(to.server)} to NO_PROXY`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'check the name in the kubeconfig, DNS, and whether a VPN must be up';
  return `check that the cluster is up and reachable from here (VPN, firewall), and that ${clean(to.context, 80)} is the context you mean`;
}

function describe(error: unknown): { code?: string; message: string } {
  // Several addresses, all tried in vain (happy eyeballs): the first one's reason stands for all.
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { ...(code === undefined ? {} : { code }), message: error.message };
}

function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).hostname : clean(server, 200);
}
