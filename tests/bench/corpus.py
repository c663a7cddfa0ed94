"""A seed -> 1,000 native manifests in 1,000 files, sound and about 0.75 MB: what `mlgen lint` is measured on.

125 services of eight objects each, written as people write: comments, quotes of both sorts, lists indented or not,
short maps in braces.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from string import Template

SERVICES = 125
SEED = 20261124
WORDS = "ranker recsys churn fraud demand vision speech search forecast pricing routing embed uplift intent".split()
TEAMS = "growth risk maps ads platform".split()

DEPLOYMENT = """\
# $name answers requests of $team.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: $name
  namespace: $namespace
  labels: {app.kubernetes.io/name: $name, team: $team}
spec:
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: $name
  template:
    metadata:
      labels:
        app.kubernetes.io/name: $name
        team: $team
    spec:
      serviceAccountName: $name
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile: {type: RuntimeDefault}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {app.kubernetes.io/name: $name}
      containers:
        - name: server
          image: registry.example.com/$team/$name:$version@sha256:$digest
          args: ["--port=$port", "--threads", "$threads"]
          env:
            - name: MODEL
              value: "models/$name/$number"
            - name: LOG_LEVEL
              valueFrom:
                configMapKeyRef: {name: $name, key: LOG_LEVEL}
          ports:
            - name: http
              containerPort: $port
          resources:
            requests: {cpu: ${cpu}m, memory: ${memory}Mi}
            limits: {memory: ${memory}Mi}
          readinessProbe:
            httpGet: {path: /ready, port: http}
          startupProbe: {httpGet: {path: /ready, port: http}, failureThreshold: 60}
          livenessProbe:
            httpGet: {path: /live, port: http}
            periodSeconds: 20
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: $name
  namespace: $namespace
  labels:
    app.kubernetes.io/name: $name
    team: $team
  annotations:
    example.com/contact: "$team@example.com"
spec:
  selector:
    app.kubernetes.io/name: $name
  ports:
  - name: http
    port: 80
    targetPort: http
    protocol: TCP
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: $name
  namespace: $namespace
  labels:
    app.kubernetes.io/name: $name
data:
  LOG_LEVEL: info
  BATCH_SIZE: "$threads"
  WINDOW: '$number'
  serving.properties: |
    # how requests are batched
    batch.size=$threads
    batch.wait=${cpu}ms
    cache.size=${memory}MB
    model.path=models/$name/$number
  schedule.txt: >-
    retrained every night at $minute past two,
    compared with version $number before it serves
"""
HORIZONTAL_POD_AUTOSCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: $name
  namespace: $namespace
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: $name
  minReplicas: 2
  maxReplicas: $replicas
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
      policies: [{type: Percent, value: 50, periodSeconds: 60}]
"""
POD_DISRUPTION_BUDGET = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: $name
  namespace: $namespace
  labels:
    team: $team
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      app.kubernetes.io/name: $name
"""
NETWORK_POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: $name
  namespace: $namespace
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: $name
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: gateway-system
        - podSelector: {matchLabels: {team: $team}}
      ports:
        - {protocol: TCP, port: $port}
  egress:
    - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
      ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
    - to:
        - ipBlock: {cidr: 10.$octet.0.0/16}
"""
CRON_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: $name
  namespace: $namespace
  labels: {app.kubernetes.io/name: $name-nightly, team: $team}
spec:
  schedule: "$minute 2 * * *"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 600
  successfulJobsHistoryLimit: 1
  jobTemplate:
    spec:
      backoffLimit: 1
      activeDeadlineSeconds: 7200
      ttlSecondsAfterFinished: 86400
      template:
        metadata:
          labels:
            app.kubernetes.io/name: $name-nightly
        spec:
          restartPolicy: Never
          serviceAccountName: $name
          automountServiceAccountToken: false
          securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
          containers:
            - name: retrain
              image: "registry.example.com/$team/$name:$version@sha256:$digest"
              command: [python, -m, $module.retrain]
              args:
                - --epochs
                - "$threads"
              resources:
                requests:
                  cpu: "2"
                  memory: ${memory}Mi
                  ephemeral-storage: 4Gi
                limits:
                  memory: ${memory}Mi
                  ephemeral-storage: 4Gi
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop:
                    - ALL
"""
SERVICE_ACCOUNT = """\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: $name
  namespace: $namespace
  annotations:
    azure.workload.identity/client-id: $client
automountServiceAccountToken: false
"""
KINDS = {
    "deployment": DEPLOYMENT,
    "service": SERVICE,
    "configmap": CONFIG_MAP,
    "hpa": HORIZONTAL_POD_AUTOSCALER,
    "pdb": POD_DISRUPTION_BUDGET,
    "networkpolicy": NETWORK_POLICY,
    "cronjob": CRON_JOB,
    "serviceaccount": SERVICE_ACCOUNT,
}


def manifests() -> Iterator[tuple[str, str]]:
    """The path of each file below the corpus, and its text; the same ones each time."""
    draw = random.Random(SEED)
    for index in range(SERVICES):
        values = drawn(draw, index)
        for kind, text in KINDS.items():
            yield f"{values['team']}/{values['name']}/{kind}.yaml", Template(text).substitute(values)


def drawn(draw: random.Random, index: int) -> dict[str, str]:
    """What is different in one service."""
    word, team = draw.choice(WORDS), draw.choice(TEAMS)
    return {
        "name": f"{word}-{index:03}",
        "module": word,
        "namespace": f"ml-{team}",
        "team": team,
        "version": f"{draw.randint(1, 9)}.{draw.randint(0, 20)}.{draw.randint(0, 9)}",
        "digest": f"{draw.getrandbits(256):064x}",
        "port": str(draw.randint(8000, 8999)),
        "threads": str(draw.choice((8, 16, 32, 64))),
        "number": str(draw.randint(1, 400)),
        "cpu": str(draw.randrange(100, 4000, 50)),
        "memory": str(draw.randrange(256, 16384, 256)),
        "replicas": str(draw.randint(4, 20)),
        "octet": str(draw.randint(0, 255)),
        "minute": str(draw.randint(0, 59)),
        "client": "-".join(f"{draw.getrandbits(4 * size):0{size}x}" for size in (8, 4, 4, 4, 12)),
    }


def written(folder: Path) -> Path:
    """Write them below ``folder``, and say where."""
    for path, text in manifests():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return folder
