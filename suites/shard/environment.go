package shard

import (
	"fmt"
	"strconv"
)

// The variables that say which shard a machine is to run.
const (
	Variable      = "SHARD"                // INDEX/TOTAL; 1/1 is the whole run, whatever else is set
	TotalVariable = "SHARD_TOTAL"          // how many pods a Kubernetes Indexed Job completes, which Kubernetes does not tell them
	gitlabIndex   = "CI_NODE_INDEX"        // of a GitLab job with parallel, counted from 1
	gitlabTotal   = "CI_NODE_TOTAL"        // which GitLab sets to 1 in other jobs
	podIndex      = "JOB_COMPLETION_INDEX" // of a pod of an Indexed Job, counted from 0
)

// FromEnvironment finds out which shard this machine is to run: by SHARD, or else by what GitLab or Kubernetes sets. It is the whole run
// where nothing is set.
func FromEnvironment(getenv func(string) string) (Shard, error) {
	if text := getenv(Variable); text != "" {
		s, err := Parse(text)
		if err != nil {
			return Shard{}, fmt.Errorf("%s: %w", Variable, err)
		}
		return s, nil
	}
	if getenv(gitlabIndex) != "" {
		return numbered(getenv, gitlabIndex, gitlabTotal, 1)
	}
	if getenv(podIndex) != "" {
		return numbered(getenv, podIndex, TotalVariable, 0)
	}
	if total := getenv(TotalVariable); total != "" {
		return Shard{}, fmt.Errorf("%s is %q, and nothing says which of them this is; expected %s too, or %s=2/5", TotalVariable, total, podIndex, Variable)
	}
	return Shard{}, nil
}

// numbered reads a shard from two variables, the first of which counts from first.
func numbered(getenv func(string) string, index, total string, first int) (Shard, error) {
	n, err := strconv.Atoi(getenv(total))
	if err != nil || n < 1 || n > maxTotal {
		return Shard{}, fmt.Errorf("%s is %q; expected how many shards there are, since %s is set (%s=1/1 runs everything)", total, getenv(total), index, Variable)
	}
	i, err := strconv.Atoi(getenv(index))
	if err != nil || i < first || i >= first+n {
		return Shard{}, fmt.Errorf("%s is %q; expected %d to %d, since %s is %d", index, getenv(index), first, first+n-1, total, n)
	}
	return Shard{Index: i - first + 1, Total: n}, nil
}
