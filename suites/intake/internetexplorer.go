package intake

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// ReadRegistry reads an export of the Windows registry: Internet Explorer's security zones, the sites in them and its privacy settings, and
// the policies of Chrome, Edge, Brave, Chromium and Firefox. Where it has those of several, the first of Chrome, Edge, Brave, Chromium, Firefox and
// Internet Explorer is given, with the others in it. The error is a *Mistake.
//
// Sources: Microsoft KB 182569 (zones, ZoneMap, 1A10, P3P\History), ms537183 and ms537177 (actions and flags).
func ReadRegistry(file string, r io.Reader) (*Settings, error) {
	data, err := wholeFile(file, r, maxRegistry)
	if err != nil {
		return nil, err
	}
	return registrySettings(file, data)
}

func registrySettings(file string, data []byte) (*Settings, error) {
	reg, err := parseRegistry(file, data)
	if err != nil {
		return nil, err
	}
	list, err := chromiumRegistry(file, reg)
	if err != nil {
		return nil, err
	}
	firefox, err := firefoxRegistry(file, reg)
	if err != nil {
		return nil, err
	}
	if firefox != nil {
		list = append(list, firefox)
	}
	x := ieReader{file: file, reg: reg, out: newSettings(browsers.Chromium, "As exported from Internet Explorer's settings"), zones: map[policy.Zone]policy.ZoneSettings{}, third: map[string]uint32{}}
	if err := x.read(); err != nil {
		return nil, err
	}
	switch {
	case x.found:
		list = append(list, x.out)
	case len(list) == 0:
		return nil, x.wrong(0, "", `there are neither zones nor privacy settings in it, nor policies of Chrome, Edge, Brave, Chromium or Firefox; export the key HKEY_LOCAL_MACHINE\Software\Policies, or, of Internet Explorer, HKEY_CURRENT_USER\%s`, internetSettings)
	}
	list[0].Others = list[1:]
	return list[0], nil
}

const internetSettings = `Software\Microsoft\Windows\CurrentVersion\Internet Settings`
const managedSettings = `Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings`

// ieReader gathers Internet Explorer's settings.
type ieReader struct {
	file  string
	reg   *registry
	out   *Settings
	ie    policy.InternetExplorer
	zones map[policy.Zone]policy.ZoneSettings
	level *uint32           // 1A10 of the Internet zone
	third map[string]uint32 // 1A05 and 1A06 of the Internet zone, and its 1A02
	found bool
	// machineOnly is the policy that the settings of the person do not count; hardened says that EscDomains is used, not Domains.
	machineOnly, hardened bool
}

func (x *ieReader) wrong(line int, field, format string, args ...any) error {
	return &Mistake{File: x.file, Line: line, Offset: -1, Field: field, Problem: fmt.Sprintf(format, args...)}
}

func (x *ieReader) read() error {
	each := func(path string, do func(k *registryKey, rest string) error) error {
		for _, base := range []string{internetSettings, managedSettings} {
			if err := x.reg.below(base+path, func(k *registryKey, rest string) error {
				if x.machineOnly && k.hive == "HKEY_CURRENT_USER" {
					return nil
				}
				return do(k, rest)
			}); err != nil {
				return err
			}
		}
		return nil
	}
	x.switches(each)
	for _, part := range []struct {
		path string
		do   func(*registryKey, string) error
	}{
		{`\Zones`, x.zone}, {`\ZoneMap\Domains`, x.domain}, {`\ZoneMap\EscDomains`, x.escDomain}, {`\ZoneMap\Ranges`, x.ipRange},
		{`\ZoneMapKey`, x.assignment}, {`\P3P\History`, x.site},
	} {
		if err := each(part.path, part.do); err != nil {
			return err
		}
	}
	if x.found {
		x.conclude()
	}
	return nil
}

