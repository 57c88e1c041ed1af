import { X509Certificate } from 'node:crypto';
import type { Agent } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { clean } from './clean.ts';
import { ClusterError } from './cluster.ts';
import { type Credential, runPlugin } from './exec-plugin.ts';
import type { Config } from './kubeconfig.ts';
import { type Environment, proxyFor } from './proxy.ts';

/** What a request needs to reach the server and to be let in. TLS and proxy are the agent's. */
export interface Authentication {
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

/** As often as client-go reads token files again. */
const REMEMBERED = 60_000;

/** Authentication for one context: client certificates, tokens, passwords, credential plugins, through client-node's KubeConfig. */
export class Credentials {
  /** Proxy in use, without its password; for messages. */
  readonly proxy: string | undefined;
  readonly #config: Config;
  readonly #environment: Environment;
  #kube: KubeConfig | undefined;
  #credential: Credential | undefined;
  #current: { readonly value: Promise<Authentication>; readonly until: number } | undefined;
  #agent: { readonly agent: Agent; readonly identity: string } | undefined;
  #certificate: string | Buffer | undefined;

  constructor(config: Config, environment: Environment) {
    const proxy = config.cluster.proxyUrl ?? proxyFor(new URL(config.cluster.server), environment);
    this.#config = { ...config, cluster: { ...config.cluster, ...(proxy === undefined ? {} : { proxyUrl: proxy }) } };
    this.#environment = environment;
    this.proxy = proxy?.replace(/\/\/[^@/]*@/, '//');
  }

  /** Remembered for a minute. Throws ClusterError. */
  get(): Promise<Authentication> {
    if (this.#current === undefined || this.#current.until <= Date.now()) {
      const value = this.#authenticate();
      this.#current = { value, until: Date.now() + REMEMBERED };
      value.catch(() => this.forget());
    }
    return this.#current.value;
  }

  /** The server said 401: ask the plugin again, read the token's file again. */
  forget(): void {
    this.#current = undefined;
    this.#credential = undefined;
    this.#kube = undefined;
  }

  /** A sentence part on a client certificate outside its time, the usual cause of a sudden 401. */
  expiry(now = Date.now()): string | undefined {
    if (this.#certificate === undefined) return undefined;
    try {
      const { validTo } = new X509Certificate(this.#certificate);
      return Date.parse(validTo) < now ? `the client certificate expired on ${validTo}` : undefined;
    } catch {
      return 'the client certificate cannot be read';
    }
  }

  async #authenticate(): Promise<Authentication> {
    const options: RequestOptions = {};
    try {
      await (await this.#kubeConfig()).applyToHTTPSOptions(options);
    } catch (error) {
      if (error instanceof ClusterError) throw error;
      const problem = clean(error instanceof Error ? error.message : String(error));
      throw new ClusterError(
        'no-config',
        `the credentials of context ${clean(this.#config.context, 80)} cannot be used: ${problem}`,
        'correct the user or cluster entry of the kubeconfig',
      );
    }
    this.#certificate = typeof options.cert === 'string' || Buffer.isBuffer(options.cert) ? options.cert : undefined;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(options.headers ?? {}))
      if (value !== undefined) headers[name] = String(value).trim();
    if (options.auth) headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    return { agent: this.#keepAlive(options), headers };
  }

  async #kubeConfig(): Promise<KubeConfig> {
    const { cluster, user, context, directory } = this.#config;
    if (user.exec && (this.#credential === undefined || this.#credential.expires <= Date.now() + REMEMBERED / 2)) {
      this.#credential = await runPlugin(user, cluster, directory, this.#environment);
    }
    if (this.#kube === undefined) {
      const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
      this.#kube = new KubeConfig();
    }
    const kube = this.#kube;
    kube.loadFromOptions({
      // KubeConfig refuses plain http unless there is no certificate to check, which is so; kubectl allows it (kubectl proxy).
      clusters: [cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster],
      users: [this.#credential?.user ?? user],
      contexts: [{ name: context, cluster: cluster.name, user: user.name }],
      currentContext: context,
    });
    return kube;
  }

  /** KubeConfig makes a new agent each time, which closes after each request; one is kept for as long as it is the same person. */
  #keepAlive(options: RequestOptions): Agent {
    const made = options.agent as Agent & { keepAlive?: boolean };
    const { ca, cert, key } = options as AgentOptions;
    const identity = [ca, cert, key].map(String).join('\n');
    if (this.#agent?.identity !== identity) {
      made.keepAlive = true;
      // Certificates and keys are read once, and not for each connection.
      if (made instanceof HttpsAgent) made.options.secureContext = createSecureContext(made.options);
      this.#agent = { agent: made, identity };
    }
    return this.#agent.agent;
  }
}
