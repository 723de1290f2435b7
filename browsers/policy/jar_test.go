package policy_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

const (
	login   = "https://acme.webex.com/acme/p.php?AT=LI"
	command = "https://acme.webex.com/acme/m.php?AT=HM"
)

func sent(j *policy.Jar, ctx policy.Context) map[string]policy.Reason {
	out := map[string]policy.Reason{}
	for _, c := range j.Send(ctx) {
		if c.Verdict.Action.Through() {
			out[c.Cookie.Name] = "sent"
		} else {
			out[c.Cookie.Name] = c.Verdict.Reason
		}
	}
	return out
}

// A login in a frame, and the command after it in the same frame: the symptom chain, hop by hop.
func TestLoginInAFrame(t *testing.T) {
	const plain, none, part = ticketHeader, "ticket=x; Path=/; SameSite=None; Secure", "ticket=x; Path=/; SameSite=None; Secure; Partitioned"
	for _, row := range []struct {
		engine string
		base   policy.Base
		header string
		works  bool
	}{
		{policy.Chromium, policy.AllowThirdParty, plain, false}, // SameSite by default
		{policy.Chromium, policy.AllowThirdParty, none, true},
		{policy.Chromium, policy.BlockThirdParty, none, false},
		{policy.Chromium, policy.BlockThirdParty, part, true},
		{policy.Firefox, policy.AllowThirdParty, plain, true},
		{policy.Firefox, policy.Partition, plain, true},
		{policy.Firefox, policy.PartitionOptIn, plain, false},
		{policy.Firefox, policy.PartitionOptIn, part, true},
		{policy.Firefox, policy.BlockThirdParty, part, false},
		{policy.WebKit, policy.AllowThirdParty, plain, true},
		{policy.WebKit, policy.BlockThirdParty, part, false},
		{policy.WebKit, policy.SendOnly, plain, false},
	} {
		g := NewWithT(t)
		j := policy.Under(row.engine, "", policy.Policy{Base: row.base}).Jar()
		v := j.Set(policy.ParseSetCookie(row.header), policy.InFrame(login, portal))
		g.Expect(v.Action.Through()).To(Equal(row.works), v.Sentence())
		g.Expect(sent(j, policy.InFrame(command, portal))).To(Equal(map[bool]map[string]policy.Reason{true: {"ticket": "sent"}, false: {}}[row.works]), "%s %s", row.engine, row.base)
	}
}

// A login at top level (redirect, popup), then the command in a frame.
func TestLoginAtTopLevelThenAFrame(t *testing.T) {
	for _, row := range []struct {
		engine string
		base   policy.Base
		reason policy.Reason
	}{
		{policy.Chromium, policy.AllowThirdParty, "sent"},
		{policy.Chromium, policy.BlockThirdParty, policy.ThirdPartyBlocked},
		{policy.Firefox, policy.AllowThirdParty, "sent"},
		{policy.Firefox, policy.Partition, policy.OtherPartition},
		{policy.Firefox, policy.BlockThirdParty, policy.ThirdPartyBlocked},
		{policy.Firefox, policy.VisitedOnly, "sent"},
		{policy.WebKit, policy.SendOnly, "sent"},
		{policy.WebKit, policy.BlockThirdParty, policy.ThirdPartyBlocked},
	} {
		g := NewWithT(t)
		j := policy.Under(row.engine, "", policy.Policy{Base: row.base}).Jar()
		g.Expect(j.Set(policy.ParseSetCookie("ticket=x; Path=/; SameSite=None; Secure"), policy.TopLevel(login)).Action).To(Equal(policy.Accepted))
		g.Expect(sent(j, policy.InFrame(command, portal))).To(Equal(map[string]policy.Reason{"ticket": row.reason}), "%s %s", row.engine, row.base)
		g.Expect(sent(j, policy.TopLevel(command))).To(Equal(map[string]policy.Reason{"ticket": "sent"}))
	}
}

func TestFirefoxVisitedOnlyHopByHop(t *testing.T) {
	g := NewWithT(t)
	j := policy.Under(policy.Firefox, "", policy.Policy{Base: policy.VisitedOnly}).Jar()
	c := policy.ParseSetCookie("ticket=x; Path=/; SameSite=None; Secure")
	g.Expect(j.Set(c, policy.InFrame(login, portal)).Reason).To(Equal(policy.ThirdPartyBlocked))
	g.Expect(j.Set(policy.ParseSetCookie("seen=1"), policy.TopLevel("https://www.webex.com/")).Action).To(Equal(policy.Accepted))
	g.Expect(j.Set(c, policy.InFrame(login, portal)).Action).To(Equal(policy.Accepted))
}

func TestTheSameNameInTwoPartitions(t *testing.T) {
	g := NewWithT(t)
	j := policy.Under(policy.Firefox, "", policy.Policy{Base: policy.Partition}).Jar()
	c := policy.ParseSetCookie("ticket=x; Path=/")
	j.Set(c, policy.InFrame(login, portal))
	j.Set(c, policy.TopLevel(login))
	g.Expect(j.Send(policy.InFrame(command, portal))).To(HaveLen(2))
	through := 0
	for _, x := range j.Send(policy.InFrame(command, portal)) {
		if x.Verdict.Action.Through() {
			through++
			g.Expect(x.Verdict.Partition).To(Equal("https://acme.example"))
		}
	}
	g.Expect(through).To(Equal(1))
}

