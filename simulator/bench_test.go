package simulator

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cookiegate/cookiegate/simulator/session"
)

const benchBack = "https%3A%2F%2Fportal.acme.example%2Fback%3Fstate%3D2"

// wire is a client that costs as little as can be: it writes the same request again and again and reads no more of the answer than its length.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(b *testing.B, address string) *wire {
	b.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	return &wire{conn, bufio.NewReaderSize(conn, 32<<10)}
}

// ask sends a request and reads the answer, whose page must hold want.
func (w *wire) ask(request, want string) error {
	if _, err := io.WriteString(w.conn, request); err != nil {
		return err
	}
	length := -1
	for {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if len(line) > 16 && string(line[:16]) == "Content-Length: " {
			length, _ = strconv.Atoi(strings.TrimSpace(string(line[16:])))
		}
	}
	page, err := w.in.Peek(max(length, 0))
	if err != nil {
		return err
	}
	if !strings.Contains(string(page), want) {
		return fmt.Errorf("the page has no %q: %s", want, page)
	}
	_, err = w.in.Discard(length)
	return err
}

// requests per second of a server, asked over so many connections at once.
func rate(b *testing.B, clients []*wire, request, want string, each int) float64 {
	b.Helper()
	var wg sync.WaitGroup
	began := time.Now()
	for _, c := range clients {
		wg.Go(func() {
			for range each {
				if err := c.ask(request, want); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(each*len(clients)) / time.Since(began).Seconds()
}

// bare parses the same form and writes the same page, and does nothing else.
func bare(page []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Form.Get("AT") == "" {
			http.Error(w, "no form", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		w.Write(page)
	})
}

// BenchmarkAgainstBareHandler compares LI and HM, journal on, with a bare net/http handler, both over plain loopback connections that stay open, in turns.
func BenchmarkAgainstBareHandler(b *testing.B) {
	site := DefaultSite()
	site.Meetings = []Meeting{{Key: "100000001", Host: "alice", Name: "Weekly call"}}
	s, err := New(Options{Sites: []Site{site}})
	if err != nil {
		b.Fatal(err)
	}
	running, _ := s.Site("acme")
	alice := running.Accounts.Find("alice")
	ticket, _ := running.Sessions.Open(alice.Index)
	post := func(page, cookie, form string) string {
		return "POST /acme/" + page + " HTTP/1.1\r\nHost: acme.webex.com\r\nUser-Agent: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
			cookie + "Content-Length: " + strconv.Itoa(len(form)) + "\r\n\r\n" + form
	}
	for _, c := range []struct{ name, request, want string }{
		{"LI", post("p.php", "", "AT=LI&WID=alice&PW=secret&MU=GoBack&BU="+benchBack), `ST\x3dSUCCESS`},
		{"HM", post("m.php", `Cookie: ticket="`+ticket+`"`+"\r\n", "AT=HM&MK=100000001&BU="+benchBack), "end-meeting"},
	} {
		b.Run(c.name, func(b *testing.B) {
			r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(c.request)))
			if err != nil {
				b.Fatal(err)
			}
			rec := httptest.NewRecorder()
			s.ServeHTTP(rec, r)
			ours, theirs := httptest.NewServer(s), httptest.NewServer(bare(rec.Body.Bytes()))
			defer ours.Close()
			defer theirs.Close()
			var a, z []*wire
			for range 8 {
				a, z = append(a, dial(b, ours.Listener.Addr().String())), append(z, dial(b, theirs.Listener.Addr().String()))
			}
			var ratios, rates []float64
			for b.Loop() {
				rate(b, a, c.request, c.want, 200)
				rate(b, z, c.request, c.want, 200)
				for range 60 { // short turns, many of them: what else the machine does meets both alike
					mine, other := rate(b, a, c.request, c.want, 100), rate(b, z, c.request, c.want, 100)
					ratios, rates = append(ratios, mine/other), append(rates, mine)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(ratios), "of-bare")
			b.ReportMetric(median(rates), "req/s")
		})
	}
}

// BenchmarkLatency is the time to an answer with 64 connections asking at once.
func BenchmarkLatency(b *testing.B) {
	s, err := New(Options{Sites: []Site{DefaultSite()}})
	if err != nil {
		b.Fatal(err)
	}
	ours := httptest.NewServer(s)
	defer ours.Close()
	const form = "AT=LI&WID=alice&PW=secret&BU=" + benchBack
	request := "POST /acme/p.php HTTP/1.1\r\nHost: acme.webex.com\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
		strconv.Itoa(len(form)) + "\r\n\r\n" + form
	const connections, each = 64, 300
	var all []time.Duration
	for b.Loop() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range connections {
			c := dial(b, ours.Listener.Addr().String())
			wg.Go(func() {
				took := make([]time.Duration, 0, each)
				for range each {
					began := time.Now()
					if err := c.ask(request, `ST\x3dSUCCESS`); err != nil {
						b.Error(err)
						return
					}
					took = append(took, time.Since(began))
				}
				mu.Lock()
				all = append(all, took...)
				mu.Unlock()
			})
		}
		wg.Wait()
	}
	slices.Sort(all)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkStart is what it costs to have a server that listens with TLS, and to have it down again.
func BenchmarkStart(b *testing.B) {
	var all []float64
	for b.Loop() {
		for range 200 {
			began := time.Now()
			s, err := Start(Options{Sites: []Site{DefaultSite()}})
			if err != nil {
				b.Fatal(err)
			}
			all = append(all, float64(time.Since(began).Microseconds()))
			s.Close()
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(all), "µs/start")
}

// BenchmarkMillionSessions is what a million idle sessions weigh, and how long it takes to advance the clock past all of them.
func BenchmarkMillionSessions(b *testing.B) {
	const million = 1_000_000
	var bytes, took []float64
	for b.Loop() {
		s, err := New(Options{Sites: []Site{DefaultSite()}})
		if err != nil {
			b.Fatal(err)
		}
		site, _ := s.Site("acme")
		before := heap()
		for range million {
			site.Sessions.Open(0)
		}
		bytes = append(bytes, float64(heap()-before)/million)
		began := time.Now()
		s.Advance(session.DefaultIdleLimit + 1)
		took = append(took, float64(time.Since(began).Microseconds())/1000)
		if n := site.Sessions.Len(); n != 0 {
			b.Fatalf("%d sessions are left", n)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(bytes), "B/session")
	b.ReportMetric(median(took), "ms/million-expiries")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
