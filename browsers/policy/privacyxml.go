package policy

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// PrivacyImport is a privacy preferences file, as the button Import of Internet Explorer's Privacy tab reads it.
type PrivacyImport struct {
	Zones map[Zone]ZonePrivacy
	Sites []PrivacySite
	// ReplayLegacy sends cookies that were there before Internet Explorer 6 in third-party context too.
	ReplayLegacy bool
	// FlushCookies and FlushSites empty the cookie store and the list of sites on import.
	FlushCookies, FlushSites bool
}

// ZonePrivacy are the preferences for one zone.
type ZonePrivacy struct{ First, Third Preference }

// maxPrivacyXML bounds a file, which may be a stranger's. The Medium template as a file has some 150 rules.
const maxPrivacyXML = 1 << 20

var privacyXMLZones = map[string]Zone{"internet": InternetZone, "intranet": IntranetZone, "trustedSites": TrustedZone}

var privacyXMLActions = map[string]CookieState{
	"accept": StateAccept, "prompt": StatePrompt, "forceFirstParty": StateLeash, "forceSession": StateDowngrade, "reject": StateReject,
}

// ParsePrivacyXML reads a privacy preferences file. The error names line and column, and what was expected there.
// Source: Microsoft, the elements MSIEPrivacy, MSIEPrivacySettings, p3pCookiePolicy, firstParty, thirdParty, if, MSIESiteRules (ms537346 to ms537356).
func ParsePrivacyXML(text []byte) (PrivacyImport, error) {
	if len(text) > maxPrivacyXML {
		return PrivacyImport{}, fmt.Errorf("privacy file: %d bytes; expected at most %d", len(text), maxPrivacyXML)
	}
	r := privacyReader{decoder: xml.NewDecoder(bytes.NewReader(text)), out: PrivacyImport{Zones: map[Zone]ZonePrivacy{}}}
	if err := r.read(); err != nil {
		line, column := r.decoder.InputPos()
		return PrivacyImport{}, fmt.Errorf("privacy file: line %d, column %d: %w", line, column, err)
	}
	return r.out, nil
}

type privacyReader struct {
	decoder *xml.Decoder
	path    []string
	zone    Zone
	seen    bool // MSIEPrivacy
	out     PrivacyImport
}

func (r *privacyReader) read() error {
	for {
		token, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			if !r.seen {
				return errors.New("expected the element MSIEPrivacy")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			r.path = append(r.path, t.Name.Local)
			if err := r.open(t); err != nil {
				return err
			}
		case xml.EndElement:
			r.path = r.path[:len(r.path)-1]
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return fmt.Errorf("text %.20q between the elements", bytes.TrimSpace(t))
			}
		}
	}
}

// open takes one element in, by its place.
func (r *privacyReader) open(e xml.StartElement) error {
	attributes := map[string]string{}
	for _, a := range e.Attr {
		attributes[a.Name.Local] = a.Value
	}
	need := func(name string) (string, error) {
		v, ok := attributes[name]
		if !ok {
			return "", fmt.Errorf("%s: attribute %s is missing", e.Name.Local, name)
		}
		return v, nil
	}
	switch place := strings.Join(r.path, ">"); place {
	case "MSIEPrivacy":
		r.seen = true
		return nil
	case "MSIEPrivacy>MSIEPrivacySettings", "MSIEPrivacy>MSIESiteRules":
		v, err := need("formatVersion")
		if err == nil && v != "6" {
			err = fmt.Errorf("%s: formatVersion=%q; expected 6", e.Name.Local, v)
		}
		return err
	case "MSIEPrivacy>MSIEPrivacySettings>alwaysReplayLegacy":
		r.out.ReplayLegacy = true
		return nil
	case "MSIEPrivacy>MSIEPrivacySettings>flushCookies":
		r.out.FlushCookies = true
		return nil
	case "MSIEPrivacy>MSIEPrivacySettings>flushSiteList":
		r.out.FlushSites = true
		return nil
	case "MSIEPrivacy>MSIEPrivacySettings>p3pCookiePolicy":
		v, err := need("zone")
		if err != nil {
			return err
		}
		zone, ok := privacyXMLZones[v]
		if !ok {
			return fmt.Errorf("p3pCookiePolicy: zone=%q; expected internet, intranet or trustedSites", v)
		}
		r.zone = zone
		r.out.Zones[zone] = ZonePrivacy{}
		return nil
	case "MSIEPrivacy>MSIEPrivacySettings>p3pCookiePolicy>firstParty", "MSIEPrivacy>MSIEPrivacySettings>p3pCookiePolicy>thirdParty":
		return r.party(e, need)
	case "MSIEPrivacy>MSIEPrivacySettings>p3pCookiePolicy>firstParty>if", "MSIEPrivacy>MSIEPrivacySettings>p3pCookiePolicy>thirdParty>if":
		return r.condition(need)
	case "MSIEPrivacy>MSIESiteRules>site":
		domain, err := need("domain")
		if err != nil {
			return err
		}
		action, err := need("action")
		if err != nil {
			return err
		}
		decision, ok := map[string]Decision{"accept": Allow, "reject": Block}[action]
		switch {
		case !ok:
			return fmt.Errorf("site: action=%q; expected accept or reject", action)
		case privacySite(domain) == "":
			return fmt.Errorf("site: domain=%q is none", domain)
		}
		r.out.Sites = append(r.out.Sites, PrivacySite{Site: domain, Action: decision})
		return nil
	default:
		return fmt.Errorf("there is no element %s here", place)
	}
}

// preference is the one the element at hand belongs to.
func (r *privacyReader) preference(change func(*Preference) error) error {
	z := r.out.Zones[r.zone]
	p := &z.Third
	if r.path[3] == "firstParty" {
		p = &z.First
	}
	err := change(p)
	r.out.Zones[r.zone] = z
	return err
}

func (r *privacyReader) party(e xml.StartElement, need func(string) (string, error)) error {
	return r.preference(func(p *Preference) error {
		for _, attribute := range []struct {
			name string
			to   *CookieState
		}{{"noPolicyDefault", &p.NoPolicy}, {"noRuleDefault", &p.NoRule}} {
			v, err := need(attribute.name)
			if err != nil {
				return err
			}
			state, ok := privacyXMLActions[v]
			if !ok {
				return fmt.Errorf("%s: %s=%q; expected accept, prompt, forceFirstParty, forceSession or reject", e.Name.Local, attribute.name, v)
			}
			*attribute.to = state
		}
		v, err := need("alwaysAllowSession")
		if err != nil {
			return err
		}
		if v != "yes" && v != "no" {
			return fmt.Errorf("%s: alwaysAllowSession=%q; expected yes or no", e.Name.Local, v)
		}
		p.Session = v == "yes"
		return nil
	})
}

func (r *privacyReader) condition(need func(string) (string, error)) error {
	return r.preference(func(p *Preference) error {
		expr, err := need("expr")
		if err != nil {
			return err
		}
		action, err := need("action")
		if err != nil {
			return err
		}
		rule, err := parseExpression(expr, ",")
		if err != nil {
			return fmt.Errorf("if: expr=%q: %w", expr, err)
		}
		state, ok := privacyXMLActions[action]
		if !ok {
			return fmt.Errorf("if: action=%q; expected accept, prompt, forceFirstParty, forceSession or reject", action)
		}
		rule.State = state
		p.Rules = append(p.Rules, rule)
		return nil
	})
}
