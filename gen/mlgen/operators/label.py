"""A name -> why it is no DNS label, as Services and host names need one."""

import re

LABEL = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
LONGEST = 63
LONGEST_SUBDOMAIN = 253


def fault_of(name: str) -> str:
    """What keeps ``name`` from being a DNS-1035 label, whatever its length; empty if nothing does.

    Empty too for what is no name of an object at all: the API server says so of any kind.
    Source: apimachinery/pkg/util/validation: IsDNS1035Label.
    """
    if len(name) > LONGEST_SUBDOMAIN or not SUBDOMAIN.fullmatch(name) or LABEL.fullmatch(name):
        return ""
    return "has a dot" if "." in name else "begins with a digit"
