package fault_test

import (
	"fmt"

	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/fault"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

func ExampleSet() {
	var faults fault.Set
	server, err := simulator.New(simulator.Options{Sites: []simulator.Site{simulator.DefaultSite()}, Intervene: faults.Intervene})
	if err != nil {
		panic(err)
	}
	defer server.Close()

	// Every fourth command finds the site overloaded.
	if _, err := faults.Add(fault.Fault{Site: "acme", Share: 0.25, Intervention: urlapi.Intervention{Status: 503}}); err != nil {
		panic(err)
	}
	for range 4 {
		fmt.Println(faults.Intervene(urlapi.Attempt{Site: "acme", Page: "m.php", Command: "HM"}) != nil)
	}
	// Output:
	// false
	// false
	// false
	// true
}
