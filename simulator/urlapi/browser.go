package urlapi

import (
	"slices"

	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// chooseService is ST of o.php.
func chooseService(c *call) answer {
	service := site.ServiceType(c.form.get("SP"))
	switch {
	case !slices.Contains(site.ServiceTypes(), service):
		return fail(noTypeSupport)
	case !c.site.HasService(service):
		return fail(siteNoTypeSupport)
	}
	c.site.Browsers.Choose(c.browser(), service)
	return answer{}
}

// setLocale is MO of o.php.
func setLocale(c *call) answer {
	preferences := []struct {
		key string
		set session.Cookie
	}{{"LanguageID", c.jar.Language}, {"TimeZone", c.jar.TimeZone}, {"RegionID", c.jar.Region}}
	for _, p := range preferences {
		if value := c.form.get(p.key); value != "" && !numeric(value) {
			c.remark(p.key + " is not a number")
			return fail(invalidFormat)
		}
	}
	for _, p := range preferences {
		if value := c.form.get(p.key); value != "" {
			c.setCookie(p.set, value)
		}
	}
	return answer{}
}

// tokenMatches says whether CSRF is what the cookie holds.
func (c *call) tokenMatches() bool {
	token := c.form.get("CSRF")
	return token != "" && token == c.cookie(c.jar.CSRF.Name)
}
