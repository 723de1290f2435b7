package repro

import (
	"net/http"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/intake"
)

// profileWeights are how often a profile is met, about.
var profileWeights = map[session.Profile]float64{
	session.NoneSecure: 4, session.Legacy: 2, session.Lax: 1.5, session.Partitioned: 1, session.NoneInsecure: .7, session.Strict: .2,
}

// recordedProfile is the one that a recording shows; empty: it shows no ticket being set by the site. Others may call a cookie so too.
func recordedProfile(s *intake.Sequence) session.Profile {
	site := map[string]bool{}
	for _, call := range s.Calls {
		site[s.Hops[call.Hop].Host] = true
	}
	for _, h := range s.Hops {
		if !site[h.Host] {
			continue
		}
		for _, k := range h.Offered {
			if k.Name == session.TicketName && !k.Deletes {
				return profileOf(k)
			}
		}
	}
	return ""
}

// profileOf is the profile that a ticket's attributes are of.
func profileOf(k network.Cookie) session.Profile {
	switch {
	case k.Partitioned:
		return session.Partitioned
	case k.SameSite == http.SameSiteNoneMode && k.Secure:
		return session.NoneSecure
	case k.SameSite == http.SameSiteNoneMode:
		return session.NoneInsecure
	case k.SameSite == http.SameSiteLaxMode:
		return session.Lax
	case k.SameSite == http.SameSiteStrictMode:
		return session.Strict
	}
	return session.Legacy
}
