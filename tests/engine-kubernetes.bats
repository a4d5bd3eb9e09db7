#!/usr/bin/env bats
# Kubernetes: examples/engines/kubernetes.yaml against the schemas of Kubernetes
# itself, and what its containers do, done here.

load helper
load render/helper

manifest=$TOP/examples/engines/kubernetes.yaml

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	not_under asan tsan valgrind "it is the engine that is tried here"
	need_python kubernetes-validate==1.37.0
}

k8s() {
	"$PY" "$TOP/tests/engines/kubernetes.py" "$@"
}

@test "the manifest is valid; with a fault in it, it is not" {
	k8s check "$manifest"
	n=0
	while IFS= read -r fault; do
		sed "$fault" "$manifest" >broken.yaml
		run ! cmp -s broken.yaml "$manifest"
		status 1 k8s check broken.yaml
		n=$((n + 1))
	done <<-'F'
	s/completionMode:/completionsMode:/
	s/completions: 8/completions: eight/
	s/values: \[75\]/values: "75"/
	s/- action: Ignore/- aktion: Ignore/
	s/operator: In/op: In/
	s/fieldPath:/path:/
	s/backoffLimitPerIndex: 3/backoffLimitPerIndex: [3]/
	s/terminationGracePeriodSeconds: 60/terminationGracePeriodSeconds: 60s/
	F
	[ $n = 8 ]
	# no schema says these
	"$PY" - "$manifest" <<-'P'
	import sys, yaml
	job, merge = yaml.safe_load_all(open(sys.argv[1]))
	spec = job["spec"]
	pod = spec["template"]["spec"]
	box = pod["containers"][0]
	assert spec["completionMode"] == "Indexed"
	assert pod["restartPolicy"] == "Never"  # podFailurePolicy wants it
	assert box["env"][0] == {"name": "RANGES",
	                         "value": str(spec["completions"])}
	for rule in spec["podFailurePolicy"]["rules"]:
	    assert rule["action"] in ("Ignore", "FailJob", "FailIndex", "Count")
	    if "onExitCodes" in rule:
	        assert rule["onExitCodes"]["containerName"] == box["name"]
	P
}

# pod INDEX NAME : what the container of that pod does, /data being here.
pod() {
	JOB_COMPLETION_INDEX=$1 POD=$2 RANGES=8 sh -euc "$script"
}

@test "eight pods, one of them drained and replaced: one result" {
	mkdir -p data/events
	for ((i = 0; i < 3000; i++)); do
		printf '{"id":%d,"a":{"k%d":[%d,"x"]}}\n' $i $((i % 9)) $i
	done | tee data/events/a.ndjson | gzip >data/events/b.ndjson.gz
	k8s script "$manifest" discover-attrs >whole
	script=$(sed "s|/data|$PWD/data|g" whole)
	# an expression that takes as long as $SPIN says
	slow='--where=[range(env.SPIN|tonumber)]|length>0'
	script=${script//-q -P1/-q -P1 -b1K \$EARLY \'$slow\'}
	export SPIN=1 EARLY=''
	for i in 0 1 2 4 5 6 7; do
		pod $i discover-attrs-$i-abcde
	done
	SPIN=50000 EARLY=--time-limit=100ms \
		status 75 pod 3 discover-attrs-3-first
	pod 3 discover-attrs-3-second
	k8s script "$manifest" merge-attrs >whole
	sh -euc "$(sed "s|/data|$PWD/data|g" whole)"
	discover-attrs -q "$slow" "$PWD"/data/events/* | cmp - data/scan/all.attrs
}
