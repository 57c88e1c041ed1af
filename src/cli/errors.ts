/** Failures as sentences: what failed, why, what to do. A stack trace only with --verbose, or for a defect of kmcast. */
import { ClusterError } from '../cluster/cluster.ts';
import { printable } from '../report/printable.ts';
import { EXIT, UserError } from './exit.ts';

export function describeError(error: unknown, verbose: boolean): { readonly text: string; readonly status: number } {
  if (error instanceof UserError)
    return { text: sentence(error.message, error.hint, verbose ? error.stack : undefined), status: error.status };
  if (error instanceof ClusterError) {
    const status = error.kind === 'aborted' ? EXIT.interrupted : EXIT.noVerdict;
    return { text: sentence(error.message, error.hint, verbose ? error.stack : undefined), status };
  }
  if (error instanceof Error && error.name === 'AbortError')
    return { text: 'kmcast: interrupted', status: EXIT.interrupted };
  const stack = error instanceof Error ? error.stack : String(error);
  return {
    text: printable(`kmcast: this is a defect of kmcast, not of your cluster\n${stack}`),
    status: EXIT.noVerdict,
  };
}

function sentence(message: string, hint: string | undefined, stack: string | undefined): string {
  return printable(
    [
      `kmcast: ${message}`,
      ...(hint === undefined ? [] : [`        ${hint}`]),
      ...(stack === undefined ? [] : [stack]),
    ].join('\n'),
  );
}
