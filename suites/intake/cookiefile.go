package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
)

// StoredCookie is a cookie of a browser's store, without its value.
type StoredCookie struct {
	network.Cookie
	HostOnly bool      `json:"hostOnly"`         // goes to Domain itself and nothing below it
	Expires  time.Time `json:"expires,omitzero"` // zero: with the browser
	// Partition is the top-level site in whose jar a partitioned cookie is kept, where the export says so.
	Partition string `json:"partition,omitempty"`
}

// CookieExport is a browser's cookie store as a person or an extension exports it.
type CookieExport struct {
	File    string         `json:"file"`
	Format  string         `json:"format"` // CookiesTxt, "storage state", "cookie list"
	Cookies []StoredCookie `json:"cookies"`
}

// CookiesTxt is the format of Netscape's cookies.txt, which does not say a cookie's SameSite.
const CookiesTxt = "cookies.txt"

// The bounds of an export. Browsers keep a few thousand cookies.
const (
	maxCookieFile = 32 << 20
	maxCookies    = 100_000
)

// ReadCookies reads an export of a browser's cookies: Netscape's cookies.txt, the JSON list that cookie extensions write (EditThisCookie,
// Cookie-Editor), or Playwright's storage state. Now decides which cookies are deletions; the error is a *Mistake.
func ReadCookies(file string, r io.Reader, now time.Time) (*CookieExport, error) {
	data, err := utf8File(file, r, maxCookieFile)
	if err != nil {
		return nil, err
	}
	return cookieExport(file, data, now)
}

func cookieExport(file string, data []byte, now time.Time) (*CookieExport, error) {
	x := cookieReader{file: file, out: &CookieExport{File: file}, values: network.NewCookieReader(), now: now}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var err error
	switch text := bytes.TrimSpace(data); {
	case len(text) == 0:
		err = &Mistake{File: file, Line: 1, Problem: "the file is empty"}
	case text[0] == '[':
		err = x.list(data)
	case text[0] == '{':
		err = x.state(data)
	default:
		err = x.netscape(string(data))
	}
	if err != nil {
		return nil, err
	}
	return x.out, nil
}

type cookieReader struct {
	file   string
	out    *CookieExport
	values *network.CookieReader
	now    time.Time
}

func (x *cookieReader) wrong(line int, field, format string, args ...any) error {
	return &Mistake{File: x.file, Line: line, Offset: -1, Field: field, Problem: fmt.Sprintf(format, args...)}
}

func (x *cookieReader) add(c StoredCookie) error {
	if len(x.out.Cookies) == maxCookies {
		return x.wrong(0, "", "more than %d cookies", maxCookies)
	}
	c.Persistent = !c.Expires.IsZero()
	c.Deletes = c.Persistent && !c.Expires.After(x.now)
	x.out.Cookies = append(x.out.Cookies, c)
	return nil
}

// netscapeFields are the cells of a line of cookies.txt, in order.
var netscapeFields = []string{"domain", "include subdomains", "path", "secure", "expires", "name", "value"}

// httpOnlyMark stands before the domain of a cookie with HttpOnly, as curl writes it; it looks like a comment.
const httpOnlyMark = "#HttpOnly_"

func (x *cookieReader) netscape(text string) error {
	x.out.Format = CookiesTxt
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		line = strings.TrimRight(line, "\r")
		line, httpOnly := strings.CutPrefix(line, httpOnlyMark)
		if strings.TrimSpace(line) == "" || !httpOnly && strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.SplitN(line, "\t", len(netscapeFields))
		if len(cells) == len(netscapeFields)-1 {
			cells = append(cells, "") // an empty value at the end, and an editor that takes white space away
		}
		if len(cells) != len(netscapeFields) {
			hint := ""
			if len(strings.Fields(line)) >= len(netscapeFields)-1 {
				hint = "; the tabs have become spaces on the way"
			}
			return x.wrong(number, "", "%d cells; expected seven parted by tabs: %s%s", len(cells), strings.Join(netscapeFields, ", "), hint)
		}
		for _, i := range []int{1, 3} {
			if !strings.EqualFold(cells[i], "TRUE") && !strings.EqualFold(cells[i], "FALSE") {
				return x.wrong(number, netscapeFields[i], "expected TRUE or FALSE, found %s", shown(cells[i]))
			}
		}
		seconds, err := strconv.ParseFloat(cells[4], 64)
		if err != nil {
			return x.wrong(number, "expires", "expected seconds since 1970, or 0, found %s", shown(cells[4]))
		}
		if domainOf(cells[0]) == "" {
			return x.wrong(number, "domain", "expected a host name, found %s", shown(cells[0]))
		}
		if err := x.add(StoredCookie{
			Cookie: network.Cookie{
				Name: short(cells[5]), Fingerprint: x.values.Fingerprint(cells[6]), Domain: domainOf(cells[0]), Path: cutTo(cells[2], maxAddress),
				Secure: strings.EqualFold(cells[3], "TRUE"), HTTPOnly: httpOnly,
			},
			HostOnly: strings.EqualFold(cells[1], "FALSE"),
			Expires:  unixTime(seconds),
		}); err != nil {
			return err
		}
	}
	return nil
}