// switches reads what decides about the rest.
func (x *ieReader) switches(each func(string, func(*registryKey, string) error) error) {
	look := func(k *registryKey, rest string) error {
		if v, ok := k.value("Security_HKLM_only"); ok && rest == "" && v.number == 1 {
			x.machineOnly = true
		}
		return nil
	}
	each("", look)
	each("", x.proxy)
	each(`\ZoneMap`, func(k *registryKey, rest string) error {
		if v, ok := k.value("IEHarden"); ok && rest == "" && v.number == 1 {
			x.hardened = true
		}
		return nil
	})
	x.ie.Version = "6"
	for _, k := range x.reg.keys {
		if v, ok := k.value("Version"); ok && strings.EqualFold(k.path, `Software\Microsoft\Internet Explorer`) {
			x.out.Browser = "Internet Explorer " + short(v.text)
			if strings.HasPrefix(v.text, "5.") {
				x.ie.Version = "5.5"
			}
		}
	}
	if x.out.Browser == "" {
		x.out.cannot("version", "the export does not say which Internet Explorer it is; 6 is taken")
	}
}

// proxy tells of the proxy of Internet Options, by its address or by a script that chooses one.
func (x *ieReader) proxy(k *registryKey, rest string) error {
	on, _ := k.value("ProxyEnable")
	for _, name := range []string{"ProxyServer", "AutoConfigURL"} {
		if v, ok := k.value(name); ok && rest == "" && v.text != "" && (name == "AutoConfigURL" || on.number == 1) {
			x.out.cannot(name, "%s", chromiumPolicyNames["ProxyServer"])
		}
	}
	return nil
}

// For55 takes what an export says of an Internet Explorer, where it does not say of which, for 5.5's: that has zones alone, and no privacy settings.
func (s *Settings) For55() {
	ie := s.Policy.InternetExplorer
	if ie == nil || s.Browser != "" || ie.Import != "" {
		return
	}
	taken := *ie
	taken.Version, taken.Level, taken.Advanced, taken.Sites = "5.5", "", nil, nil
	s.Policy.InternetExplorer = &taken
	s.Untranslated = slices.DeleteFunc(s.Untranslated, func(u Untranslated) bool { return u.Setting == "version" || strings.HasPrefix(u.Setting, "1A") })
}

// zoneNumbered is the zone of a number in the registry.
func zoneNumbered(n uint32) (policy.Zone, bool) {
	for _, z := range []policy.Zone{policy.MyComputerZone, policy.IntranetZone, policy.TrustedZone, policy.InternetZone, policy.RestrictedZone} {
		if uint32(z.ID()) == n {
			return z, true
		}
	}
	return "", false
}

// zoneLevels are the values of CurrentLevel; 0 is a level of the person's own.
var zoneLevels = map[uint32]policy.ZoneLevel{0x10000: policy.ZoneLow, 0x10500: policy.ZoneMediumLow, 0x11000: policy.ZoneMedium, 0x12000: policy.ZoneHigh}

// requireVerification is ZAFLAGS_REQUIRE_VERIFICATION: "Require server verification (https:) for all sites in this zone".
const requireVerification = 4

