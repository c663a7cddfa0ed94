"""Of the manifests in ../shared that a real API server refuses, those that one map decides: each has one fault.

The other half of that table is about fields that must agree with each other, about custom resources and about text.
"""

import re

import pytest
from tests.kubernetes_test import SHARED, documents
from tests.samples import sound

from mlgen.kubernetes import check

# File, rule, place; of affinity only what differs.
REFUSED = """
002-name-uppercase bad-name metadata.name
004-name-too-long-253 bad-name metadata.name
006-service-name-starts-digit bad-name metadata.name
008-cronjob-name-53-chars bad-name metadata.name
010-metadata-namespace-uppercase bad-namespace metadata.namespace
012-label-value-64-chars bad-label metadata.labels.experiment
014-label-key-space bad-label metadata.labels.cost center
016-label-key-prefix-uppercase bad-label metadata.labels.ML.example.com/team
018-annotation-key-invalid bad-annotation metadata.annotations.mlgen.io/spec#sha
020-template-label-value-number-like-bool kubernetes-wrong-type spec.template.metadata.labels.canary
026-secret-data-not-base64 not-base64 data.token
028-secret-dockerconfigjson-missing-key secret-type data
032-memory-unit-gb bad-quantity spec.template.spec.volumes.1.emptyDir.sizeLimit
034-storage-lowercase-gi bad-quantity spec.resources.requests.storage
040-gpu-milli fractional-count spec.template.spec.containers.0.resources.limits.nvidia.com/gpu
042-memory-negative negative-quantity spec.jobTemplate.spec.template.spec.containers.0.resources.requests.memory
048-image-missing image-missing spec.jobTemplate.spec.template.spec.containers.0
050-containers-empty no-containers spec.containers
052-port-name-16-chars port-name spec.template.spec.containers.0.ports.1.name
054-port-name-no-letter port-name spec.template.spec.containers.0.ports.1.name
056-port-out-of-range port-number spec.template.spec.containers.0.ports.1.containerPort
058-port-protocol-lowercase wrong-choice spec.template.spec.containers.0.ports.0.protocol
062-env-name-empty missing-value spec.template.spec.containers.0.env.0.name
064-env-valuefrom-two-sources one-source spec.template.spec.containers.0.env.1.valueFrom.secretKeyRef
066-env-fieldpath-unknown field-path spec.template.spec.containers.0.env.1.valueFrom.fieldRef.fieldPath
068-env-value-unquoted-bool kubernetes-wrong-type spec.template.spec.containers.0.env.0.value
070-envfrom-no-source one-source spec.containers.0.envFrom.0
074-volumemount-subpath-absolute bad-path spec.template.spec.containers.0.volumeMounts.2.subPath
076-volumemount-subpath-and-expr bad-mount spec.template.spec.containers.0.volumeMounts.2.subPathExpr
078-volume-two-sources one-source spec.template.spec.volumes.0.hostPath
080-volume-configmap-defaultmode-decimal file-mode spec.template.spec.volumes.2.configMap.defaultMode
082-volume-pvc-no-claim missing-value spec.template.spec.volumes.1.persistentVolumeClaim.claimName
084-volume-hostpath-dotdot bad-path spec.template.spec.volumes.0.hostPath.path
086-probe-two-handlers one-handler spec.template.spec.containers.0.startupProbe.exec
088-probe-liveness-success-threshold bad-probe spec.template.spec.containers.0.livenessProbe.successThreshold
090-probe-port-zero port-name spec.template.spec.containers.0.livenessProbe.httpGet.port
092-probe-scheme-lowercase wrong-choice spec.template.spec.containers.0.readinessProbe.httpGet.scheme
094-job-restartpolicy-always restart-policy spec.template.spec.restartPolicy
096-cronjob-restartpolicy-missing restart-policy spec.jobTemplate.spec.template.spec
098-daemonset-restartpolicy-never restart-policy spec.template.spec.restartPolicy
100-dnspolicy-unknown wrong-choice spec.dnsPolicy
102-serviceaccountname-invalid bad-name spec.template.spec.serviceAccountName
104-toleration-exists-with-value bad-scheduling spec.template.spec.tolerations.0.value
106-toleration-effect-unknown wrong-choice spec.template.spec.tolerations.0.effect
108-nodeaffinity-exists-with-values bad-selector NODE.REQUIRED.nodeSelectorTerms.0.matchExpressions.0.values
110-affinity-weight-zero number-out-of-range NODE.PREFERRED.0.weight
112-topologyspread-maxskew-zero number-out-of-range spec.template.spec.topologySpreadConstraints.0.maxSkew
114-topologyspread-whenunsatisfiable wrong-choice spec.template.spec.topologySpreadConstraints.0.whenUnsatisfiable
116-runasuser-negative user-id spec.template.spec.containers.0.securityContext.runAsUser
118-hostalias-bad-ip bad-ip-address spec.hostAliases.0.ip
120-seccomp-localhost-without-profile security-context spec.securityContext.seccompProfile
124-selector-matchexpression-operator bad-selector spec.selector.matchExpressions.0.operator
126-replicas-negative number-out-of-range spec.replicas
128-strategy-recreate-with-rollingupdate bad-strategy spec.strategy.rollingUpdate
130-rollingupdate-both-zero bad-strategy spec.strategy.rollingUpdate
132-maxsurge-not-percent percentage spec.strategy.rollingUpdate.maxSurge
134-sts-podmanagementpolicy wrong-choice spec.podManagementPolicy
138-job-parallelism-negative number-out-of-range spec.parallelism
140-job-selector-without-manual generated-selector spec.selector
142-job-completionmode-unknown wrong-choice spec.completionMode
154-cron-startingdeadline-negative number-out-of-range spec.startingDeadlineSeconds
158-hpa-min-zero number-out-of-range spec.minReplicas
160-hpa-metric-source-mismatch metric-source spec.metrics.0
162-hpa-stabilization-over-3600 number-out-of-range spec.behavior.scaleDown.stabilizationWindowSeconds
164-hpa-kind-empty missing-value spec.scaleTargetRef.kind
166-pdb-minavailable-not-percent percentage spec.minAvailable
168-priorityclass-over-1e9 priority-value value
170-priorityclass-preemption-unknown wrong-choice preemptionPolicy
176-service-port-out-of-range port-number spec.ports.0.port
178-service-protocol-lowercase wrong-choice spec.ports.0.protocol
180-service-nodeport-out-of-range node-port spec.ports.0.nodePort
182-service-externalname-missing service-field spec
184-service-selector-value-invalid bad-label spec.selector.app.kubernetes.io/name
186-service-externaltrafficpolicy-clusterip service-field spec.externalTrafficPolicy
188-ingress-no-rules ingress-rules spec
190-ingress-pathtype-lowercase wrong-choice spec.rules.0.http.paths.0.pathType
192-ingress-backend-port-missing ingress-backend spec.rules.0.http.paths.0.backend.service
194-ingress-host-ip ingress-domain spec.rules.0.host
198-netpol-cidr-invalid bad-ip-address spec.egress.0.to.0.ipBlock.cidr
200-netpol-policytype-lowercase wrong-choice spec.policyTypes.0
202-pvc-no-accessmodes access-modes spec
204-pvc-no-storage-request no-storage-request spec.resources.requests
206-pvc-rwop-with-others access-modes spec.accessModes
208-pvc-volumemode-unknown wrong-choice spec.volumeMode
210-pv-no-capacity pv-capacity spec
212-pv-csi-driver-name bad-name spec.csi.driver
214-storageclass-reclaim-unknown wrong-choice reclaimPolicy
216-storageclass-provisioner-missing missing-value provisioner
218-quota-fractional-count fractional-count spec.hard.persistentvolumeclaims
224-role-empty-verbs bad-role rules.0.verbs
226-role-nonresource-url bad-role rules.0.nonResourceURLs
228-rolebinding-roleref-kind role-reference roleRef.kind
230-unknown-field kubernetes-unknown-field spec.replica
234-removed-api-cronjob kubernetes-api-unavailable apiVersion
236-kind-wrong-case kubernetes-unknown-kind kind
238-name-missing bad-name metadata
240-args-number kubernetes-wrong-type spec.template.spec.containers.0.args.1
"""
ROWS = [tuple((*line.split(" ", 2), "")[:3]) for line in REFUSED.strip().splitlines()]
REFUSING = SHARED / "refused"


