package policy

// newInternetExplorer are the rules of the version the settings name.
func newInternetExplorer(ie InternetExplorer) (engine, []Ignored) {
	if ieName(ie) == IE55 {
		return newIE55(ie)
	}
	return newIE6(ie)
}

func ieName(ie InternetExplorer) string {
	if ie.Version == "5.5" {
		return IE55
	}
	return IE6
}

// underRules is a browser as a sentence names it that has an Internet Explorer's rules in front of it.
func underRules(ie InternetExplorer, browser string) string {
	return "Under " + who(ieName(ie), "") + " rules, " + browser
}

// internetExplorerOf are the settings that a policy means for an Internet Explorer: its own, or those that come nearest to the policy's base. The
// sentence says why there are none.
func internetExplorerOf(engine string, p Policy) (InternetExplorer, string) {
	if ie := p.InternetExplorer; ie != nil {
		if ieName(*ie) != engine {
			return InternetExplorer{}, "The policy's settings are those of Internet Explorer " + ie.Version + "."
		}
		return *ie, ""
	}
	switch {
	case engine == IE6 && len(p.Exceptions) == 0:
		ie := InternetExplorer{Version: "6"}
		switch p.Base {
		case BrowserDefault:
			return ie, ""
		case AllowThirdParty:
			ie.Level = LevelAcceptAll
			return ie, ""
		case BlockThirdParty:
			ie.Advanced = &AdvancedPrivacy{FirstParty: ChooseAccept, ThirdParty: ChooseBlock}
			return ie, ""
		case BlockAll:
			ie.Level = LevelBlockAll
			return ie, ""
		}
	case engine == IE55 && len(p.Exceptions) == 0:
		ie := InternetExplorer{Version: "5.5"}
		switch p.Base {
		case BrowserDefault, AllowThirdParty:
			return ie, ""
		case BlockAll:
			ie.Zones = map[Zone]ZoneSettings{}
			for _, z := range zones {
				ie.Zones[z] = ZoneSettings{PersistentCookies: ZoneDisable, SessionCookies: ZoneDisable}
			}
			return ie, ""
		case BlockThirdParty:
			return ie, "Internet Explorer 5.5 does not tell first and third parties apart, only zones."
		}
	}
	return InternetExplorer{}, "Internet Explorer has no such setting; give its own under internet-explorer."
}

// overlay is an Internet Explorer's rules in front of a real browser: what they let through reaches it as a cookie that its own rules do not refuse
// (Wire does that), or is refused by those all the same.
type overlay struct{ ie, browser engine }

func (o overlay) store(c *Cookie, f *facts) ruling {
	r := o.ie.store(c, f)
	if r.blocked() || r.rule.action == Prompted {
		return r
	}
	onWire := rewritten(*c, f.url.scheme == "https")
	if b := o.browser.store(&onWire, f); b.blocked() {
		return b
	}
	return r
}

func (o overlay) send(c *Cookie, f *facts, k Kept) ruling {
	r := o.ie.send(c, f, k)
	if r.blocked() || r.rule.action == Prompted {
		return r
	}
	onWire := rewritten(*c, f.url.scheme == "https")
	if b := o.browser.send(&onWire, f, Kept{Action: Accepted}); b.blocked() {
		return b
	}
	return r
}

// rewritten is the cookie as the browser behind the rules gets it: with SameSite=None and Secure where the connection allows, so that the browser's
// own third-party rules stand back. Over http that cannot be had, and the browser's default holds.
func rewritten(c Cookie, https bool) Cookie {
	c.Partitioned = false
	c.SameSite = SameSiteUnset
	if https {
		c.SameSite, c.Secure = SameSiteNone, true
	}
	return c
}

var _ engine = overlay{}
