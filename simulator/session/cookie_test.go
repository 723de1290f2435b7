package session

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestProfilesChangeWhatTheirNameSays(t *testing.T) {
	for profile, want := range map[Profile]struct{ ticket, sessionID, language string }{
		"": {
			`ticket="QUJD"; Version=1; Domain=webex.com; Path=/; Secure`, `JSESSIONID=QUJD; Path=/`,
			`CK_LanguageID_243585=QUJD; Max-Age=31536000; Path=/; Secure`,
		},
		Legacy: {
			`ticket="QUJD"; Version=1; Domain=webex.com; Path=/; Secure`, `JSESSIONID=QUJD; Path=/`,
			`CK_LanguageID_243585=QUJD; Max-Age=31536000; Path=/; Secure`,
		},
		NoneSecure: {
			`ticket="QUJD"; Version=1; Domain=webex.com; Path=/; Secure; SameSite=None`, `JSESSIONID=QUJD; Path=/; Secure; SameSite=None`,
			`CK_LanguageID_243585=QUJD; Max-Age=31536000; Path=/; Secure; SameSite=None`,
		},
		Partitioned: {
			`ticket="QUJD"; Version=1; Domain=webex.com; Path=/; Secure; SameSite=None; Partitioned`,
			`JSESSIONID=QUJD; Path=/; Secure; SameSite=None; Partitioned`,
			`CK_LanguageID_243585=QUJD; Max-Age=31536000; Path=/; Secure; SameSite=None; Partitioned`,
		},
		Lax: {
			`ticket="QUJD"; Version=1; Domain=webex.com; Path=/; Secure; SameSite=Lax`, `JSESSIONID=QUJD; Path=/; SameSite=Lax`,
			`CK_LanguageID_243585=QUJD; Max-Age=31536000; Path=/; Secure; SameSite=Lax`,
		},
		Strict: {
			`ticket="QUJD"; Version=1; Domain=webex.com; Path=/; Secure; SameSite=Strict`, `JSESSIONID=QUJD; Path=/; SameSite=Strict`,
			`CK_LanguageID_243585=QUJD; Max-Age=31536000; Path=/; Secure; SameSite=Strict`,
		},
		NoneInsecure: {
			`ticket="QUJD"; Version=1; Domain=webex.com; Path=/; SameSite=None`, `JSESSIONID=QUJD; Path=/; SameSite=None`,
			`CK_LanguageID_243585=QUJD; Max-Age=31536000; Path=/; SameSite=None`,
		},
	} {
		t.Run(string(profile), func(t *testing.T) {
			g := NewWithT(t)
			c, err := NewCookies(243585, profile, nil)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(c.Ticket.Set("QUJD")).To(Equal(want.ticket))
			g.Expect(c.SessionID.Set("QUJD")).To(Equal(want.sessionID))
			g.Expect(c.Language.Set("QUJD")).To(Equal(want.language))
		})
	}
}

func TestADeletionHasTheAttributesOfTheCookie(t *testing.T) {
	g := NewWithT(t)
	c, err := NewCookies(1, Partitioned, nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Ticket.Delete()).To(Equal(
		"ticket=; Version=1; Domain=webex.com; Path=/; Secure; SameSite=None; Partitioned; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"))
}

func TestAnyAttributeOfAnyCookieCanBeSet(t *testing.T) {
	g := NewWithT(t)
	c, err := NewCookies(1, NoneSecure, map[string]Attributes{
		"ticket":     {"domain": "false", "SameSite": "Strict", "HttpOnly": "true", "Max-Age": "60", "Version": "false"},
		"JSESSIONID": {"Path": "/acme", "Priority": "High"},
		"_csrf_":     {"Path": "false", "Secure": "false", "SameSite": "false"},
	})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Ticket.Set("x")).To(Equal(`ticket="x"; Path=/; Secure; SameSite=Strict; HttpOnly; Max-Age=60`))
	g.Expect(c.SessionID.Set("x")).To(Equal(`JSESSIONID=x; Path=/acme; Secure; SameSite=None; Priority=High`))
	g.Expect(c.CSRF.Set("x")).To(Equal(`_csrf_=x`))
	g.Expect(c.TimeStamp.Set("x")).To(Equal(`ticket_timeStamp=x; Path=/; Secure; SameSite=None`))
}

func TestMistakesInCookiesAreNamed(t *testing.T) {
	g := NewWithT(t)
	_, err := NewCookies(7, "modern", nil)
	g.Expect(err).To(MatchError(`unknown cookie profile "modern": expected one of legacy, none-secure, partitioned, lax, strict, none-insecure`))
	_, err = NewCookies(7, Legacy, map[string]Attributes{"tickt": {"Path": "/"}})
	g.Expect(err).To(MatchError(ContainSubstring(`the site sets no cookie "tickt": expected one of ticket, ticket_timeStamp, JSESSIONID, CK_LanguageID_7`)))
	_, err = NewCookies(7, Legacy, map[string]Attributes{"ticket": {"SameSite": "None", "samesite": "Lax"}})
	g.Expect(err).To(MatchError("ticket: attribute samesite: is there as SameSite too: expected it once, because letter case does not matter"))
	for _, bad := range []Attributes{{"Path": "/; Domain=example.com"}, {"Se cure": "true"}, {"Path": "/\r\nX: y"}, {"": "x"}} {
		_, err = NewCookies(7, Legacy, map[string]Attributes{"ticket": bad})
		g.Expect(err).To(MatchError(ContainSubstring("ticket: ")), "%v", bad)
	}
}
