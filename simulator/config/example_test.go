package config_test

import (
	"fmt"

	"github.com/cookiegate/cookiegate/simulator/config"
)

func ExampleRead() {
	_, err := config.Read("sites.yaml", []byte("sites:\n- name: acme\n  profile: laxx\n"))
	fmt.Println(err)
	// Output: sites.yaml:3:12: sites[0].profile: unknown word "laxx"; expected one of legacy, none-secure, partitioned, lax, strict, none-insecure; did you mean "lax"?
}
