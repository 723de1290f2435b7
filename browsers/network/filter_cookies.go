package network

// Direction is the way of a cookie that a filter looks at.
type Direction string

// The directions.
const (
	OnRequest  Direction = "request"  // from the browser to the site
	OnResponse Direction = "response" // from the site to the browser
	OnBoth     Direction = "both"
)

// StripThirdPartyCookies takes the cookies out of what is exchanged with somebody else's site than the page's. Where the page's site is
// not known it leaves them, and says so.
type StripThirdPartyCookies struct{ From Direction }

// Name is "strip-third-party-cookies".
func (StripThirdPartyCookies) Name() string { return "strip-third-party-cookies" }

// Request strips Cookie.
func (f StripThirdPartyCookies) Request(p *Passage) {
	if f.From != OnResponse && len(p.Request.Header["Cookie"]) > 0 && isThirdParty(p) {
		p.Request.Header.Del("Cookie")
	}
}

// Response strips Set-Cookie.
func (f StripThirdPartyCookies) Response(p *Passage) {
	if f.From != OnRequest && len(p.Answer["Set-Cookie"]) > 0 && isThirdParty(p) {
		p.Answer.Del("Set-Cookie")
	}
}

func isThirdParty(p *Passage) bool {
	third, known := p.ThirdParty()
	if !known {
		p.Note("left the cookies alone, because nothing tells whose page it is")
	}
	return third
}

// StripAllCookies takes out every cookie.
type StripAllCookies struct{ From Direction }

// Name is "strip-all-cookies".
func (StripAllCookies) Name() string { return "strip-all-cookies" }

// Request strips Cookie.
func (f StripAllCookies) Request(p *Passage) {
	if f.From != OnResponse {
		p.Request.Header.Del("Cookie")
	}
}

// Response strips Set-Cookie.
func (f StripAllCookies) Response(p *Passage) {
	if f.From != OnRequest {
		p.Answer.Del("Set-Cookie")
	}
}

// RewriteSameSite gives every cookie the same SameSite attribute, whatever it had.
type RewriteSameSite struct{ To SameSiteValue }

// SameSiteValue is what RewriteSameSite writes.
type SameSiteValue string

// The values. Absent takes the attribute out.
const (
	SameSiteNone   SameSiteValue = "none"
	SameSiteLax    SameSiteValue = "lax"
	SameSiteStrict SameSiteValue = "strict"
	SameSiteAbsent SameSiteValue = "absent"
)

// Name is "rewrite-same-site".
func (RewriteSameSite) Name() string { return "rewrite-same-site" }

// Request does nothing.
func (RewriteSameSite) Request(*Passage) {}

// Response rewrites.
func (f RewriteSameSite) Response(p *Passage) {
	p.EditOffered(func(c *SetCookie) bool {
		if f.To == SameSiteAbsent {
			c.Remove("SameSite")
		} else {
			c.Set("SameSite", map[SameSiteValue]string{SameSiteNone: "None", SameSiteLax: "Lax", SameSiteStrict: "Strict"}[f.To])
		}
		return true
	})
}

// RemoveP3P takes the compact policy out, without which Internet Explorer 6 refuses a third party's cookies.
type RemoveP3P struct{}

// Name is "remove-p3p".
func (RemoveP3P) Name() string { return "remove-p3p" }

// Request does nothing.
func (RemoveP3P) Request(*Passage) {}

// Response removes the header.
func (RemoveP3P) Response(p *Passage) {
	if p.Answer.Get("P3P") != "" {
		p.Answer.Del("P3P")
		p.Note("removed P3P")
	}
}

var (
	_ Filter = StripThirdPartyCookies{}
	_ Filter = StripAllCookies{}
	_ Filter = RewriteSameSite{}
	_ Filter = RemoveP3P{}
)
