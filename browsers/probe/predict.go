package probe

import "github.com/cookiegate/cookiegate/browsers/policy"

// Predict is what the probe must see under a policy that nobody has written an expectation for, by the policy model: that of a remedy, or of a
// customer's export. Allowed is an origin of the site that the policy's exceptions are about.
func Predict(engine string, p policy.Policy, allowed string) policy.ProbeExpectation {
	return predict(engine, p, question(p, allowed))
}

// predict is the answer to q by the policy model.
func predict(engine string, p policy.Policy, q Question) policy.ProbeExpectation {
	if q.Top == "" {
		q.Top = ownTop
	}
	model := policy.Under(engine, "", p)
	seen := func(origin string) policy.Seen {
		set, back := policy.InFrame(origin+"/set", q.Top), policy.Within(origin+"/back", q.Top, origin)
		if q.AskAccess { // it is set once more, from the document that was given access
			back.StorageAccess = true
			set = back
		}
		c := policy.Cookie{Name: cookie, Path: "/", Secure: true, SameSite: policy.SameSiteNone}
		jar := model.Jar()
		jar.Set(c, set)
		switch {
		case !comesAlong(jar, back):
			return policy.SeenRefused
		case origin != q.Top && !comesAlong(jar, policy.TopLevel(origin+"/alone")):
			return policy.SeenPartitioned
		}
		return policy.SeenAccepted
	}
	return policy.ProbeExpectation{FirstParty: seen(q.Top), ThirdParty: seen(third), AllowedSite: seen(q.Allowed)}
}

func comesAlong(jar *policy.Jar, at policy.Context) bool {
	for _, c := range jar.Send(at) {
		if c.Verdict.Action.Through() {
			return true
		}
	}
	return false
}