func domainOf(s string) string { return short(strings.ToLower(strings.TrimPrefix(s, "."))) }

// unixTime is zero for a session cookie, which exports write as 0, -1 or not at all, and for what is no time.
func unixTime(seconds float64) time.Time {
	if !(seconds > 0) || seconds > 1e12 {
		return time.Time{}
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)).UTC()
}

// exportedCookie is a cookie as programs write it in JSON: extensions and Playwright agree on most names.
type exportedCookie struct {
	Name           *string         `json:"name"`
	Value          loose           `json:"value"`
	Domain         *string         `json:"domain"`
	Path           loose           `json:"path"`
	Expires        loose           `json:"expires"`        // Playwright, Puppeteer: seconds, -1 for a session cookie
	ExpirationDate loose           `json:"expirationDate"` // extensions: seconds
	HTTPOnly       bool            `json:"httpOnly"`
	Secure         bool            `json:"secure"`
	HostOnly       *bool           `json:"hostOnly"`
	Session        bool            `json:"session"`
	SameSite       loose           `json:"sameSite"`
	PartitionKey   json.RawMessage `json:"partitionKey"`
}

func (x *cookieReader) list(data []byte) error {
	x.out.Format = "cookie list"
	var list []exportedCookie
	if err := decodeJSON(x.file, data, &list); err != nil {
		return err
	}
	return located(data, x.each("", list))
}

func (x *cookieReader) state(data []byte) error {
	x.out.Format = "storage state"
	var state struct {
		Cookies *[]exportedCookie `json:"cookies"`
		Log     json.RawMessage   `json:"log"`
	}
	if err := decodeJSON(x.file, data, &state); err != nil {
		return err
	}
	switch {
	case state.Cookies != nil:
		return located(data, x.each("cookies", *state.Cookies))
	case state.Log != nil:
		return x.wrong(0, "", "this is a HAR file; expected cookies")
	}
	return x.wrong(0, "", `the key "cookies" is missing; expected a list of cookies or a storage state`)
}

func (x *cookieReader) each(field string, list []exportedCookie) error {
	for i, c := range list {
		at := fmt.Sprintf("%s[%d]", field, i)
		switch {
		case c.Name == nil:
			return x.wrong(0, at, `the key "name" is missing`)
		case c.Domain == nil || *c.Domain == "":
			return x.wrong(0, at, `the key "domain" is missing`)
		case domainOf(*c.Domain) == "":
			return x.wrong(0, at+".domain", "expected a host name, found %s", shown(*c.Domain))
		}
		stored := StoredCookie{
			Cookie: network.Cookie{
				Name: short(*c.Name), Fingerprint: x.values.Fingerprint(string(c.Value)), Domain: domainOf(*c.Domain), Path: cutTo(string(c.Path), maxAddress),
				Secure: c.Secure, HTTPOnly: c.HTTPOnly,
			},
			HostOnly:  !strings.HasPrefix(*c.Domain, "."),
			Partition: partitionOf(c.PartitionKey),
		}
		if c.HostOnly != nil {
			stored.HostOnly = *c.HostOnly
		}
		stored.Partitioned = stored.Partition != ""
		var err error
		if stored.SameSite, err = exportedSameSite(string(c.SameSite)); err != nil {
			return x.wrong(0, at+".sameSite", "%v", err)
		}
		for _, written := range []loose{c.Expires, c.ExpirationDate} {
			if c.Session || written == "" {
				continue
			}
			if stored.Expires, err = expiry(string(written)); err != nil {
				return x.wrong(0, at+".expires", "%v", err)
			}
		}
		if err := x.add(stored); err != nil {
			return err
		}
	}
	return nil
}

func exportedSameSite(s string) (http.SameSite, error) {
	switch strings.ToLower(s) {
	case "", "unspecified", "null":
		return 0, nil
	case "none", "no_restriction":
		return http.SameSiteNoneMode, nil
	case "lax":
		return http.SameSiteLaxMode, nil
	case "strict":
		return http.SameSiteStrictMode, nil
	}
	return 0, fmt.Errorf("expected no_restriction, lax, strict or unspecified, found %s", shown(s))
}

func expiry(s string) (time.Time, error) {
	if seconds, err := strconv.ParseFloat(s, 64); err == nil {
		return unixTime(seconds), nil
	}
	for _, layout := range []string{time.RFC3339, time.RFC1123} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("expected seconds since 1970, found %s", shown(s))
}

// partitionOf is the top-level site of a partition key: a text in Playwright's, an object in the extensions' API.
func partitionOf(raw json.RawMessage) string {
	var site string
	if json.Unmarshal(raw, &site) == nil {
		return short(site)
	}
	var key struct {
		TopLevelSite string `json:"topLevelSite"`
	}
	if json.Unmarshal(raw, &key) == nil {
		return short(key.TopLevelSite)
	}
	return ""
}
