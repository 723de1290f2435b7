package repro

import (
	"net/http"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// profileWeights are how often a profile is met, about.
var profileWeights = map[session.Profile]float64{
	session.NoneSecure: 4, session.Legacy: 2, session.Lax: 1.5, session.Partitioned: 1, session.NoneInsecure: .7, session.Strict: .2,
}

// knownProfile is the site's cookie profile where report, recording or cookie export show it.
func (c *Complaint) knownProfile() session.Profile {
	if c.Profile != "" {
		return session.Profile(c.Profile)
	}
	if c.Sequence != nil {
		for _, h := range c.Sequence.Hops {
			for _, k := range h.Offered {
				if k.Name == session.TicketName && !k.Deletes {
					return profileOf(k)
				}
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
