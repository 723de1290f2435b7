package session

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// Domain is the registrable domain of all sites; the ticket is valid for every one of them.
const Domain = "webex.com"

// TicketName is the name of the cookie that carries the session.
const TicketName = "ticket"

// Attributes change the attributes of one cookie, whatever the profile says: the value "true" sets an attribute without a value, "false"
// takes it away, anything else is its value. Names are written as given; letter case does not matter for finding one.
type Attributes map[string]string

// CloneOverrides copies attributes by cookie name, so that whoever gave them may go on changing them.
func CloneOverrides(overrides map[string]Attributes) map[string]Attributes {
	c := maps.Clone(overrides)
	for name, a := range c {
		c[name] = maps.Clone(a)
	}
	return c
}

// validate returns an error for what would not stay within its attribute.
func (a Attributes) validate() error {
	seen := map[string]string{} // by name in lower case, as written
	for _, name := range slices.Sorted(maps.Keys(a)) {
		value := a[name]
		if other, twice := seen[strings.ToLower(name)]; twice {
			return fmt.Errorf("attribute %s: is there as %s too: expected it once, because letter case does not matter", name, other)
		}
		seen[strings.ToLower(name)] = name
		if name == "" || strings.IndexFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r == ';' || r == '=' }) >= 0 {
			return fmt.Errorf("attribute %q: expected a name such as SameSite", name)
		}
		if strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r > '~' || r == ';' }) >= 0 {
			return fmt.Errorf("attribute %s: value %q: expected printable characters without a semicolon", name, value)
		}
	}
	return nil
}

// Cookie is a cookie's name and everything about it but the value. It is immutable.
type Cookie struct {
	Name string
	// Attributes are as they stand on the wire after the value, such as "Version=1; Domain=webex.com; Path=/; Secure".
	Attributes string
	// Deletion are those that delete the cookie.
	Deletion string
	quoted   bool
}

// Set is the Set-Cookie line with a value.
func (c Cookie) Set(value string) string { return string(c.AppendSet(nil, value)) }

// AppendSet appends what Set returns.
func (c Cookie) AppendSet(b []byte, value string) []byte {
	b = append(append(b, c.Name...), '=')
	if c.quoted {
		b = append(b, '"')
	}
	b = append(b, value...)
	if c.quoted {
		b = append(b, '"')
	}
	if c.Attributes != "" {
		b = append(append(b, "; "...), c.Attributes...)
	}
	return b
}

// Delete is the Set-Cookie line that makes a browser forget the cookie.
func (c Cookie) Delete() string { return c.Name + "=; " + c.Deletion }

// Cookies are the cookies of one site under its profile.
type Cookies struct {
	Ticket    Cookie // carries the session
	TimeStamp Cookie // when the ticket was issued, milliseconds
	SessionID Cookie // JSESSIONID, the browser session: service type and language
	Language  Cookie
	TimeZone  Cookie
	Region    Cookie
	CSRF      Cookie
}

// NewCookies makes a site's cookies: as recorded, changed by the profile, then by the overrides, which are keyed by cookie name. siteID is
// the number in the names of the three preference cookies. An override for a cookie that the site does not set is an error.
func NewCookies(siteID int, p Profile, overrides map[string]Attributes) (*Cookies, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		if err := overrides[name].validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	left := maps.Clone(overrides)
	var names []string
	cookie := func(name string, quoted bool, recorded ...attribute) Cookie {
		names = append(names, name)
		list := attributes(recorded)
		for _, a := range p.changes() {
			list = list.set(a)
		}
		for _, key := range slices.Sorted(maps.Keys(left[name])) {
			list = list.set(attribute{key, left[name][key]})
		}
		delete(left, name)
		return Cookie{
			Name: name, quoted: quoted,
			Attributes: list.String(),
			Deletion: list.set(attribute{"Max-Age", "0"}).
				set(attribute{"Expires", "Thu, 01 Jan 1970 00:00:00 GMT"}).String(),
		}
	}
	const year = "31536000" // seconds
	path, secure := attribute{"Path", "/"}, attribute{"Secure", "true"}
	preference := func(name string) Cookie {
		return cookie(fmt.Sprintf("CK_%s_%d", name, siteID), false, attribute{"Max-Age", year}, path, secure)
	}
	c := &Cookies{
		Ticket:    cookie(TicketName, true, attribute{"Version", "1"}, attribute{"Domain", Domain}, path, secure),
		TimeStamp: cookie("ticket_timeStamp", false, path, secure),
		SessionID: cookie("JSESSIONID", false, path),
		Language:  preference("LanguageID"),
		TimeZone:  preference("TimeZone"),
		Region:    preference("RegionID"),
		CSRF:      cookie("_csrf_", false, path, secure),
	}
	if unknown := slices.Sorted(maps.Keys(left)); len(unknown) > 0 {
		return nil, fmt.Errorf("the site sets no cookie %q: expected %s", unknown[0], wording.OneOf(names))
	}
	return c, nil
}

// All are all of them.
func (c *Cookies) All() []Cookie {
	return []Cookie{c.Ticket, c.TimeStamp, c.SessionID, c.Language, c.TimeZone, c.Region, c.CSRF}
}

// attribute has a value, or "true" for none, or "false" for not being there.
type attribute struct{ name, value string }

type attributes []attribute

// set replaces the attribute of that name where it stands, or appends it.
func (l attributes) set(a attribute) attributes {
	l = slices.Clone(l)
	for i := range l {
		if strings.EqualFold(l[i].name, a.name) {
			l[i] = a
			return l
		}
	}
	return append(l, a)
}

func (l attributes) String() string {
	var parts []string
	for _, a := range l {
		switch a.value {
		case "false":
		case "true":
			parts = append(parts, a.name)
		default:
			parts = append(parts, a.name+"="+a.value)
		}
	}
	return strings.Join(parts, "; ")
}
