package journalmatch_test

import (
	"fmt"
	"net/url"

	"github.com/cookiegate/cookiegate/simulator"
	. "github.com/cookiegate/cookiegate/simulator/journalmatch"
)

// In a test one writes Expect(server.Journal("acme")).To(…); an example has no test to fail.
func Example() {
	server, err := simulator.Start(simulator.Options{Sites: []simulator.Site{simulator.DefaultSite()}})
	if err != nil {
		panic(err)
	}
	defer server.Close()
	browser, err := server.Client()
	if err != nil {
		panic(err)
	}
	defer browser.CloseIdleConnections()
	answer, err := browser.PostForm("https://acme.webex.com/acme/p.php", url.Values{"AT": {"LI"}, "WID": {"alice"}, "PW": {"secret"}})
	if err != nil {
		panic(err)
	}
	answer.Body.Close()

	fmt.Println(HaveEntry(Command("LI"), User("alice"), Succeeded(), Set("ticket", "Secure")).Match(server.Journal("acme")))
	fmt.Println(HaveEntries(0, Denied()).Match(server.Journal("acme")))
	fmt.Println(HaveSequence(Entry(Command("LI")), Entry(Command("HM"), Succeeded())).Match(server.Journal("acme")))
	// Output:
	// true <nil>
	// true <nil>
	// false <nil>
}
