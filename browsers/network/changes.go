package network

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// changes says what became of the cookies between two points of the way: "removed ticket", "added track", "changed ticket (SameSite absent
// to Lax)".
func changes(before, after []Cookie) []string {
	var out []string
	after = slices.Clone(after)
	take := func(match func(Cookie) bool) (Cookie, bool) {
		i := slices.IndexFunc(after, match)
		if i < 0 {
			return Cookie{}, false
		}
		c := after[i]
		after = slices.Delete(after, i, i+1)
		return c, true
	}
	var missing []Cookie
	for _, b := range before {
		if _, same := take(func(a Cookie) bool { return a == b }); !same {
			missing = append(missing, b)
		}
	}
	for _, b := range missing {
		a, there := take(func(a Cookie) bool { return a.Name == b.Name })
		if !there {
			out = append(out, "removed "+b.Name)
			continue
		}
		out = append(out, fmt.Sprintf("changed %s (%s)", b.Name, strings.Join(differences(b, a), ", ")))
	}
	for _, a := range after {
		out = append(out, "added "+a.Name)
	}
	return out
}

// differences names the attributes in which two cookies of one name differ.
func differences(before, after Cookie) []string {
	var out []string
	note := func(what, from, to string) {
		if from != to {
			out = append(out, fmt.Sprintf("%s %s to %s", what, from, to))
		}
	}
	if before.Fingerprint != after.Fingerprint {
		out = append(out, "value")
	}
	note("SameSite", sameSiteName(before.SameSite), sameSiteName(after.SameSite))
	note("Domain", orAbsent(before.Domain), orAbsent(after.Domain))
	note("Path", orAbsent(before.Path), orAbsent(after.Path))
	note("Secure", onOff(before.Secure), onOff(after.Secure))
	note("HttpOnly", onOff(before.HTTPOnly), onOff(after.HTTPOnly))
	note("Partitioned", onOff(before.Partitioned), onOff(after.Partitioned))
	note("persistent", onOff(before.Persistent), onOff(after.Persistent))
	note("deletion", onOff(before.Deletes), onOff(after.Deletes))
	return out
}

func orAbsent(s string) string {
	if s == "" {
		return "absent"
	}
	return s
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

func sameSiteName(s http.SameSite) string {
	switch s {
	case http.SameSiteNoneMode:
		return "None"
	case http.SameSiteLaxMode:
		return "Lax"
	case http.SameSiteStrictMode:
		return "Strict"
	case http.SameSiteDefaultMode:
		return "unknown"
	}
	return "absent"
}
