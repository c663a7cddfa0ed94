"""One short spec a project -> checked Kubernetes manifests, written as Kustomize overlays."""

__version__ = "0.1.0"
