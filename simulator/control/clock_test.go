package control

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestAdvancingTheClockPastTheIdleLimitEndsSessions(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")

	clock, err := w.client.Advance(w.ctx, 30*time.Minute)
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(clock.Now).To(Equal(start.Add(30 * time.Minute)))
	w.Expect(clock.Next).To(HaveLen(1))
	w.Expect(clock.Next[0].TTL).To(BeZero())

	clock, err = w.client.Advance(w.ctx, time.Nanosecond)
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(clock.Next).To(BeEmpty())
}

func TestTheClockSaysWhoExpiresNext(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "bob")
	w.server.Advance(time.Minute)
	w.login("globex", "erin")
	w.server.Advance(time.Minute)
	w.login("acme", "alice")

	clock, err := w.client.Clock(w.ctx)
	w.Expect(err).NotTo(HaveOccurred())
	var next []string
	for _, s := range clock.Next {
		next = append(next, s.Site+" "+s.Host+" "+s.TTL.String())
	}
	w.Expect(next).To(Equal([]string{"acme bob 28m0s", "globex erin 29m0s", "acme alice 30m0s"}))
}

func TestAtMostTenSessionsAreNext(t *testing.T) {
	w := newWorld(t)
	for range 11 {
		w.login("acme", "alice")
	}
	clock, err := w.client.Clock(w.ctx)
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(clock.Next).To(HaveLen(10))
	w.Expect(clock.Next[0].ID).To(BeEquivalentTo(1))
}

func TestTheClockRunsAndStandsStill(t *testing.T) {
	w := newWorld(t)
	for _, step := range []struct {
		body    string
		running bool
	}{{`{"run":true}`, true}, {`{"advance":"1h"}`, true}, {`{"freeze":true}`, false}} {
		status, _, _ := w.raw("POST", "/clock", step.body)
		w.Expect(status).To(Equal(200))
		w.Expect(w.server.Clock().Running()).To(Equal(step.running), step.body)
	}
	w.Expect(w.server.Clock().Now()).To(BeTemporally(">=", start.Add(time.Hour)))
}

func TestMovesThatTheClockRefuses(t *testing.T) {
	for _, test := range []struct{ name, body, field, expected string }{
		{"none", `{}`, "", "one of {"},
		{"empty", ``, "", "one of {"},
		{"two", `{"run":true,"freeze":true}`, "", "one of {"},
		{"no duration", `{"advance":"30 minutes"}`, "advance", `a duration such as "30m1s"`},
		{"a number", `{"advance":30}`, "advance", `a duration such as "30m1s"`},
		{"back", `{"advance":"-1s"}`, "advance", "a duration above 0"},
		{"nowhere", `{"advance":"0s"}`, "advance", "a duration above 0"},
		{"too far", `{"advance":"2000000h"}`, "advance", "a duration above 0"},
		{"back to a time", `{"set":"2026-03-02T08:59:59Z"}`, "set", "a time not before 2026-03-02T09:00:00Z"},
		{"no time", `{"set":"tomorrow"}`, "set", "a time such as"},
		{"too late", `{"set":"2200-01-01T00:00:01Z"}`, "set", "a time not beyond the year 2199"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			status, _, body := w.raw("POST", "/clock", test.body)
			w.Expect(status).To(Equal(400))
			e := w.wrong(body)
			w.Expect(e.Field).To(Equal(test.field))
			w.Expect(e.Expected).To(HavePrefix(test.expected))
			w.Expect(w.server.Clock().Now()).To(Equal(start))
		})
	}
}
