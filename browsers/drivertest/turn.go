package drivertest

import (
	"context"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/probe"
)

// turns: one browser goes through the table's policies, there and back, and each is in force as in a process of its own. It is started under one with an
// exception, so that an entry which is not taken away shows, whether it came with the profile or by a turn.
func turns(t *testing.T, d browsers.Driver) {
	type turn struct {
		p    policy.Policy
		want probe.Seen
	}
	var way []turn
	for i, c := range table {
		want, has := c.want[d.Engine()]
		if testing.Short() && i >= short || !has || d.Supports(c.p) != nil || !d.Turns(allow, c.p) {
			continue
		}
		p := c.p
		p.Name = c.name
		way = append(way, turn{p, want})
	}
	if len(way) == 0 {
		t.Fatalf("%s cannot be turned to any policy", d.Engine())
	}
	for i := len(way) - 2; i > 0; i-- {
		way = append(way, way[i])
	}
	start := slices.IndexFunc(way, func(to turn) bool { return len(to.p.Exceptions) > 0 })
	w := newWorld(t)
	b, _ := w.launch(t, d, way[max(0, start)].p, false)
	for i, to := range way {
		g := NewWithT(t)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		g.Expect(b.Turn(ctx, to.p)).To(Succeed())
		got, err := probe.Ask(ctx, w.door, b, probe.Question{Allowed: allowed, AskAccess: to.p.StorageAccess != ""})
		cancel()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal(to.want), "%d: %s", i, to.p.Name)
	}
}
