package policy

// Extension is a browser extension that meddles with cookies. It is no setting of the browser, and none helps against it.
type Extension string

// The extensions.
const (
	// StripThirdParty takes Cookie and Set-Cookie out of what a document of another site asks for, as privacy extensions do.
	StripThirdParty Extension = "strip-third-party-cookies"
)

var extensionStrips = &rule{
	"extension/strip-third-party", Blocked, RemovedByExtension, "an extension takes cookies out of what another site's document asks for",
	"developer.chrome.com, chrome.declarativeNetRequest (domainType thirdParty); measured on Chromium 156",
}

// extended is a browser with the extension StripThirdParty. What it takes out, the browser's own rules never see.
type extended struct{ engine }

func (x extended) store(c *Cookie, f *facts) ruling {
	if x.strips(f) {
		return ruling{rule: extensionStrips}
	}
	return x.engine.store(c, f)
}

func (x extended) send(c *Cookie, f *facts, k Kept) ruling {
	if x.strips(f) {
		return ruling{rule: extensionStrips}
	}
	return x.engine.send(c, f, k)
}

// strips leaves alone what is no request: a script that reads and writes cookies in its own document.
func (extended) strips(f *facts) bool { return !f.topLevel && !f.script && f.initiatorOther }
