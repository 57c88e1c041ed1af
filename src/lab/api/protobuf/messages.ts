/**
 * The messages that kubectl sends, from the struct tags of k8s.io/api and k8s.io/apimachinery 0.34.2 (Apache-2.0): without status,
 * and without the volumes of single vendors. A line is a message, then its fields: number=JSON name:type and a mark.
 * No name: the message's fields are the outer's. Types: s text, i whole number, b boolean, d double, y bytes (base64 in JSON), T time,
 * Q quantity, I number or text, R any JSON, W a wrapped list of text, or a message. Marks: * list, % map by text, ? kept when zero.
 */
export const MESSAGES = `
core.Namespace 1=metadata:meta.ObjectMeta 2=spec:core.NamespaceSpec
meta.ObjectMeta 1=name:s 2=generateName:s 3=namespace:s 4=selfLink:s 5=uid:s 6=resourceVersion:s 7=generation:i 8=creationTimestamp:T 9=deletionTimestamp:T? 10=deletionGracePeriodSeconds:i? 11=labels:s% 12=annotations:s% 13=ownerReferences:meta.OwnerReference* 14=finalizers:s*
meta.OwnerReference 5=apiVersion:s 1=kind:s 3=name:s 4=uid:s 6=controller:b? 7=blockOwnerDeletion:b?
core.NamespaceSpec 1=finalizers:s*
core.ServiceAccount 1=metadata:meta.ObjectMeta 2=secrets:core.ObjectReference* 3=imagePullSecrets:core.LocalObjectReference* 4=automountServiceAccountToken:b?
core.ObjectReference 1=kind:s 2=namespace:s 3=name:s 4=uid:s 5=apiVersion:s 6=resourceVersion:s 7=fieldPath:s
core.LocalObjectReference 1=name:s
core.ConfigMap 1=metadata:meta.ObjectMeta 4=immutable:b? 2=data:s% 3=binaryData:y%
core.Secret 1=metadata:meta.ObjectMeta 5=immutable:b? 2=data:y% 4=stringData:s% 3=type:s
core.Service 1=metadata:meta.ObjectMeta 2=spec:core.ServiceSpec
core.ServiceSpec 1=ports:core.ServicePort* 2=selector:s% 3=clusterIP:s 18=clusterIPs:s* 4=type:s 5=externalIPs:s* 7=sessionAffinity:s 8=loadBalancerIP:s 9=loadBalancerSourceRanges:s* 10=externalName:s 11=externalTrafficPolicy:s 12=healthCheckNodePort:i 13=publishNotReadyAddresses:b 14=sessionAffinityConfig:core.SessionAffinityConfig? 19=ipFamilies:s* 17=ipFamilyPolicy:s? 20=allocateLoadBalancerNodePorts:b? 21=loadBalancerClass:s? 22=internalTrafficPolicy:s? 23=trafficDistribution:s?
core.ServicePort 1=name:s 2=protocol:s 6=appProtocol:s? 3=port:i 4=targetPort:I 5=nodePort:i
core.SessionAffinityConfig 1=clientIP:core.ClientIPConfig?
core.ClientIPConfig 1=timeoutSeconds:i?
core.Pod 1=metadata:meta.ObjectMeta 2=spec:core.PodSpec
core.PodSpec 1=volumes:core.Volume* 20=initContainers:core.Container* 2=containers:core.Container* 34=ephemeralContainers:core.EphemeralContainer* 3=restartPolicy:s 4=terminationGracePeriodSeconds:i? 5=activeDeadlineSeconds:i? 6=dnsPolicy:s 7=nodeSelector:s% 8=serviceAccountName:s 9=serviceAccount:s 21=automountServiceAccountToken:b? 10=nodeName:s 11=hostNetwork:b 12=hostPID:b 13=hostIPC:b 27=shareProcessNamespace:b? 14=securityContext:core.PodSecurityContext? 15=imagePullSecrets:core.LocalObjectReference* 16=hostname:s 17=subdomain:s 18=affinity:core.Affinity? 19=schedulerName:s 22=tolerations:core.Toleration* 23=hostAliases:core.HostAlias* 24=priorityClassName:s 25=priority:i? 28=readinessGates:core.PodReadinessGate* 29=runtimeClassName:s? 30=enableServiceLinks:b? 31=preemptionPolicy:s? 32=overhead:Q% 33=topologySpreadConstraints:core.TopologySpreadConstraint* 35=setHostnameAsFQDN:b? 36=os:core.PodOS? 37=hostUsers:b? 38=schedulingGates:core.PodSchedulingGate* 39=resourceClaims:core.PodResourceClaim* 40=resources:core.ResourceRequirements? 41=hostnameOverride:s?
core.Volume 1=name:s 2=:core.VolumeSource
core.VolumeSource 1=hostPath:core.HostPathVolumeSource? 2=emptyDir:core.EmptyDirVolumeSource? 6=secret:core.SecretVolumeSource? 7=nfs:core.NFSVolumeSource? 10=persistentVolumeClaim:core.PersistentVolumeClaimVolumeSource? 16=downwardAPI:core.DownwardAPIVolumeSource? 19=configMap:core.ConfigMapVolumeSource? 26=projected:core.ProjectedVolumeSource? 28=csi:core.CSIVolumeSource? 30=image:core.ImageVolumeSource?
core.HostPathVolumeSource 1=path:s 2=type:s?
core.EmptyDirVolumeSource 1=medium:s 2=sizeLimit:Q?
core.SecretVolumeSource 1=secretName:s 2=items:core.KeyToPath* 3=defaultMode:i? 4=optional:b?
core.KeyToPath 1=key:s 2=path:s 3=mode:i?
core.NFSVolumeSource 1=server:s 2=path:s 3=readOnly:b
core.PersistentVolumeClaimVolumeSource 1=claimName:s 2=readOnly:b
core.DownwardAPIVolumeSource 1=items:core.DownwardAPIVolumeFile* 2=defaultMode:i?
core.DownwardAPIVolumeFile 1=path:s 2=fieldRef:core.ObjectFieldSelector? 3=resourceFieldRef:core.ResourceFieldSelector? 4=mode:i?
core.ObjectFieldSelector 1=apiVersion:s 2=fieldPath:s
core.ResourceFieldSelector 1=containerName:s 2=resource:s 3=divisor:Q
core.ConfigMapVolumeSource 1=:core.LocalObjectReference 2=items:core.KeyToPath* 3=defaultMode:i? 4=optional:b?
core.ProjectedVolumeSource 1=sources:core.VolumeProjection* 2=defaultMode:i?
core.VolumeProjection 1=secret:core.SecretProjection? 2=downwardAPI:core.DownwardAPIProjection? 3=configMap:core.ConfigMapProjection? 4=serviceAccountToken:core.ServiceAccountTokenProjection?
core.SecretProjection 1=:core.LocalObjectReference 2=items:core.KeyToPath* 4=optional:b?
core.DownwardAPIProjection 1=items:core.DownwardAPIVolumeFile*
core.ConfigMapProjection 1=:core.LocalObjectReference 2=items:core.KeyToPath* 4=optional:b?
core.ServiceAccountTokenProjection 1=audience:s 2=expirationSeconds:i? 3=path:s
core.CSIVolumeSource 1=driver:s 2=readOnly:b? 3=fsType:s? 4=volumeAttributes:s% 5=nodePublishSecretRef:core.LocalObjectReference?
core.ImageVolumeSource 1=reference:s 2=pullPolicy:s
core.Container 1=name:s 2=image:s 3=command:s* 4=args:s* 5=workingDir:s 6=ports:core.ContainerPort* 19=envFrom:core.EnvFromSource* 7=env:core.EnvVar* 8=resources:core.ResourceRequirements 23=resizePolicy:core.ContainerResizePolicy* 24=restartPolicy:s? 9=volumeMounts:core.VolumeMount* 21=volumeDevices:core.VolumeDevice* 10=livenessProbe:core.Probe? 11=readinessProbe:core.Probe? 22=startupProbe:core.Probe? 12=lifecycle:core.Lifecycle? 13=terminationMessagePath:s 20=terminationMessagePolicy:s 14=imagePullPolicy:s 15=securityContext:core.SecurityContext? 16=stdin:b 17=stdinOnce:b 18=tty:b
core.ContainerPort 1=name:s 2=hostPort:i 3=containerPort:i 4=protocol:s 5=hostIP:s
core.EnvFromSource 1=prefix:s 2=configMapRef:core.ConfigMapEnvSource? 3=secretRef:core.SecretEnvSource?
core.ConfigMapEnvSource 1=:core.LocalObjectReference 2=optional:b?
core.SecretEnvSource 1=:core.LocalObjectReference 2=optional:b?
core.EnvVar 1=name:s 2=value:s 3=valueFrom:core.EnvVarSource?
core.EnvVarSource 1=fieldRef:core.ObjectFieldSelector? 2=resourceFieldRef:core.ResourceFieldSelector? 3=configMapKeyRef:core.ConfigMapKeySelector? 4=secretKeyRef:core.SecretKeySelector?
core.ConfigMapKeySelector 1=:core.LocalObjectReference 2=key:s 3=optional:b?
core.SecretKeySelector 1=:core.LocalObjectReference 2=key:s 3=optional:b?
core.ResourceRequirements 1=limits:Q% 2=requests:Q% 3=claims:core.ResourceClaim*
core.ResourceClaim 1=name:s 2=request:s
core.ContainerResizePolicy 1=resourceName:s 2=restartPolicy:s
core.VolumeMount 1=name:s 2=readOnly:b 7=recursiveReadOnly:s? 3=mountPath:s 4=subPath:s 5=mountPropagation:s? 6=subPathExpr:s
core.VolumeDevice 1=name:s 2=devicePath:s
core.Probe 1=:core.ProbeHandler 2=initialDelaySeconds:i 3=timeoutSeconds:i 4=periodSeconds:i 5=successThreshold:i 6=failureThreshold:i 7=terminationGracePeriodSeconds:i?
core.ProbeHandler 1=exec:core.ExecAction? 2=httpGet:core.HTTPGetAction? 3=tcpSocket:core.TCPSocketAction? 4=grpc:core.GRPCAction?
core.ExecAction 1=command:s*
core.HTTPGetAction 1=path:s 2=port:I 3=host:s 4=scheme:s 5=httpHeaders:core.HTTPHeader*
core.HTTPHeader 1=name:s 2=value:s
core.TCPSocketAction 1=port:I 2=host:s
core.GRPCAction 1=port:i 2=service:s?
core.Lifecycle 1=postStart:core.LifecycleHandler? 2=preStop:core.LifecycleHandler? 3=stopSignal:s?
core.LifecycleHandler 1=exec:core.ExecAction? 2=httpGet:core.HTTPGetAction? 3=tcpSocket:core.TCPSocketAction? 4=sleep:core.SleepAction?
core.SleepAction 1=seconds:i
core.SecurityContext 1=capabilities:core.Capabilities? 2=privileged:b? 3=seLinuxOptions:core.SELinuxOptions? 4=runAsUser:i? 8=runAsGroup:i? 5=runAsNonRoot:b? 6=readOnlyRootFilesystem:b? 7=allowPrivilegeEscalation:b? 9=procMount:s? 11=seccompProfile:core.SeccompProfile? 12=appArmorProfile:core.AppArmorProfile?
core.Capabilities 1=add:s* 2=drop:s*
core.SELinuxOptions 1=user:s 2=role:s 3=type:s 4=level:s
core.SeccompProfile 1=type:s 2=localhostProfile:s?
core.AppArmorProfile 1=type:s 2=localhostProfile:s?
core.EphemeralContainer 1=:core.EphemeralContainerCommon 2=targetContainerName:s
core.EphemeralContainerCommon 1=name:s 2=image:s 3=command:s* 4=args:s* 5=workingDir:s 6=ports:core.ContainerPort* 19=envFrom:core.EnvFromSource* 7=env:core.EnvVar* 8=resources:core.ResourceRequirements 23=resizePolicy:core.ContainerResizePolicy* 24=restartPolicy:s? 9=volumeMounts:core.VolumeMount* 21=volumeDevices:core.VolumeDevice* 10=livenessProbe:core.Probe? 11=readinessProbe:core.Probe? 22=startupProbe:core.Probe? 12=lifecycle:core.Lifecycle? 13=terminationMessagePath:s 20=terminationMessagePolicy:s 14=imagePullPolicy:s 15=securityContext:core.SecurityContext? 16=stdin:b 17=stdinOnce:b 18=tty:b
core.PodSecurityContext 1=seLinuxOptions:core.SELinuxOptions? 2=runAsUser:i? 6=runAsGroup:i? 3=runAsNonRoot:b? 4=supplementalGroups:i* 12=supplementalGroupsPolicy:s? 5=fsGroup:i? 7=sysctls:core.Sysctl* 9=fsGroupChangePolicy:s? 10=seccompProfile:core.SeccompProfile? 11=appArmorProfile:core.AppArmorProfile? 13=seLinuxChangePolicy:s?
core.Sysctl 1=name:s 2=value:s
core.Affinity 1=nodeAffinity:core.NodeAffinity? 2=podAffinity:core.PodAffinity? 3=podAntiAffinity:core.PodAntiAffinity?
core.NodeAffinity 1=requiredDuringSchedulingIgnoredDuringExecution:core.NodeSelector? 2=preferredDuringSchedulingIgnoredDuringExecution:core.PreferredSchedulingTerm*
core.NodeSelector 1=nodeSelectorTerms:core.NodeSelectorTerm*
core.NodeSelectorTerm 1=matchExpressions:core.NodeSelectorRequirement* 2=matchFields:core.NodeSelectorRequirement*
core.NodeSelectorRequirement 1=key:s 2=operator:s 3=values:s*
core.PreferredSchedulingTerm 1=weight:i 2=preference:core.NodeSelectorTerm
core.PodAffinity 1=requiredDuringSchedulingIgnoredDuringExecution:core.PodAffinityTerm* 2=preferredDuringSchedulingIgnoredDuringExecution:core.WeightedPodAffinityTerm*
core.PodAffinityTerm 1=labelSelector:meta.LabelSelector? 2=namespaces:s* 3=topologyKey:s 4=namespaceSelector:meta.LabelSelector? 5=matchLabelKeys:s* 6=mismatchLabelKeys:s*
meta.LabelSelector 1=matchLabels:s% 2=matchExpressions:meta.LabelSelectorRequirement*
meta.LabelSelectorRequirement 1=key:s 2=operator:s 3=values:s*
core.WeightedPodAffinityTerm 1=weight:i 2=podAffinityTerm:core.PodAffinityTerm
core.PodAntiAffinity 1=requiredDuringSchedulingIgnoredDuringExecution:core.PodAffinityTerm* 2=preferredDuringSchedulingIgnoredDuringExecution:core.WeightedPodAffinityTerm*
core.Toleration 1=key:s 2=operator:s 3=value:s 4=effect:s 5=tolerationSeconds:i?
core.HostAlias 1=ip:s 2=hostnames:s*
core.PodReadinessGate 1=conditionType:s
core.TopologySpreadConstraint 1=maxSkew:i 2=topologyKey:s 3=whenUnsatisfiable:s 4=labelSelector:meta.LabelSelector? 5=minDomains:i? 6=nodeAffinityPolicy:s? 7=nodeTaintsPolicy:s? 8=matchLabelKeys:s*
core.PodOS 1=name:s
core.PodSchedulingGate 1=name:s
core.PodResourceClaim 1=name:s 3=resourceClaimName:s? 4=resourceClaimTemplateName:s?
core.Event 1=metadata:meta.ObjectMeta 2=involvedObject:core.ObjectReference 3=reason:s 4=message:s 5=source:core.EventSource 6=firstTimestamp:T 7=lastTimestamp:T 8=count:i 9=type:s 10=eventTime:T 11=series:core.EventSeries? 12=action:s 13=related:core.ObjectReference? 14=reportingComponent:s 15=reportingInstance:s
core.EventSource 1=component:s 2=host:s
core.EventSeries 1=count:i 2=lastObservedTime:T
core.ResourceQuota 1=metadata:meta.ObjectMeta 2=spec:core.ResourceQuotaSpec
core.ResourceQuotaSpec 1=hard:Q% 2=scopes:s* 3=scopeSelector:core.ScopeSelector?
core.ScopeSelector 1=matchExpressions:core.ScopedResourceSelectorRequirement*
core.ScopedResourceSelectorRequirement 1=scopeName:s 2=operator:s 3=values:s*
core.Binding 1=metadata:meta.ObjectMeta 2=target:core.ObjectReference
apps.Deployment 1=metadata:meta.ObjectMeta 2=spec:apps.DeploymentSpec
apps.DeploymentSpec 1=replicas:i? 2=selector:meta.LabelSelector? 3=template:core.PodTemplateSpec 4=strategy:apps.DeploymentStrategy 5=minReadySeconds:i 6=revisionHistoryLimit:i? 7=paused:b 9=progressDeadlineSeconds:i?
core.PodTemplateSpec 1=metadata:meta.ObjectMeta 2=spec:core.PodSpec
apps.DeploymentStrategy 1=type:s 2=rollingUpdate:apps.RollingUpdateDeployment?
apps.RollingUpdateDeployment 1=maxUnavailable:I? 2=maxSurge:I?
apps.DaemonSet 1=metadata:meta.ObjectMeta 2=spec:apps.DaemonSetSpec
apps.DaemonSetSpec 1=selector:meta.LabelSelector? 2=template:core.PodTemplateSpec 3=updateStrategy:apps.DaemonSetUpdateStrategy 4=minReadySeconds:i 6=revisionHistoryLimit:i?
apps.DaemonSetUpdateStrategy 1=type:s 2=rollingUpdate:apps.RollingUpdateDaemonSet?
apps.RollingUpdateDaemonSet 1=maxUnavailable:I? 2=maxSurge:I?
apps.StatefulSet 1=metadata:meta.ObjectMeta 2=spec:apps.StatefulSetSpec
apps.StatefulSetSpec 1=replicas:i? 2=selector:meta.LabelSelector? 3=template:core.PodTemplateSpec 4=volumeClaimTemplates:core.PersistentVolumeClaim* 5=serviceName:s 6=podManagementPolicy:s 7=updateStrategy:apps.StatefulSetUpdateStrategy 8=revisionHistoryLimit:i? 9=minReadySeconds:i 10=persistentVolumeClaimRetentionPolicy:apps.StatefulSetPersistentVolumeClaimRetentionPolicy? 11=ordinals:apps.StatefulSetOrdinals?
core.PersistentVolumeClaim 1=metadata:meta.ObjectMeta 2=spec:core.PersistentVolumeClaimSpec
core.PersistentVolumeClaimSpec 1=accessModes:s* 4=selector:meta.LabelSelector? 2=resources:core.VolumeResourceRequirements 3=volumeName:s 5=storageClassName:s? 6=volumeMode:s? 7=dataSource:core.TypedLocalObjectReference? 8=dataSourceRef:core.TypedObjectReference? 9=volumeAttributesClassName:s?
core.VolumeResourceRequirements 1=limits:Q% 2=requests:Q%
core.TypedLocalObjectReference 1=apiGroup:s? 2=kind:s 3=name:s
core.TypedObjectReference 1=apiGroup:s? 2=kind:s 3=name:s 4=namespace:s?
apps.StatefulSetUpdateStrategy 1=type:s 2=rollingUpdate:apps.RollingUpdateStatefulSetStrategy?
apps.RollingUpdateStatefulSetStrategy 1=partition:i? 2=maxUnavailable:I?
apps.StatefulSetPersistentVolumeClaimRetentionPolicy 1=whenDeleted:s 2=whenScaled:s
apps.StatefulSetOrdinals 1=start:i
apps.ReplicaSet 1=metadata:meta.ObjectMeta 2=spec:apps.ReplicaSetSpec
apps.ReplicaSetSpec 1=replicas:i? 4=minReadySeconds:i 2=selector:meta.LabelSelector? 3=template:core.PodTemplateSpec
batch.Job 1=metadata:meta.ObjectMeta 2=spec:batch.JobSpec
batch.JobSpec 1=parallelism:i? 2=completions:i? 3=activeDeadlineSeconds:i? 7=backoffLimit:i? 12=backoffLimitPerIndex:i? 13=maxFailedIndexes:i? 4=selector:meta.LabelSelector? 5=manualSelector:b? 6=template:core.PodTemplateSpec 8=ttlSecondsAfterFinished:i? 9=completionMode:s? 10=suspend:b? 14=podReplacementPolicy:s? 15=managedBy:s?
batch.CronJob 1=metadata:meta.ObjectMeta 2=spec:batch.CronJobSpec
batch.CronJobSpec 1=schedule:s 8=timeZone:s? 2=startingDeadlineSeconds:i? 3=concurrencyPolicy:s 4=suspend:b? 5=jobTemplate:batch.JobTemplateSpec 6=successfulJobsHistoryLimit:i? 7=failedJobsHistoryLimit:i?
batch.JobTemplateSpec 1=metadata:meta.ObjectMeta 2=spec:batch.JobSpec
rbac.Role 1=metadata:meta.ObjectMeta 2=rules:rbac.PolicyRule*
rbac.PolicyRule 1=verbs:s* 2=apiGroups:s* 3=resources:s* 4=resourceNames:s* 5=nonResourceURLs:s*
rbac.ClusterRole 1=metadata:meta.ObjectMeta 2=rules:rbac.PolicyRule* 3=aggregationRule:rbac.AggregationRule?
rbac.AggregationRule 1=clusterRoleSelectors:meta.LabelSelector*
rbac.RoleBinding 1=metadata:meta.ObjectMeta 2=subjects:rbac.Subject* 3=roleRef:rbac.RoleRef
rbac.Subject 1=kind:s 2=apiGroup:s 3=name:s 4=namespace:s
rbac.RoleRef 1=apiGroup:s 2=kind:s 3=name:s
rbac.ClusterRoleBinding 1=metadata:meta.ObjectMeta 2=subjects:rbac.Subject* 3=roleRef:rbac.RoleRef
authn.TokenRequest 1=metadata:meta.ObjectMeta 2=spec:authn.TokenRequestSpec
authn.TokenRequestSpec 1=audiences:s* 4=expirationSeconds:i? 3=boundObjectRef:authn.BoundObjectReference?
authn.BoundObjectReference 1=kind:s 2=apiVersion:s 3=name:s 4=uid:s
authn.TokenReview 1=metadata:meta.ObjectMeta 2=spec:authn.TokenReviewSpec
authn.TokenReviewSpec 1=token:s 2=audiences:s*
authn.SelfSubjectReview 1=metadata:meta.ObjectMeta
authz.SelfSubjectAccessReview 1=metadata:meta.ObjectMeta 2=spec:authz.SelfSubjectAccessReviewSpec
authz.SelfSubjectAccessReviewSpec 1=resourceAttributes:authz.ResourceAttributes? 2=nonResourceAttributes:authz.NonResourceAttributes?
authz.ResourceAttributes 1=namespace:s 2=verb:s 3=group:s 4=version:s 5=resource:s 6=subresource:s 7=name:s 8=fieldSelector:authz.FieldSelectorAttributes? 9=labelSelector:authz.LabelSelectorAttributes?
authz.FieldSelectorAttributes 1=rawSelector:s 2=requirements:meta.FieldSelectorRequirement*
meta.FieldSelectorRequirement 1=key:s 2=operator:s 3=values:s*
authz.LabelSelectorAttributes 1=rawSelector:s 2=requirements:meta.LabelSelectorRequirement*
authz.NonResourceAttributes 1=path:s 2=verb:s
authz.SelfSubjectRulesReview 1=metadata:meta.ObjectMeta 2=spec:authz.SelfSubjectRulesReviewSpec
authz.SelfSubjectRulesReviewSpec 1=namespace:s
authz.SubjectAccessReview 1=metadata:meta.ObjectMeta 2=spec:authz.SubjectAccessReviewSpec
authz.SubjectAccessReviewSpec 1=resourceAttributes:authz.ResourceAttributes? 2=nonResourceAttributes:authz.NonResourceAttributes? 3=user:s 4=groups:s* 5=extra:W% 6=uid:s
authz.LocalSubjectAccessReview 1=metadata:meta.ObjectMeta 2=spec:authz.SubjectAccessReviewSpec
policy.Eviction 1=metadata:meta.ObjectMeta 2=deleteOptions:meta.DeleteOptions?
meta.DeleteOptions 1=gracePeriodSeconds:i? 2=preconditions:meta.Preconditions? 3=orphanDependents:b? 4=propagationPolicy:s? 5=dryRun:s* 6=ignoreStoreReadErrorWithClusterBreakingPotential:b?
meta.Preconditions 1=uid:s? 2=resourceVersion:s?
policy.PodDisruptionBudget 1=metadata:meta.ObjectMeta 2=spec:policy.PodDisruptionBudgetSpec
policy.PodDisruptionBudgetSpec 1=minAvailable:I? 2=selector:meta.LabelSelector? 3=maxUnavailable:I? 4=unhealthyPodEvictionPolicy:s?
net.Ingress 1=metadata:meta.ObjectMeta 2=spec:net.IngressSpec
net.IngressSpec 4=ingressClassName:s? 1=defaultBackend:net.IngressBackend? 2=tls:net.IngressTLS* 3=rules:net.IngressRule*
net.IngressBackend 4=service:net.IngressServiceBackend? 3=resource:core.TypedLocalObjectReference?
net.IngressServiceBackend 1=name:s 2=port:net.ServiceBackendPort
net.ServiceBackendPort 1=name:s 2=number:i
net.IngressTLS 1=hosts:s* 2=secretName:s
net.IngressRule 1=host:s 2=:net.IngressRuleValue
net.IngressRuleValue 1=http:net.HTTPIngressRuleValue?
net.HTTPIngressRuleValue 1=paths:net.HTTPIngressPath*
net.HTTPIngressPath 1=path:s 3=pathType:s? 2=backend:net.IngressBackend
net.NetworkPolicy 1=metadata:meta.ObjectMeta 2=spec:net.NetworkPolicySpec
net.NetworkPolicySpec 1=podSelector:meta.LabelSelector 2=ingress:net.NetworkPolicyIngressRule* 3=egress:net.NetworkPolicyEgressRule* 4=policyTypes:s*
net.NetworkPolicyIngressRule 1=ports:net.NetworkPolicyPort* 2=from:net.NetworkPolicyPeer*
net.NetworkPolicyPort 1=protocol:s? 2=port:I? 3=endPort:i?
net.NetworkPolicyPeer 1=podSelector:meta.LabelSelector? 2=namespaceSelector:meta.LabelSelector? 3=ipBlock:net.IPBlock?
net.IPBlock 1=cidr:s 2=except:s*
net.NetworkPolicyEgressRule 1=ports:net.NetworkPolicyPort* 2=to:net.NetworkPolicyPeer*
autoscaling.Scale 1=metadata:meta.ObjectMeta 2=spec:autoscaling.ScaleSpec
autoscaling.ScaleSpec 1=replicas:i
`;
