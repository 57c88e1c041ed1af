/** The events of a container, in the kubelet's words. */
import type { PodContext } from './context.ts';
import type { Waiting } from './image-check.ts';
import { fullName } from './paths.ts';
import type { CreatedContainer } from './start-container.ts';

interface Reason {
  readonly reason: string;
  readonly message: string;
}

export class ContainerEvents {
  readonly #context: PodContext;
  readonly #name: string;
  #pullsFailed = 0;

  constructor(context: PodContext, name: string) {
    this.#context = context;
    this.#name = name;
  }

  pulled(image: string): void {
    this.#say('Normal', 'Pulled', `Container image "${image}" already present on machine`);
  }

  started({ userUnavailable }: CreatedContainer): void {
    this.#say('Normal', 'Created', `Created container: ${this.#name}`);
    if (userUnavailable !== undefined) {
      const why = 'the lab runs in a user namespace that has no user but root';
      const what = `container ${this.#name} runs as root without any capability in place of user ${userUnavailable}`;
      this.#say('Warning', 'UserUnavailable', `${what}: ${why}`);
    }
    this.#say('Normal', 'Started', `Started container ${this.#name}`);
  }

  /** An image that is not there, or a manifest that cannot be carried out; says what the container's state becomes. */
  cannot(image: string, { reason, message }: Waiting): Reason {
    if (reason !== 'ErrImagePull') {
      const isImage = reason === 'ErrImageNeverPull';
      if (isImage) this.#say('Warning', reason, message);
      this.#say('Warning', 'Failed', `Error: ${isImage ? reason : message}`);
      return { reason, message };
    }
    this.#pullsFailed += 1;
    if (this.#pullsFailed % 5 === 1) {
      this.#say('Normal', 'Pulling', `Pulling image "${image}"`);
      this.#say('Warning', 'Failed', `Failed to pull image "${image}": ${message}`);
      this.#say('Warning', 'Failed', 'Error: ErrImagePull');
      return { reason, message };
    }
    this.#say('Normal', 'BackOff', `Back-off pulling image "${image}"`);
    this.#say('Warning', 'Failed', 'Error: ImagePullBackOff');
    return { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${message}` };
  }

  notStarted(message: string): void {
    this.#say('Normal', 'Created', `Created container: ${this.#name}`);
    this.#say('Warning', 'Failed', `Error: ${message}`);
  }

  backOff(milliseconds: number): Reason {
    const pod = fullName(this.#context.pod());
    this.#say('Warning', 'BackOff', `Back-off restarting failed container ${this.#name} in pod ${pod}`);
    const time = duration(milliseconds / 1000);
    return {
      reason: 'CrashLoopBackOff',
      message: `back-off ${time} restarting failed container=${this.#name} pod=${pod}`,
    };
  }

  #say(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.kubelet.event(this.#context.pod(), type, reason, message);
  }
}

/** As Go prints it: `10s`, `1m20s`. */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes > 0 ? `${minutes}m` : ''}${seconds - minutes * 60}s`;
}