// zone reads the settings of one zone.
func (x *ieReader) zone(k *registryKey, rest string) error {
	n, err := strconv.ParseUint(rest, 10, 8)
	if err != nil {
		return nil // the key above, or something below
	}
	z, known := zoneNumbered(uint32(n))
	if !known {
		x.out.cannot(`Zones\`+rest, "there is no such zone; expected 0 to 4")
		return nil
	}
	x.found = true
	s := x.zones[z]
	for _, v := range k.values {
		name := "Zones." + string(z) + "." + short(v.name)
		var number *uint32
		if v.kind == numberValue {
			number = &v.number
		}
		switch strings.ToUpper(v.name) {
		case "1A02", "1A03":
			action, ok := zoneAction(number)
			if !ok {
				return x.wrong(v.line, name, "expected dword:0 (enable), 1 (prompt) or 3 (disable)")
			}
			if strings.EqualFold(v.name, "1A02") {
				s.PersistentCookies = action
			} else {
				s.SessionCookies = action
			}
			if z == policy.InternetZone && strings.EqualFold(v.name, "1A02") {
				x.third["1A02"] = *number
			}
		case "1A05", "1A06":
			if _, ok := zoneAction(number); !ok {
				return x.wrong(v.line, name, "expected dword:0 (enable), 1 (prompt) or 3 (disable)")
			}
			if z == policy.InternetZone {
				x.third[strings.ToUpper(v.name)] = *number
			}
		case "1A10":
			if number == nil {
				return x.wrong(v.line, name, "expected a dword")
			}
			if z == policy.InternetZone {
				x.level = number
			}
		case "FLAGS":
			if number == nil {
				return x.wrong(v.line, name, "expected a dword")
			}
			requires := *number&requireVerification != 0
			s.RequireHTTPS = &requires
		case "CURRENTLEVEL":
			if number != nil {
				s.Level = zoneLevels[*number]
			}
		}
	}
	x.zones[z] = s
	return nil
}

func zoneAction(n *uint32) (policy.ZoneAction, bool) {
	if n == nil {
		return "", false
	}
	a, ok := map[uint32]policy.ZoneAction{0: policy.ZoneEnable, 1: policy.ZonePrompt, 3: policy.ZoneDisable}[*n]
	return a, ok
}

// domain reads the entries of ZoneMap\Domains: the key is a domain, one below it a host, the value's name the scheme.
func (x *ieReader) domain(k *registryKey, rest string) error {
	if x.hardened {
		return nil // Enhanced Security Configuration looks at EscDomains
	}
	return x.mapped(k, rest)
}

func (x *ieReader) escDomain(k *registryKey, rest string) error {
	if x.hardened {
		return x.mapped(k, rest)
	}
	if len(k.values) > 0 {
		x.out.cannot(`ZoneMap\EscDomains\`+rest, "it counts under Enhanced Security Configuration alone, which is off")
	}
	return nil
}

func (x *ieReader) mapped(k *registryKey, rest string) error {
	domain, host, below := strings.Cut(rest, `\`)
	if domain == "" {
		return nil
	}
	site := domain
	switch {
	case below && host != "*":
		site = host + "." + domain
	case strings.Contains(domain, ".") && !strings.HasPrefix(domain, "*."):
		if _, err := policy.ParseZonePattern("*." + domain); err == nil {
			site = "*." + domain // a domain's own key covers what is below it
		}
	}
	return x.entries(k, site)
}

// entries adds a site for every scheme that a key has a value for.
func (x *ieReader) entries(k *registryKey, site string) error {
	for _, v := range k.values {
		if v.name == ":Range" || v.name == "" {
			continue
		}
		if err := x.entry(v.name+"://"+site, v); err != nil {
			return err
		}
	}
	return nil
}

// maxSites is far more than anybody puts into zones by hand or by policy.
const maxSites = 20_000

func (x *ieReader) entry(site string, v registryValue) error {
	number := v.number
	if v.kind == textValue { // as the policy Site to Zone Assignment List writes it
		n, err := strconv.ParseUint(strings.TrimSpace(v.text), 10, 8)
		if err != nil {
			return x.wrong(v.line, site, "expected the number of a zone, found %s", shown(v.text))
		}
		number = uint32(n)
	}
	z, known := zoneNumbered(number)
	switch {
	case v.kind == bytesValue:
		return x.wrong(v.line, site, "expected the number of a zone as a dword")
	case !known:
		x.out.cannot(site, "zone %d: there is no such zone; expected 0 to 4", number)
		return nil
	case len(x.ie.ZoneMap) == maxSites:
		return x.wrong(v.line, site, "more than %d sites", maxSites)
	}
	site = cutTo(site, maxWord)
	if _, err := policy.ParseZonePattern(site); err != nil {
		x.out.cannot(site, "Internet Explorer ignores it: %v", err)
		return nil
	}
	x.found = true
	x.ie.ZoneMap = append(x.ie.ZoneMap, policy.ZoneEntry{Site: site, Zone: z})
	return nil
}

// ipRange reads an entry of ZoneMap\Ranges.
func (x *ieReader) ipRange(k *registryKey, rest string) error {
	if r, ok := k.value(":Range"); ok && rest != "" {
		return x.entries(k, r.text)
	}
	return nil
}

// assignment reads the policy Site to Zone Assignment List, whose entries stand as they were typed.
func (x *ieReader) assignment(k *registryKey, _ string) error {
	for _, v := range k.values {
		if v.name == "" {
			continue
		}
		if err := x.entry(v.name, v); err != nil {
			return err
		}
	}
	return nil
}

// site reads an entry of the list behind the Privacy tab's button Sites.
func (x *ieReader) site(k *registryKey, rest string) error {
	v, ok := k.value("")
	if rest == "" || !ok {
		return nil
	}
	x.found = true
	entry := policy.PrivacySite{Site: cutTo(rest, maxWord)}
	switch {
	case v.kind == numberValue && v.number == 1:
		entry.Action = policy.Allow
	case v.kind == numberValue && v.number == 5:
		entry.Action = policy.Block
	}
	if err := (policy.InternetExplorer{Version: "6", Sites: []policy.PrivacySite{entry}}).Validate(); err != nil {
		x.out.cannot(`P3P\History\`+rest, "expected a domain, and 1 (always allow) or 5 (always block)")
		return nil
	}
	x.ie.Sites = append(x.ie.Sites, entry)
	return nil
}

// conclude makes a policy of what was found.
func (x *ieReader) conclude() {
	if x.ie.Version == "5.5" {
		if len(x.ie.Sites) > 0 || x.level != nil {
			x.out.cannot("privacy settings", "Internet Explorer 5.5 has none, and does not look at those in the registry")
		}
		x.ie.Sites = nil
	} else {
		x.privacy()
	}
	for _, e := range x.ie.ZoneMap {
		// The flag is looked at when a site is added, not when it is looked up: what is in the registry counts.
		if s := x.zones[e.Zone]; !strings.HasPrefix(strings.ToLower(e.Site), "https://") && (s.RequireHTTPS == nil || *s.RequireHTTPS) {
			if s.RequireHTTPS != nil || e.Zone == policy.TrustedZone {
				off := false
				s.RequireHTTPS = &off
				x.zones[e.Zone] = s
				x.out.cannot(e.Site, "the zone requires https:// and has an entry without; it was added by other means than the dialogue, and counts")
			}
		}
	}
	for z, s := range x.zones {
		if s == (policy.ZoneSettings{}) {
			delete(x.zones, z)
		}
	}
	if len(x.zones) > 0 {
		x.ie.Zones = x.zones
	}
	slices.SortFunc(x.ie.Sites, func(a, b policy.PrivacySite) int { return cmp.Compare(a.Site, b.Site) })
	x.ie.Sites = slices.Compact(x.ie.Sites)
	x.out.underRules(x.ie)
}

// privacy makes a level of 1A10, and an override of 1A05 and 1A06 (KB 182569).
func (x *ieReader) privacy() {
	var slider uint32 = 1
	if x.level != nil {
		slider = *x.level
	}
	persistent, session := x.third["1A05"], x.third["1A06"]
	switch {
	case slider == 0:
		x.ie.Level = policy.LevelAcceptAll
	case slider == 3:
		x.ie.Level = policy.LevelBlockAll
	case slider != 1:
		x.out.cannot(fmt.Sprintf("1A10=%d", slider), "the slider has no such position; medium, the default, is taken")
	case persistent == 3:
		choices := map[uint32]policy.PrivacyChoice{0: policy.ChooseAccept, 1: policy.ChoosePrompt, 3: policy.ChooseBlock}
		x.ie.Advanced = &policy.AdvancedPrivacy{FirstParty: choices[x.third["1A02"]], ThirdParty: policy.ChooseBlock, AlwaysSession: session == 0}
	case session == 3:
		x.out.cannot("1A06=3", "third-party session cookies refused and persistent ones not: the Privacy tab cannot set that; medium, the default, is taken")
	case x.level != nil:
		x.out.cannot("1A10=1", "the slider stands at high, medium high, medium or low, which are told apart in a form that nobody documents: ask which; medium, the default, is taken")
	}
}
