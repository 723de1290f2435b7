package simulator_test

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"time"

	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

// A host logs in, idles for too long, and finds the door closed.
func Example() {
	s, err := simulator.Start(simulator.Options{Sites: []simulator.Site{simulator.DefaultSite()}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	browser, err := s.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	ask := func(page string, form url.Values) {
		answer, err := browser.PostForm("https://acme.webex.com/acme/"+page, form)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer answer.Body.Close()
		io.Copy(io.Discard, answer.Body)
	}

	ask("p.php", url.Values{"AT": {"LI"}, "WID": {"alice"}, "PW": {"secret"}})
	ask("m.php", url.Values{"AT": {"SM"}, "MN": {"Weekly call"}})
	s.Advance(30*time.Minute + time.Second)
	ask("m.php", url.Values{"AT": {"SM"}, "MN": {"Another call"}})

	for _, e := range s.Journal("acme").Entries() {
		fmt.Println(e.Command, e.Result, e.Reason, e.Session)
	}
	// Output:
	// LI SUCCESS  none
	// SM SUCCESS  live
	// SM FAIL AccessDenied idle-expired
}

// The answer to a command is a page whose script sends the browser back; a client reads the target out of it.
func ExampleServer_Client() {
	s, err := simulator.Start(simulator.Options{Sites: []simulator.Site{simulator.DefaultSite()}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	browser, err := s.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	answer, err := browser.Get("https://acme.webex.com/acme/m.php?AT=SM&BU=https://portal.acme.example/back")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	page, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.Status)
	fmt.Println(string(regexp.MustCompile(`var url = .*`).Find(page)))
	// Output:
	// 200 OK
	// var url = "https\x3a\x2f\x2fportal.acme.example\x2fback\x3fAT\x3dSM\x26ST\x3dFAIL\x26RS\x3dAccessDenied"
}

// Waiting for a command, however it comes.
func ExampleServer_Journal() {
	s, err := simulator.Start(simulator.Options{Sites: []simulator.Site{simulator.DefaultSite()}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	go func() {
		if browser, err := s.Client(); err == nil {
			if answer, err := browser.Get("https://acme.webex.com/acme/m.php?AT=HM&MK=100000001"); err == nil {
				answer.Body.Close()
			}
		}
	}()
	e, err := s.Journal("acme").Wait(context.Background(), 0, func(e journal.Entry) bool { return e.Command == "HM" })
	fmt.Println(e.Command, e.Result, e.Reason, err)
	// Output: HM FAIL AccessDenied <nil>
}

// The next login fails, and the one after it does not.
func ExampleServer_Script() {
	s, err := simulator.Start(simulator.Options{Sites: []simulator.Site{simulator.DefaultSite()}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	if err := s.Script("acme", simulator.Scripted{Command: "LI", Intervention: urlapi.Intervention{Reason: "AccountLocked"}}); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		browser, err := s.Client()
		if err != nil {
			fmt.Println(err)
			return
		}
		answer, err := browser.PostForm("https://acme.webex.com/acme/p.php", url.Values{"AT": {"LI"}, "WID": {"bob"}, "PW": {"secret"}})
		if err != nil {
			fmt.Println(err)
			return
		}
		answer.Body.Close()
	}
	for _, e := range s.Journal("acme").Entries() {
		fmt.Println(e.Command, e.Result, e.Reason)
	}
	// Output:
	// LI FAIL AccountLocked
	// LI SUCCESS
}

// The same site with the cookie of another year.
func ExampleServer_PutSite() {
	s, err := simulator.New(simulator.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	site := simulator.DefaultSite()
	site.Profile = session.Partitioned
	if err := s.PutSite(site); err != nil {
		fmt.Println(err)
		return
	}
	running, err := s.Site("acme")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(running.Cookies().Ticket.Attributes)
	// Output: Version=1; Domain=webex.com; Path=/; Secure; SameSite=None; Partitioned
}
