#!/usr/bin/env python3
"""kubernetes.py check FILE        -- against the schemas of Kubernetes
   kubernetes.py script FILE JOB   -- the shell script of a job's container

Checks each document of FILE strictly, against every version from 1.33 on that
is there; prints the versions, or what is wrong, with status 1.
"""
import sys

import kubernetes_validate
import yaml


def check(documents):
    versions = [v for v in kubernetes_validate.utils.all_versions()
                if tuple(map(int, v.split(".")[:2])) >= (1, 33)]
    assert versions
    for version in versions:
        for document in documents:
            try:
                kubernetes_validate.validate(document, version, strict=True)
            except kubernetes_validate.ValidationError as e:
                print(f"{version}: {'.'.join(map(str, e.path))}: {e.message}")
                return 1
    print(*versions)
    return 0


def main():
    with open(sys.argv[2], encoding="utf-8") as f:
        documents = list(yaml.safe_load_all(f))
    if sys.argv[1] == "check":
        return check(documents)
    job, = (d for d in documents if d["metadata"]["name"] == sys.argv[3])
    container, = job["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["/bin/sh", "-euc"]
    sys.stdout.write(container["args"][0])
    return 0


sys.exit(main())
