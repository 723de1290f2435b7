package control_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/control"
)

// serve is a simulator and its control API, as `cookiegate serve` has them in a process of their own.
func serve() (*simulator.Server, *control.Listener) {
	server, err := simulator.Start(simulator.Options{
		Sites: []simulator.Site{simulator.DefaultSite()}, Start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	})
	if err != nil {
		panic(err)
	}
	api, err := control.Listen("127.0.0.1:0", control.Options{Server: server})
	if err != nil {
		panic(err)
	}
	return server, api
}

// login logs alice in and returns her browser.
func login(server *simulator.Server) *http.Client {
	browser, err := server.Client()
	if err != nil {
		panic(err)
	}
	answer, err := browser.PostForm("https://acme.webex.com/acme/p.php", url.Values{"AT": {"LI"}, "WID": {"alice"}, "PW": {"secret"}})
	if err != nil {
		panic(err)
	}
	answer.Body.Close()
	return browser
}

func Example() {
	server, api := serve()
	defer server.Close()
	defer api.Close()
	defer http.DefaultClient.CloseIdleConnections()
	defer login(server).CloseIdleConnections()

	ctx, client := context.Background(), &control.Client{URL: api.URL()}
	clock, err := client.Clock(ctx)
	if err != nil {
		panic(err)
	}
	for _, s := range clock.Next {
		fmt.Println(s.Host, "of", s.Site, "has", s.TTL)
	}
	if clock, err = client.Advance(ctx, 30*time.Minute+time.Second); err != nil {
		panic(err)
	}
	fmt.Println(len(clock.Next), "sessions at", clock.Now.Format(time.TimeOnly))
	// Output:
	// alice of acme has 30m0s
	// 0 sessions at 09:30:01
}

func ExampleClient_AddFault() {
	server, api := serve()
	defer server.Close()
	defer api.Close()
	client := api.Client()
	defer http.DefaultClient.CloseIdleConnections()

	// The next login succeeds and sets a ticket that no frame of somebody else's page gets to see.
	ctx := context.Background()
	if _, err := client.AddFault(ctx, control.Fault{Command: "LI", Cookies: map[string]control.Attributes{"ticket": {"SameSite": "Lax"}}}); err != nil {
		panic(err)
	}
	defer login(server).CloseIdleConnections()
	seen, err := client.Journal(ctx, control.Filter{Commands: []string{"LI"}})
	if err != nil {
		panic(err)
	}
	fmt.Println(seen.Entries[0].Result, seen.Entries[0].CookiesSet[0].Attributes)
	// Output: SUCCESS Version=1; Domain=webex.com; Path=/; Secure; SameSite=Lax
}

func ExampleClient_Follow() {
	server, api := serve()
	defer server.Close()
	defer api.Close()
	client := api.Client()
	defer http.DefaultClient.CloseIdleConnections()
	defer login(server).CloseIdleConnections()

	for entry, err := range client.Follow(context.Background(), control.Filter{Sites: []string{"acme"}}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(entry.Command, entry.User, entry.Result)
		break
	}
	// Output: LI alice SUCCESS
}
