package suites

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// shuffled is the order in which cases are run in one round: by a hash of seed, round and name, so that two cases keep their order when
// others are left out, and an order in which something went wrong can be narrowed down.
//
// It is the order within a group that shares a station. Which group is begun first stays a matter of size: nothing that a case could leave behind goes
// from one to the next, and the largest must not be left for the end.
func shuffled(cases []testbed.Case, seed int64, round int) []testbed.Case {
	keys := make(map[string][]byte, len(cases))
	for _, c := range cases {
		h := binary.BigEndian.AppendUint64(nil, uint64(seed))
		h = binary.BigEndian.AppendUint64(h, uint64(round))
		sum := sha256.Sum256(append(h, c.ID...))
		keys[c.ID] = sum[:]
	}
	cases = slices.Clone(cases)
	slices.SortFunc(cases, func(a, b testbed.Case) int { return bytes.Compare(keys[a.ID], keys[b.ID]) })
	return cases
}
