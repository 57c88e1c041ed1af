/** How to create another pod than the target anew. Only its name is known, so the commands look whether it has an owner. */

import { STATUS_ANNOTATION } from '../model/nad.ts';
import { kubectl } from '../plan/shell.ts';
import type { Fix } from './fix.ts';

export function recreateOther(namespace: string, pod: string): Fix {
  return {
    kind: 'cluster',
    title: `Create pod ${namespace}/${pod} anew, so that it gets the changed network too`,
    run: [
      `if ${kubectl(namespace, 'get', 'pod', pod, '-o', 'jsonpath={.metadata.ownerReferences[0].kind}')} | grep -q .; then`,
      `  ${kubectl(namespace, 'delete', 'pod', pod)}`,
      'else',
      '  f=$(mktemp)',
      `  ${kubectl(namespace, 'get', 'pod', pod, '-o', 'yaml')} > "$f"`,
      `  kubectl annotate --local --overwrite -f "$f" ${STATUS_ANNOTATION}- -o yaml | kubectl replace --force -f -`,
      '  rm "$f"',
      'fi',
    ].join('\n'),
  };
}
