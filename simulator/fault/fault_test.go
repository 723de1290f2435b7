package fault_test

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/fault"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

func hm(site string) urlapi.Attempt {
	return urlapi.Attempt{Site: site, Page: "m.php", Command: "HM"}
}

func denied() urlapi.Intervention { return urlapi.Intervention{Reason: "AccessDenied"} }

func TestNextHitsSoManyCommandsAndIsGone(t *testing.T) {
	g := NewWithT(t)
	var s fault.Set
	_, err := s.Add(fault.Fault{Command: "HM", Next: 2, Intervention: denied()})
	g.Expect(err).NotTo(HaveOccurred())

	g.Expect(s.Intervene(urlapi.Attempt{Site: "acme", Page: "p.php", Command: "LI"})).To(BeNil())
	g.Expect(s.Intervene(hm("acme")).Reason).To(Equal("AccessDenied"))
	g.Expect(s.List()).To(HaveLen(1))
	g.Expect(s.List()[0].Hits).To(Equal(1))
	g.Expect(s.Intervene(hm("globex")).Reason).To(Equal("AccessDenied"))
	g.Expect(s.Intervene(hm("acme"))).To(BeNil())
	g.Expect(s.List()).To(BeEmpty())
}

func TestNextIsOneWhereNothingIsSaid(t *testing.T) {
	g := NewWithT(t)
	var s fault.Set
	added, err := s.Add(fault.Fault{Intervention: denied()})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(added.Next).To(Equal(1))
}

func TestShareIsCountedNotDrawn(t *testing.T) {
	for _, test := range []struct {
		share float64
		want  string
	}{
		{1, "xxxxxxxx"}, {0.5, ".x.x.x.x"}, {0.25, "...x...x"}, {0.75, ".xxx.xxx"},
	} {
		t.Run(fmt.Sprint(test.share), func(t *testing.T) {
			g := NewWithT(t)
			var s fault.Set
			_, err := s.Add(fault.Fault{Share: test.share, Intervention: denied()})
			g.Expect(err).NotTo(HaveOccurred())
			got := ""
			for range len(test.want) {
				if s.Intervene(hm("acme")) != nil {
					got += "x"
				} else {
					got += "."
				}
			}
			g.Expect(got).To(Equal(test.want))
		})
	}
}

func TestAShareOfAHundredIsThatManyPercent(t *testing.T) {
	for percent := 1; percent <= 100; percent++ {
		g := NewWithT(t)
		var s fault.Set
		_, err := s.Add(fault.Fault{Share: float64(percent) / 100, Intervention: denied()})
		g.Expect(err).NotTo(HaveOccurred())
		for range 100 {
			s.Intervene(hm("acme"))
		}
		g.Expect(s.List()[0].Hits).To(Equal(percent))
	}
}

func TestTheOldestFaultThatHitsAnswers(t *testing.T) {
	g := NewWithT(t)
	var s fault.Set
	for _, f := range []fault.Fault{
		{Site: "globex", Intervention: urlapi.Intervention{Status: 500}},
		{Share: 0.5, Intervention: urlapi.Intervention{Status: 501}},
		{Next: 2, Intervention: urlapi.Intervention{Status: 502}},
	} {
		_, err := s.Add(f)
		g.Expect(err).NotTo(HaveOccurred())
	}
	var got []int
	for range 4 {
		i := s.Intervene(hm("acme"))
		got = append(got, i.Status)
	}
	g.Expect(got).To(Equal([]int{502, 501, 502, 501}))
}

// Neither who adds a fault nor who reads the list can change what is in force.
func TestAFaultInForceSharesNothing(t *testing.T) {
	g := NewWithT(t)
	var s fault.Set
	cookies := map[string]session.Attributes{"ticket": {"Secure": "false"}}
	_, err := s.Add(fault.Fault{Intervention: urlapi.Intervention{Cookies: cookies}})
	g.Expect(err).NotTo(HaveOccurred())
	cookies["ticket"]["Secure"] = "true"
	s.List()[0].Cookies["ticket"]["Secure"] = "true"
	g.Expect(s.Intervene(hm("acme")).Cookies).To(Equal(map[string]session.Attributes{"ticket": {"Secure": "false"}}))
}

func TestRemoveAndClear(t *testing.T) {
	g := NewWithT(t)
	var s fault.Set
	for _, site := range []string{"acme", "acme", "globex", ""} {
		_, err := s.Add(fault.Fault{Site: site, Intervention: denied()})
		g.Expect(err).NotTo(HaveOccurred())
	}
	g.Expect(s.Remove(2)).To(BeTrue())
	g.Expect(s.Remove(2)).To(BeFalse())
	g.Expect(s.Clear("acme")).To(Equal(1))
	g.Expect(s.List()).To(HaveLen(2))
	g.Expect(s.Clear("")).To(Equal(2))
	g.Expect(s.Intervene(hm("acme"))).To(BeNil())
}

func TestInvalidFaultsNameTheField(t *testing.T) {
	for name, test := range map[string]struct {
		fault fault.Fault
		field string
	}{
		"nothing":             {fault.Fault{}, "reason"},
		"nothing of a cookie": {fault.Fault{Intervention: urlapi.Intervention{Cookies: map[string]session.Attributes{"ticket": {}}}}, "reason"},
		"page":                {fault.Fault{Page: "x.php", Intervention: denied()}, "page"},
		"negative next":       {fault.Fault{Next: -1, Intervention: denied()}, "next"},
		"share above one":     {fault.Fault{Share: 1.01, Intervention: denied()}, "share"},
		"share not a number":  {fault.Fault{Share: math.NaN(), Intervention: denied()}, "share"},
		"next and share":      {fault.Fault{Next: 1, Share: 1, Intervention: denied()}, "share"},
		"delay":               {fault.Fault{Intervention: urlapi.Intervention{Delay: time.Hour}}, "delay"},
		"status":              {fault.Fault{Intervention: urlapi.Intervention{Status: 99}}, "status"},
		"reason with a quote": {fault.Fault{Intervention: urlapi.Intervention{Reason: `"`}}, "reason"},
		"ticket":              {fault.Fault{Intervention: urlapi.Intervention{Ticket: "eat"}}, "ticket"},
		"status and cut":      {fault.Fault{Intervention: urlapi.Intervention{Status: 500, Cut: true}}, "reason, status, cut"},
		"cut and a cookie": {fault.Fault{Intervention: urlapi.Intervention{
			Cut: true, Cookies: map[string]session.Attributes{"ticket": {"Secure": "false"}},
		}}, "ticket, cookies"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var s fault.Set
			_, err := s.Add(test.fault)
			var invalid *fault.Invalid
			g.Expect(errors.As(err, &invalid)).To(BeTrue())
			g.Expect(invalid.Field).To(Equal(test.field))
			g.Expect(invalid.Expected).NotTo(BeEmpty())
			g.Expect(s.List()).To(BeEmpty())
		})
	}
}

func TestManyAtOnceTakeExactlyNext(t *testing.T) {
	g := NewWithT(t)
	var s fault.Set
	_, err := s.Add(fault.Fault{Next: 100, Intervention: urlapi.Intervention{Status: http.StatusTeapot}})
	g.Expect(err).NotTo(HaveOccurred())
	var hits atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				if s.Intervene(hm("acme")) != nil {
					hits.Add(1)
				}
			}
		})
	}
	all.Wait()
	g.Expect(hits.Load()).To(BeEquivalentTo(100))
}
