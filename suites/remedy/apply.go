package remedy

import (
	"fmt"

	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// domain is the registrable domain of the sites that exceptions are about.
const domain = session.Domain

// NotAvailableError says that the case's browser, or anything like the case's portal, has no such thing.
type NotAvailableError struct{ Sentence string }

func (e *NotAvailableError) Error() string { return e.Sentence }

// AlreadyError says that there is nothing for the remedy to change: it is so already.
type AlreadyError struct{ Sentence string }

func (e *AlreadyError) Error() string { return e.Sentence }

func notAvailable(format string, args ...any) error {
	return &NotAvailableError{fmt.Sprintf(format, args...)}
}

func already(format string, args ...any) error { return &AlreadyError{fmt.Sprintf(format, args...)} }

// Apply is the case with the remedy applied and nothing else changed, named after both. What must come out of it is left open. The error is a
// *NotAvailableError or an *AlreadyError.
func Apply(m fixtures.Remedy, c testbed.Case) (testbed.Case, error) {
	f, ok := remedies[m]
	if !ok {
		return testbed.Case{}, fmt.Errorf("there is no remedy %q", m)
	}
	cured := c
	cured.ID = c.ID + "/with/" + string(m)
	cured.Journal = nil
	if err := f(&cured); err != nil {
		return testbed.Case{}, err
	}
	if cured.Policy.Name != c.Policy.Name {
		if why := policy.NotAvailable(string(c.Engine), cured.Policy); why != "" {
			return testbed.Case{}, notAvailable("%s", why)
		}
	}
	return cured, nil
}

var remedies = map[fixtures.Remedy]func(*testbed.Case) error{
	fixtures.PerSiteAllow:      func(c *testbed.Case) error { return allow(c, policy.Person) },
	fixtures.ManagedPolicy:     func(c *testbed.Case) error { return allow(c, policy.Managed) },
	fixtures.TrustedZoneHTTPS:  trustedZone,
	fixtures.InPopup:           inPopup,
	fixtures.TopLevelRedirect:  topLevelRedirect,
	fixtures.StorageAccess:     storageAccess,
	fixtures.NoneSecure:        func(c *testbed.Case) error { return profile(c, session.NoneSecure) },
	fixtures.Partitioned:       func(c *testbed.Case) error { return profile(c, session.Partitioned) },
	fixtures.SameSiteDomain:    sameSiteDomain,
	fixtures.KeepAlive:         keepAlive,
	fixtures.LoginAgain:        loginAgain,
	fixtures.LogoutFirst:       logoutFirst,
	fixtures.ProxyException:    proxyException,
	fixtures.PostInsteadOfGet:  postInsteadOfGet,
	fixtures.AllowThirdParties: allowThirdParties,
}
