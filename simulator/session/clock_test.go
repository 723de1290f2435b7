package session

import (
	"math"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestAClockStandsStillUntilItIsTold(t *testing.T) {
	g := NewWithT(t)
	c := NewClock(noon)
	g.Expect(c.Now()).To(Equal(noon))
	g.Expect(c.Now()).To(Equal(noon))
	c.Advance(90 * time.Second)
	g.Expect(c.Now()).To(Equal(noon.Add(90 * time.Second)))
	g.Expect(c.Running()).To(BeFalse())
}

func TestAClockNeverGoesBack(t *testing.T) {
	g := NewWithT(t)
	c := NewClock(noon)
	c.Advance(-time.Hour)
	g.Expect(c.Now()).To(Equal(noon))
	g.Expect(c.Set(noon.Add(-1))).To(MatchError(ContainSubstring("cannot go back to 2026-03-01T11:59:59.999999999Z")))
	g.Expect(c.Now()).To(Equal(noon))
	g.Expect(c.Set(noon)).To(Succeed())
	g.Expect(c.Set(noon.Add(time.Hour))).To(Succeed())
	g.Expect(c.Now()).To(Equal(noon.Add(time.Hour)))
}

func TestAClockStaysInItsTimeZone(t *testing.T) {
	g := NewWithT(t)
	c := NewClock(noon)
	g.Expect(c.Set(noon.Add(time.Hour).In(time.FixedZone("", -5*60*60)))).To(Succeed())
	g.Expect(c.Now().Format(time.TimeOnly)).To(Equal("13:00:00"))
}

func TestARunningClockGoesAndCanStillBeAdvanced(t *testing.T) {
	g := NewWithT(t)
	c := NewClock(noon)
	c.Run()
	g.Expect(c.Running()).To(BeTrue())
	g.Eventually(c.Now).Should(BeTemporally(">", noon))
	c.Advance(time.Hour)
	g.Expect(c.Now()).To(BeTemporally(">", noon.Add(time.Hour)))
	g.Expect(c.Running()).To(BeTrue())
	c.Freeze()
	stopped := c.Now()
	g.Expect(stopped).To(BeTemporally(">", noon.Add(time.Hour)))
	g.Consistently(c.Now, "20ms").Should(Equal(stopped))
}

func TestNoAdvanceIsTooLong(t *testing.T) {
	g := NewWithT(t)
	c := NewClock(noon)
	s := NewStore(c, 0)
	ticket, _ := s.Open(1)
	for range 3 {
		c.Advance(math.MaxInt64)
	}
	found, _ := s.Use(ticket)
	g.Expect(found.State).To(Equal(IdleExpired))
}

func TestReadersNeverSeeAClockGoBack(t *testing.T) {
	for name, change := range map[string]func(*Clock){
		"frozen":   func(c *Clock) { c.Freeze() },
		"advanced": func(c *Clock) { c.Advance(1) },
		"set":      func(c *Clock) { _ = c.Set(c.Now().Add(time.Microsecond)) },
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			c := NewClock(noon)
			changed := make(chan struct{})
			go func() {
				defer close(changed)
				for range 20_000 {
					c.Run()
					change(c)
				}
			}()
			for last := c.Now(); ; {
				now := c.Now()
				if now.Before(last) {
					g.Expect(now).To(BeTemporally(">=", last))
				}
				last = now
				select {
				case <-changed:
					return
				default:
				}
			}
		})
	}
}
