package conformance

import (
	"fmt"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Form is one way of writing a Set-Cookie header. All forms have the path "/" and names of their own, so that one answer can set them all.
type Form struct {
	// Name is the cookie's name.
	Name string
	// Header is the Set-Cookie header.
	Header string
}

// Cookie is the form as the policy model takes it.
func (f Form) Cookie() policy.Cookie { return policy.ParseSetCookie(f.Header) }

// plantedAs is the name under which the form is set in a place: cookies of several places share a jar.
func (f Form) plantedAs(p Place) string { return f.Name + "." + string(p) }

// headerAt is the Set-Cookie header with which it is set there.
func (f Form) headerAt(p Place) string { return f.plantedAs(p) + strings.TrimPrefix(f.Header, f.Name) }

// String is the header without name and value, as a person compares forms: "SameSite=None; Secure".
func (f Form) String() string {
	pair, attributes, _ := strings.Cut(f.Header, "; ")
	name, value, _ := strings.Cut(pair, "=")
	attributes = strings.Replace(attributes, "Path=/; ", "", 1)
	attributes = strings.TrimSuffix(attributes, "Path=/")
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		attributes = name[:i+1] + " " + attributes
	}
	if strings.HasPrefix(value, `"`) {
		attributes = "quoted " + attributes
	}
	if attributes == "" {
		return "no attribute"
	}
	return strings.TrimSpace(attributes)
}

// Forms are all forms for a host below domain: SameSite × Secure × Partitioned × host-only or domain-wide, the name prefixes, and the
// quoted Version=1 cookies of old servers.
func Forms(domain string) []Form {
	var forms []Form
	add := func(prefix, value string, attributes ...string) {
		name := fmt.Sprintf("%sc%d", prefix, len(forms))
		parts := []string{name + "=" + value}
		for _, a := range attributes {
			if a != "" {
				parts = append(parts, a)
			}
		}
		forms = append(forms, Form{Name: name, Header: strings.Join(parts, "; ")})
	}
	for _, sameSite := range []string{"", "SameSite=None", "SameSite=Lax", "SameSite=Strict"} {
		for _, secure := range []string{"", "Secure"} {
			for _, partitioned := range []string{"", "Partitioned"} {
				for _, wide := range []string{"", "Domain=" + domain} {
					add("", "v", "Path=/", wide, secure, sameSite, partitioned)
				}
			}
			add("", `"v"`, "Version=1", "Path=/", secure, sameSite)
		}
	}
	for _, secure := range []string{"", "Secure"} {
		add("__Secure-", "v", "Path=/", secure, "SameSite=None")
		add("__Host-", "v", "Path=/", secure, "SameSite=None")
		add("__Host-", "v", "Path=/", secure, "SameSite=None", "Partitioned")
		add("__Host-", "v", "Path=/", "Domain="+domain, secure, "SameSite=None")
	}
	return forms
}
