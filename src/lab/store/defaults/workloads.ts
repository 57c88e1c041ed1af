/** Defaults of what makes pods (kubernetes/pkg/apis/apps/v1 and batch/v1 defaults.go, and the strategies of their registries). */
import type { KubeObject } from '../../object.ts';
import { fill, isPart, type Part } from './fill.ts';
import { setPodSpecDefaults } from './pod-spec.ts';

export function setDeploymentDefaults({ spec }: KubeObject): void {
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} });
  fill(spec?.strategy, { type: 'RollingUpdate' });
  if (spec?.strategy?.type === 'RollingUpdate') {
    fill(spec.strategy, { rollingUpdate: {} });
    fill(spec.strategy.rollingUpdate, { maxSurge: '25%', maxUnavailable: '25%' });
  }
  setTemplateDefaults(spec);
}

export function setReplicaSetDefaults({ spec }: KubeObject): void {
  fill(spec, { replicas: 1 });
  setTemplateDefaults(spec);
}

export function setStatefulSetDefaults({ spec }: KubeObject): void {
  fill(spec, {
    replicas: 1,
    revisionHistoryLimit: 10,
    podManagementPolicy: 'OrderedReady',
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    updateStrategy: {},
  });
  fill(spec?.updateStrategy, { type: 'RollingUpdate' });
  if (spec?.updateStrategy?.type === 'RollingUpdate') {
    fill(spec.updateStrategy, { rollingUpdate: {} });
    fill(spec.updateStrategy.rollingUpdate, { partition: 0 });
  }
  setTemplateDefaults(spec);
}

export function setDaemonSetDefaults({ spec }: KubeObject): void {
  fill(spec, { revisionHistoryLimit: 10, updateStrategy: {} });
  fill(spec?.updateStrategy, { type: 'RollingUpdate' });
  if (spec?.updateStrategy?.type === 'RollingUpdate') {
    fill(spec.updateStrategy, { rollingUpdate: {} });
    fill(spec.updateStrategy.rollingUpdate, { maxUnavailable: 1, maxSurge: 0 });
  }
  setTemplateDefaults(spec);
}

export function setJobDefaults(job: KubeObject, before: KubeObject | undefined): void {
  const { spec } = job;
  fill(spec, {
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    manualSelector: false,
    suspend: false,
    podReplacementPolicy: spec?.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
  });
  if (spec?.completions === undefined && spec?.parallelism === undefined) fill(spec, { completions: 1 });
  fill(spec, { parallelism: 1 });
  setTemplateDefaults(spec);
  if (before === undefined && spec?.manualSelector === false) selectOwnPods(job);
  fill(job.metadata, { labels: { ...spec?.template?.metadata?.labels } });
}

/** A job's pods are told by its UID; no other selector is possible. */
function selectOwnPods({ metadata, spec }: KubeObject): void {
  if (!isPart(spec?.template)) return;
  fill(spec.template, { metadata: {} });
  const own = {
    'batch.kubernetes.io/controller-uid': metadata.uid,
    'batch.kubernetes.io/job-name': metadata.name,
    'controller-uid': metadata.uid,
    'job-name': metadata.name,
  };
  const template: Part = spec.template.metadata;
  template.labels = { ...template.labels, ...own };
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': metadata.uid } };
}

export function setCronJobDefaults({ spec }: KubeObject): void {
  fill(spec, { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
  setTemplateDefaults(spec?.jobTemplate?.spec);
}

function setTemplateDefaults(spec: Part): void {
  if (isPart(spec?.template)) setPodSpecDefaults(spec.template.spec);
}
