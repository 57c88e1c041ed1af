/** What makes pods (kubernetes/pkg/apis/apps and batch validation). */
import { each, isPart, type Part } from '../../store/defaults/fill.ts';
import type { Cause } from '../../store/errors.ts';
import { labelSelectorTest } from '../selector/label-selector.ts';
import { validatePodSpec } from './pod-spec.ts';
import { required, unsupported, wrong } from './words.ts';

/** Deployments, replica sets, daemon sets and stateful sets. */
export function validateWorkload(spec: Part): Cause[] {
  const causes: Cause[] = [];
  if (typeof spec?.replicas === 'number' && spec.replicas < 0) {
    causes.push(wrong('spec.replicas', spec.replicas, 'must be greater than or equal to 0'));
  }
  if (!isPart(spec?.selector)) causes.push(required('spec.selector'));
  const labels = spec?.template?.metadata?.labels ?? null;
  const selected = labels !== null && labelSelectorTest(spec?.selector)(labels);
  if (!selected)
    causes.push(wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  const podSpec = spec?.template?.spec;
  causes.push(...validatePodSpec(podSpec, 'spec.template.spec'));
  if (each(podSpec?.containers).length > 0 && podSpec.restartPolicy !== 'Always') {
    causes.push(unsupported('spec.template.spec.restartPolicy', podSpec.restartPolicy, ['Always']));
  }
  return causes;
}

/** `at`: `spec`, or `spec.jobTemplate.spec`. */
export function validateJob(spec: Part, at = 'spec'): Cause[] {
  const podSpec = spec?.template?.spec;
  const causes = validatePodSpec(podSpec, `${at}.template.spec`);
  if (podSpec?.restartPolicy === 'Always') {
    causes.push(required(`${at}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  }
  return causes;
}

export function validateCronJob(spec: Part): Cause[] {
  const causes = validateJob(spec?.jobTemplate?.spec, 'spec.jobTemplate.spec');
  const fields = String(spec?.schedule ?? '')
    .split(/\s+/)
    .filter((field) => field !== '');
  if (fields.length === 0) return [required('spec.schedule'), ...causes];
  if (fields.length === 5 || fields[0]?.startsWith('@')) return causes;
  const why = `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  return [wrong('spec.schedule', spec.schedule, why), ...causes];
}