func TestLogoutAndTheEndOfTheBrowser(t *testing.T) {
	g := NewWithT(t)
	j := policy.Under(policy.Chromium, "", policy.Policy{Base: policy.AllowThirdParty}).Jar()
	j.Set(policy.ParseSetCookie("ticket=x; Path=/"), policy.TopLevel(login))
	j.Set(policy.ParseSetCookie("lang=en; Max-Age=60; Path=/"), policy.TopLevel(login))
	j.Set(policy.ParseSetCookie("old=1; Path=/"), policy.TopLevel(login))
	j.Set(policy.ParseSetCookie("old=; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT"), policy.TopLevel(login))
	g.Expect(sent(j, policy.TopLevel(command))).To(HaveLen(2))
	j.Close()
	g.Expect(sent(j, policy.TopLevel(command))).To(Equal(map[string]policy.Reason{"lang": "sent"}))
	g.Expect(sent(j, policy.TopLevel("https://other.webex.com/"))).To(BeEmpty())
}

func TestADomainThatIsAPublicSuffixKeepsTheCookieToItsHost(t *testing.T) {
	for _, host := range []string{"github.io", "localhost"} {
		for _, engine := range []string{policy.Chromium, policy.Firefox} {
			g := NewWithT(t)
			j := policy.Under(engine, "", policy.Policy{Base: policy.AllowThirdParty}).Jar()
			home, below := policy.TopLevel("https://"+host+"/"), policy.TopLevel("https://somebody."+host+"/")
			g.Expect(j.Set(policy.ParseSetCookie("ticket=x; Secure; Path=/; Domain="+host), home).Action).To(Equal(policy.Accepted))
			g.Expect(sent(j, home)).To(Equal(map[string]policy.Reason{"ticket": "sent"}), "%s %s", engine, host)
			g.Expect(sent(j, below)).To(BeEmpty(), "%s %s", engine, host)
			j.Set(policy.ParseSetCookie("ticket=y; Secure; Path=/"), home)
			g.Expect(j.Send(home)).To(HaveLen(1), "it is the same cookie as one without Domain")
		}
	}
}

// RFC 6265bis, 5.7; for WebKitGTK soup-cookie-jar.c and NetworkStorageSessionSoup.cpp.
func TestWhatTheJarProtects(t *testing.T) {
	const secure, plain = "https://acme.webex.com/acme/", "http://acme.webex.com/acme/"
	for _, row := range []struct {
		title, kept string
		header, url string
		script      bool
		reason      policy.Reason // in Chromium and Firefox; empty: stored
		webkit      policy.Reason
	}{
		{"a script over HttpOnly", "a=1; HttpOnly; Path=/", "a=2; Path=/", secure, true, policy.HTTPOnlyScript, policy.HTTPOnlyScript},
		{"a script that deletes HttpOnly", "a=1; HttpOnly; Path=/", "a=; Path=/; Max-Age=0", secure, true, policy.HTTPOnlyScript, policy.HTTPOnlyScript},
		{"a server over HttpOnly", "a=1; HttpOnly; Path=/", "a=2; Path=/", secure, false, "", ""},
		{"a script beside HttpOnly, by path", "a=1; HttpOnly; Path=/", "a=2; Path=/acme", secure, true, "", ""},
		{"a script over what it may read", "a=1; Path=/", "a=2; Path=/", secure, true, "", ""},
		{"http over Secure", "a=1; Secure; Path=/", "a=2; Path=/", plain, false, policy.InsecureConnection, policy.InsecureConnection},
		{"http that deletes Secure", "a=1; Secure; Path=/", "a=; Path=/; Max-Age=0", plain, false, policy.InsecureConnection, policy.InsecureConnection},
		{"http before Secure, by path", "a=1; Secure; Path=/", "a=2; Path=/acme", plain, false, policy.InsecureConnection, ""},
		{"http before Secure, by domain", "a=1; Secure; Path=/", "a=2; Path=/; Domain=webex.com", plain, false, policy.InsecureConnection, ""},
		{"http behind Secure, by path", "a=1; Secure; Path=/acme", "a=2; Path=/", plain, false, "", ""},
		{"http beside Secure, by name", "a=1; Secure; Path=/", "b=2; Path=/", plain, false, "", ""},
		{"https over Secure", "a=1; Secure; Path=/", "a=2; Path=/", secure, false, "", ""},
		{"http over what is not Secure", "a=1; Path=/", "a=2; Path=/", plain, false, "", ""},
	} {
		for engine, want := range map[string]policy.Reason{policy.Chromium: row.reason, policy.Firefox: row.reason, policy.WebKit: row.webkit} {
			t.Run(engine+" "+row.title, func(t *testing.T) {
				g := NewWithT(t)
				j := policy.Under(engine, "", policy.Policy{Base: policy.AllowThirdParty}).Jar()
				g.Expect(j.Set(policy.ParseSetCookie(row.kept), policy.TopLevel(secure)).Action).To(Equal(policy.Accepted))
				c := policy.ParseSetCookie(row.header)
				c.Script = row.script
				v := j.Set(c, policy.TopLevel(row.url))
				g.Expect(v.Reason).To(Equal(want), v.Sentence())
				g.Expect(v.Action.Through()).To(Equal(want == ""))
				if want != "" {
					g.Expect(j.Send(policy.TopLevel(secure))).To(HaveLen(1), "what was there is left alone")
				}
			})
		}
	}
}

// Each top-level site's jar is one of its own.
func TestAnotherJarsCookieIsNotProtected(t *testing.T) {
	g := NewWithT(t)
	j := policy.Under(policy.Firefox, "", policy.Policy{Base: policy.Partition}).Jar()
	j.Set(policy.ParseSetCookie("a=1; HttpOnly; Path=/"), policy.TopLevel(login))
	c := policy.ParseSetCookie("a=2; Path=/")
	c.Script = true
	g.Expect(j.Set(c, policy.InFrame(login, portal)).Action).To(Equal(policy.Partitioned))
}
