package control

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// tokenCookie carries the token of a person who opened the console with ?token=, escaped: a cookie does not hold every character.
const tokenCookie = "cookiegate-token"

// guard refuses who is not meant to control the simulator: other machines without the token, web pages of other origins, what a proxy passes on, and names that
// somebody else's DNS server has pointed here.
func (a *API) guard(r *http.Request) error {
	refuse := func(message, expected string) error {
		return &Error{Status: http.StatusForbidden, Message: message, Expected: expected}
	}
	switch from := r.Header.Get("Sec-Fetch-Site"); from {
	case "", "none", "same-origin":
	default:
		return refuse("this is not for other web pages (Sec-Fetch-Site: "+from+")", "the console's address typed into the address bar, or a program")
	}
	for _, origin := range r.Header["Origin"] {
		if origin != scheme(r)+"://"+r.Host {
			return refuse("this is not for web pages of "+origin, "a page of "+scheme(r)+"://"+r.Host+", or a program")
		}
	}
	if a.token != "" {
		if r.URL.Path == "/healthz" || a.hasToken(r) {
			return nil
		}
		return &Error{Status: http.StatusUnauthorized, Message: "the token is missing or wrong",
			Expected: "the header Authorization: Bearer TOKEN, or for the console /?token=TOKEN"}
	}
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && !isLoopback(at.String()) {
		return refuse("other machines reach this listener and it has no token", "a token, or a listener on loopback")
	}
	if !isLoopback(r.Host) {
		return refuse("this is not "+r.Host, "127.0.0.1 or localhost in the address")
	}
	for _, name := range []string{"Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host"} {
		if r.Header.Get(name) != "" {
			return refuse("a proxy passed this on ("+name+")", "a request straight from this machine")
		}
	}
	return nil
}

// hasToken says whether the right token came along.
func (a *API) hasToken(r *http.Request) bool {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return a.isToken(bearer)
	}
	if c, err := r.Cookie(tokenCookie); err == nil {
		if token, err := url.QueryUnescape(c.Value); err == nil && a.isToken(token) {
			return true
		}
	}
	return r.Method == http.MethodGet && r.URL.Path == "/" && a.isToken(r.URL.Query().Get("token"))
}

func (a *API) isToken(s string) bool {
	return subtle.ConstantTimeCompare([]byte(s), []byte(a.token)) == 1
}

// admit moves the token of a console's address into a cookie, so that it does not stay in the address bar, and says whether it did.
func (a *API) admit(w http.ResponseWriter, r *http.Request) bool {
	if a.token == "" || r.URL.Path != "/" || !r.URL.Query().Has("token") {
		return false
	}
	http.SetCookie(w, &http.Cookie{
		Name: tokenCookie, Value: url.QueryEscape(a.token), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return true
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// isLoopback says whether an address, with or without a port, is this machine whoever resolves it.
func isLoopback(addr string) bool {
	u := url.URL{Host: addr}
	name := u.Hostname()
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback() || strings.EqualFold(name, "localhost")
}
