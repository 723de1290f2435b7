package report

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"go.uber.org/goleak"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// stage is a terminal and a clock for a Progress.
type stage struct {
	mu    sync.Mutex
	text  bytes.Buffer
	now   time.Time
	ticks chan time.Time
}

func newStage(mode Mode) (*stage, *Progress) {
	s := &stage{now: time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC), ticks: make(chan time.Time)}
	return s, NewProgress(ProgressOptions{Writer: s, Mode: mode, Now: s.time, Ticks: s.ticks, Width: func() int { return 80 }})
}

func (s *stage) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *stage) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stage) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// written is what was written since the last call.
func (s *stage) written() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.text.Reset()
	return s.text.String()
}

func passedCase(id string) testbed.Result { return testbed.Result{ID: id, Status: testbed.Passed} }

func TestLiveProgress(t *testing.T) {
	defer goleak.VerifyNone(t)
	g := NewWithT(t)
	s, p := newStage(Live)
	const back = "\r\x1b[K"
	p.Start(12)
	g.Expect(s.written()).To(Equal("0/12  0:00"))
	p.CaseStarted("matrix/a")
	g.Expect(s.written()).To(Equal(back + "0/12  0:00  matrix/a"))
	p.CaseStarted("matrix/b")
	g.Expect(s.written()).To(Equal(back + "0/12  0:00  matrix/a +1"))
	s.pass(3 * time.Second)
	p.CaseDone(passedCase("matrix/a"))
	g.Expect(s.written()).To(Equal(back + "1/12  1 passed  0:03  matrix/b"))
	p.CaseDone(testbed.Result{ID: "matrix/b", Status: testbed.Failed, Expected: testbed.Works, Outcome: testbed.Stuck})
	g.Expect(s.written()).To(Equal(back + "✗ matrix/b: stuck, expected works\n2/12  1 passed  1 failed  0:03"))

	for i := range 4 {
		p.CaseDone(passedCase(fmt.Sprint(i)))
	}
	s.written()
	s.pass(3 * time.Second)
	s.ticks <- s.time()
	s.ticks <- s.time() // the second is taken when the first has been drawn
	g.Expect(s.written()).To(HavePrefix(back + "6/12  5 passed  1 failed  0:06  about 0:06 left"))
	p.Finish()
	g.Expect(s.written()).To(HaveSuffix(back), "nothing stays of the live line")
}

func TestALiveLineFitsTheTerminal(t *testing.T) {
	g := NewWithT(t)
	s, p := newStage(Live)
	p.Start(1)
	s.written()
	p.CaseStarted("matrix/" + strings.Repeat("long", 40))
	line := strings.TrimPrefix(s.written(), "\r\x1b[K")
	g.Expect(length(line)).To(Equal(79))
	p.Finish()
}

// As with script, or a container that was given a terminal.
func TestALiveLineIsLegibleWhereNobodyKnowsTheWidth(t *testing.T) {
	g := NewWithT(t)
	s, _ := newStage(Live)
	p := NewProgress(ProgressOptions{Writer: s, Mode: Live, Now: s.time, Ticks: s.ticks, Width: func() int { return 0 }})
	p.Start(1)
	s.written()
	p.CaseStarted("matrix/iframe/none-secure/chromium/block-third-party")
	g.Expect(s.written()).To(HaveSuffix("0/1  0:00  matrix/iframe/none-secure/chromium/block-third-party"))
	p.Finish()
}

func TestProgressForALog(t *testing.T) {
	g := NewWithT(t)
	s, p := newStage(Lines)
	p.Start(30)
	g.Expect(s.written()).To(Equal("30 cases to run\n"))
	for i := range 9 {
		s.pass(time.Second)
		p.CaseDone(passedCase(fmt.Sprint(i)))
	}
	g.Expect(s.written()).To(BeEmpty(), "not a line for each case")
	s.pass(time.Second)
	p.CaseDone(testbed.Result{ID: "x", Status: testbed.NotAvailable})
	g.Expect(s.written()).To(Equal("10/30  9 passed  1 n/a  0:10  about 0:22 left\n"))
	p.Finish()
	g.Expect(s.written()).To(Equal("10/30  9 passed  1 n/a  0:10  about 0:22 left\n"))
}

func TestTheLastLineOfALogStandsThereOnce(t *testing.T) {
	g := NewWithT(t)
	s, p := newStage(Lines)
	p.Start(1)
	s.written()
	s.pass(time.Minute)
	p.CaseDone(passedCase("a"))
	p.Finish()
	g.Expect(strings.Count(s.written(), "\n")).To(Equal(1))
}

func TestOnlyTheFirstFailuresAreNamedAtOnce(t *testing.T) {
	g := NewWithT(t)
	s, p := newStage(Lines)
	p.Start(100)
	for i := range 100 {
		p.CaseDone(testbed.Result{ID: fmt.Sprintf("c%d", i), Status: testbed.Error, Sentence: "no browser"})
	}
	text := s.written()
	g.Expect(strings.Count(text, "error: no browser")).To(Equal(5))
	g.Expect(strings.Count(text, "more cases went wrong; they are told at the end\n")).To(Equal(1))
	p.Finish()
}

func TestQuietProgressSaysNothing(t *testing.T) {
	g := NewWithT(t)
	s, p := newStage(Quiet)
	p.Start(1)
	p.CaseStarted("a")
	p.CaseDone(testbed.Result{ID: "a", Status: testbed.Failed})
	p.Finish()
	g.Expect(s.written()).To(BeEmpty())
}

func TestProgressFromManyWorkers(t *testing.T) {
	defer goleak.VerifyNone(t)
	g := NewWithT(t)
	s, p := newStage(Live)
	p.Start(64)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := range 8 {
				id := fmt.Sprintf("%d/%d", w, i)
				p.CaseStarted(id)
				p.CaseDone(passedCase(id))
			}
		})
	}
	all.Wait()
	p.Finish()
	g.Expect(s.written()).To(HaveSuffix("64/64  64 passed  0:00\r\x1b[K"))
	p.Finish() // again, and without effect
}

func TestTheSeedIsToldAtTheStart(t *testing.T) {
	g := NewWithT(t)
	for mode, want := range map[Mode]string{Lines: "3 cases to run, seed 7\n", Live: "3 cases to run, seed 7\n0/3  0:00", Quiet: ""} {
		s, _ := newStage(mode)
		p := NewProgress(ProgressOptions{Writer: s, Mode: mode, Now: s.time, Ticks: s.ticks, Note: "seed 7"})
		p.Start(3)
		g.Expect(s.written()).To(Equal(want))
		p.Finish()
	}
}
