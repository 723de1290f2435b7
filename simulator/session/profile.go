package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// Profile says with which attributes a site sets its cookies.
type Profile string

// The profiles. All but Legacy change what was recorded in as little as their name says.
const (
	Legacy       Profile = "legacy"        // as recorded in 2013: Secure, no SameSite
	NoneSecure   Profile = "none-secure"   // SameSite=None; Secure
	Partitioned  Profile = "partitioned"   // SameSite=None; Secure; Partitioned
	Lax          Profile = "lax"           // SameSite=Lax
	Strict       Profile = "strict"        // SameSite=Strict
	NoneInsecure Profile = "none-insecure" // SameSite=None without Secure, which browsers reject
)

// Profiles are all profiles.
func Profiles() []Profile {
	return []Profile{Legacy, NoneSecure, Partitioned, Lax, Strict, NoneInsecure}
}

// Validate returns an error that names the profiles there are. The empty profile is Legacy.
func (p Profile) Validate() error {
	if p == "" || slices.Contains(Profiles(), p) {
		return nil
	}
	return fmt.Errorf("unknown cookie profile %q: expected %s", string(p), wording.OneOf(Profiles()))
}

// changes are the attributes that a profile puts in or, with "false", takes away.
func (p Profile) changes() []attribute {
	switch p {
	case NoneSecure:
		return []attribute{{"Secure", "true"}, {"SameSite", "None"}}
	case Partitioned:
		return []attribute{{"Secure", "true"}, {"SameSite", "None"}, {"Partitioned", "true"}}
	case Lax, Strict:
		return []attribute{{"SameSite", strings.ToUpper(string(p[:1])) + string(p[1:])}}
	case NoneInsecure:
		return []attribute{{"Secure", "false"}, {"SameSite", "None"}}
	}
	return nil
}
