package network

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func testLedger() *Ledger { return newLedger("case", true, time.Now, func(*Ledger) {}) }

func TestQuietComesAfterTheLastExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		l := testLedger()
		start := time.Now()
		x := &Exchange{Path: "/slow"}
		l.begin(x)
		time.AfterFunc(3*time.Second, func() { l.finish(x) })
		g.Expect(l.Quiet(t.Context(), 500*time.Millisecond)).To(Succeed())
		g.Expect(time.Since(start)).To(Equal(3500 * time.Millisecond))
	})
}

func TestQuietStartsAgainWithEveryArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		l := testLedger()
		start := time.Now()
		for i := range 3 {
			time.AfterFunc(time.Duration(i+1)*400*time.Millisecond, func() {
				x := &Exchange{}
				l.begin(x)
				l.finish(x)
			})
		}
		g.Expect(l.Quiet(t.Context(), 500*time.Millisecond)).To(Succeed())
		g.Expect(time.Since(start)).To(Equal(1700 * time.Millisecond))
	})
}

func TestAStreamDoesNotKeepTheNetworkFromBeingQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		l := testLedger()
		x := &Exchange{}
		l.begin(x)
		g.Expect(l.InFlight()).To(Equal(1))
		l.stream(x)
		g.Expect(l.InFlight()).To(Equal(0))
		g.Expect(l.Quiet(t.Context(), time.Second)).To(Succeed())
	})
}

func TestQuietThatDoesNotComeNamesTheRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		l := testLedger()
		l.begin(&Exchange{Method: "GET", URL: "https://acme.webex.com/hangs"})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := l.Quiet(ctx, time.Second)
		g.Expect(err).To(MatchError(context.DeadlineExceeded))
		g.Expect(err).To(MatchError(ContainSubstring("GET https://acme.webex.com/hangs")))
	})
}

func TestQuietThatIsInterruptedNamesNoRequestsWhereThereAreNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := testLedger().Quiet(ctx, time.Minute)
		g.Expect(err).To(MatchError(`the network of "case" has not been quiet for 1m0s: context deadline exceeded`))
	})
}

func TestWaitSeesWhatIsThereAndWhatComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		l := testLedger()
		first, second := &Exchange{Path: "/1"}, &Exchange{Path: "/2"}
		l.begin(first)
		x, err := l.Wait(t.Context(), func(x Exchange) bool { return x.Path == "/1" })
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(x.ID).To(Equal(1))

		time.AfterFunc(time.Second, func() { l.begin(second) })
		time.AfterFunc(2*time.Second, func() { l.update(second, func(x *Exchange) { x.Status = 302 }) })
		x, err = l.Wait(t.Context(), func(x Exchange) bool { return x.Status == 302 })
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(x.ID).To(Equal(2))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = l.Wait(ctx, func(Exchange) bool { return false })
		g.Expect(err).To(MatchError(context.DeadlineExceeded))
	})
}

func TestEndWaitsAndThenCuts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		l := testLedger()
		x := &Exchange{}
		l.begin(x)
		time.AfterFunc(time.Second, func() { l.finish(x) })
		g.Expect(l.End(t.Context())).To(Succeed())

		l = testLedger()
		l.begin(&Exchange{Method: "POST", URL: "https://acme.webex.com/hangs"})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		g.Expect(l.ctx.Err()).NotTo(HaveOccurred())
		g.Expect(l.End(ctx)).To(MatchError(ContainSubstring("POST https://acme.webex.com/hangs")))
		g.Expect(l.ctx.Err()).To(HaveOccurred(), "its requests must be cancelled")
	})
}

func TestExchangesAreCopies(t *testing.T) {
	g := NewWithT(t)
	l := testLedger()
	x := &Exchange{Filters: []string{"a"}}
	l.begin(x)
	seen := l.Exchanges()
	l.update(x, func(x *Exchange) { x.Filters[0], x.Status = "b", 200 })
	g.Expect(seen[0].Filters).To(Equal([]string{"a"}))
	g.Expect(seen[0].Status).To(BeZero())
}