@pytest.mark.skipif(not REFUSING.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize(("name", "rule", "path"), ROWS, ids=[row[0] for row in ROWS])
def test_one_fault_at_its_place(name: str, rule: str, path: str) -> None:
    found = [fault for body in documents(REFUSING / f"{name}.yaml") for fault in check(body, "1.34")]
    assert [(fault.rule, shortened(".".join(map(str, fault.path)))) for fault in found] == [(rule, path)]


def shortened(path: str) -> str:
    path = path.replace("spec.template.spec.affinity.nodeAffinity", "NODE")
    return re.sub("(required|preferred)DuringSchedulingIgnoredDuringExecution", lambda found: found[1].upper(), path)


@pytest.mark.skipif(not REFUSING.is_dir(), reason="../shared is not here")
def test_the_table_has_most_of_them() -> None:
    files = [path for path in REFUSING.glob("*.yaml") if path.stem < "242"]
    assert len(ROWS) > 0.8 * len(files)


@pytest.mark.skipif(not REFUSING.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize("minor", ["1.34", "1.35", "1.37"])
def test_nothing_sound_is_refused_by_a_rule(minor: str) -> None:
    """Whatever its schema says: a kind may be of another version, a custom resource unknown."""
    found = [
        (path.name, fault)
        for path in [*sound(), *sorted(SHARED.glob("accepted/*.yaml"))]
        for body in documents(path)
        for fault in check(body, minor)
        if not fault.rule.startswith(("kubernetes-", "no-schema"))
    ]
    assert found == []
