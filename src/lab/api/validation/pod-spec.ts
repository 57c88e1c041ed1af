/** A PodSpec, of pods and of templates (kubernetes/pkg/apis/core/validation): what a person mistypes, not everything. */
import { each, isPart, type Part } from '../../store/defaults/fill.ts';
import type { Cause } from '../../store/errors.ts';
import { duplicate, not, required, unsupported, wrong, wrongLabel } from './words.ts';

const RESTART = ['Always', 'OnFailure', 'Never'];
const DNS = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PULL = ['Always', 'IfNotPresent', 'Never'];

/** `at`: where the spec is, `spec` or `spec.template.spec`. */
export function validatePodSpec(spec: Part, at: string): Cause[] {
  if (!isPart(spec) || each(spec.containers).length === 0) return [required(`${at}.containers`)];
  const volumes = each(spec.volumes).map(({ name }) => name);
  const causes = [...names(each(spec.volumes), `${at}.volumes`)];
  const seen = new Set<unknown>();
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const [index, container] of each(spec[list]).entries()) {
      const here = `${at}.${list}[${index}]`;
      if (container.name && seen.has(container.name)) causes.push(duplicate(`${here}.name`, container.name));
      seen.add(container.name);
      causes.push(...validateContainer(container, here, volumes, spec.hostNetwork === true));
    }
  }
  if (!RESTART.includes(spec.restartPolicy)) {
    causes.push(unsupported(`${at}.restartPolicy`, spec.restartPolicy, RESTART));
  }
  if (!DNS.includes(spec.dnsPolicy)) causes.push(unsupported(`${at}.dnsPolicy`, spec.dnsPolicy, DNS));
  return causes;
}

/** Of a new pod. */
export function validateNewPod(spec: Part): Cause[] {
  const causes = validatePodSpec(spec, 'spec');
  const debugging = each(spec?.ephemeralContainers).length > 0;
  return debugging ? [...causes, not('spec.ephemeralContainers', 'cannot be set on create')] : causes;
}

function validateContainer(container: Part, at: string, volumes: readonly unknown[], hostNetwork: boolean): Cause[] {
  const causes: Cause[] = [];
  const { name, image, imagePullPolicy } = container;
  if (!name) causes.push(required(`${at}.name`));
  else {
    const why = wrongLabel(String(name));
    if (why !== undefined) causes.push(wrong(`${at}.name`, name, why));
  }
  if (!image) causes.push(required(`${at}.image`));
  if (!PULL.includes(imagePullPolicy)) causes.push(unsupported(`${at}.imagePullPolicy`, imagePullPolicy, PULL));
  for (const [index, port] of each(container.ports).entries()) {
    causes.push(...validatePort(port, `${at}.ports[${index}]`, hostNetwork));
  }
  for (const [index, variable] of each(container.env).entries()) {
    causes.push(...validateVariable(variable, `${at}.env[${index}]`));
  }
  for (const [index, mount] of each(container.volumeMounts).entries()) {
    const here = `${at}.volumeMounts[${index}]`;
    if (!mount.mountPath) causes.push(required(`${here}.mountPath`));
    if (volumes.includes(mount.name)) continue;
    const message = `Not found: ${JSON.stringify(mount.name)}`;
    causes.push({ reason: 'FieldValueNotFound', field: `${here}.name`, message });
  }
  return causes;
}

function validatePort({ containerPort, hostPort }: Part, at: string, hostNetwork: boolean): Cause[] {
  if (!containerPort) return [required(`${at}.containerPort`)];
  const isPort = Number.isInteger(containerPort) && containerPort > 0 && containerPort < 65536;
  if (!isPort) return [wrong(`${at}.containerPort`, containerPort, 'must be between 1 and 65535, inclusive')];
  if (!hostNetwork || hostPort === containerPort) return [];
  return [wrong(`${at}.hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true')];
}

function validateVariable({ name }: Part, at: string): Cause[] {
  if (!name) return [required(`${at}.name`)];
  if (/^[ -<>-~]+$/.test(String(name))) return [];
  const why = "a valid environment variable name must consist only of printable ASCII characters other than '='";
  return [wrong(`${at}.name`, name, why)];
}

function names(list: readonly Part[], at: string): Cause[] {
  return list.flatMap(({ name }, index) => {
    if (!name) return [required(`${at}[${index}].name`)];
    const first = list.findIndex((other) => other.name === name);
    return first < index ? [duplicate(`${at}[${index}].name`, name)] : [];
  });
}
