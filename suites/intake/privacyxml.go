package intake

import (
	"io"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/internal/lazyregexp"
)

// ReadPrivacyXML reads a privacy preferences file, as the button Import of Internet Explorer 6's Privacy tab takes it. The error is a *Mistake.
func ReadPrivacyXML(file string, r io.Reader) (*Settings, error) {
	data, err := wholeFile(file, r, maxSettings)
	if err != nil {
		return nil, err
	}
	return privacySettings(file, data)
}

// declaration is the first line of an XML file, which names an encoding that decodeText has undone.
var declaration = lazyregexp.New(`^\s*<\?xml[^>]*\?>`)

func privacySettings(file string, data []byte) (*Settings, error) {
	text, err := decodeText(data)
	if err != nil {
		return nil, &Mistake{File: file, Offset: int64(len(data)), Problem: err.Error()}
	}
	text = declaration.ReplaceAllString(text, "")
	imported, err := policy.ParsePrivacyXML([]byte(text))
	if err != nil {
		return nil, &Mistake{File: file, Offset: -1, Problem: err.Error(), err: err}
	}
	s := newSettings(browsers.Chromium, "As imported into Internet Explorer's privacy settings")
	if imported.FlushCookies {
		s.cannot("flushCookies", "the cookie store is emptied when the file is imported, which ends a session once")
	}
	if len(imported.Zones) == 0 && len(imported.Sites) == 0 {
		return nil, &Mistake{File: file, Offset: -1, Problem: "there is neither a p3pCookiePolicy nor a list of sites (MSIESiteRules) in it"}
	}
	s.underRules(policy.InternetExplorer{Version: "6", Import: text})
	return s, nil
}
