package shard

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Shard is the part Index, counted from 1, of the Total parts of a run. The zero value is the whole run.
type Shard struct{ Index, Total int }

// maxTotal is more machines than a run is ever divided over.
const maxTotal = 10_000

// Parse reads "2/5".
func Parse(text string) (Shard, error) {
	index, total, _ := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(index)
	n, err2 := strconv.Atoi(total)
	if err1 != nil || err2 != nil || n < 1 || n > maxTotal || i < 1 || i > n {
		return Shard{}, fmt.Errorf("%q is no shard; expected INDEX/TOTAL, counted from 1, such as 2/5", text)
	}
	return Shard{Index: i, Total: n}, nil
}

// Part says whether s is a part of a run.
func (s Shard) Part() bool { return s.Total > 0 }

// Holds says whether the case of that name belongs to s.
func (s Shard) Holds(id string) bool { return !s.Part() || of(id, s.Total) == s.Index }

// of is the shard that a case belongs to. Only its name decides.
func of(id string, total int) int {
	sum := sha256.Sum256([]byte(id))
	return int(binary.BigEndian.Uint64(sum[:8])%uint64(total)) + 1
}

// Of are those of ids that belong to s.
func (s Shard) Of(ids []string) []string {
	var own []string
	for _, id := range ids {
		if s.Holds(id) {
			own = append(own, id)
		}
	}
	return own
}

// String is "2/5", or empty for the whole run.
func (s Shard) String() string {
	if !s.Part() {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Total)
}
