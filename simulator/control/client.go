package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/cookiegate/cookiegate/simulator/session"
)

// Client is a client of the API. Whatever the API refuses is an *Error.
type Client struct {
	URL   string // "http://127.0.0.1:8444"
	Token string // if the API asks for one
	// HTTP sends the requests; nil: http.DefaultClient.
	HTTP *http.Client
}

// Health returns nil once the simulator is ready.
func (c *Client) Health(ctx context.Context) error { return c.do(ctx, "GET", "/healthz", nil, nil) }

// CA is the certificate to be trusted, PEM.
func (c *Client) CA(ctx context.Context) ([]byte, error) {
	answer, err := c.send(ctx, "GET", "/ca.pem", nil, "")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}

// Clock is what the clock shows, and who expires next.
func (c *Client) Clock(ctx context.Context) (Clock, error) {
	return get[Clock](ctx, c, "GET", "/clock", nil)
}

// Advance moves the clock by d, which must be above 0.
func (c *Client) Advance(ctx context.Context, d time.Duration) (Clock, error) {
	advance := Duration(d)
	return get[Clock](ctx, c, "POST", "/clock", clockMove{Advance: &advance})
}

// SetClock moves the clock forward to t.
func (c *Client) SetClock(ctx context.Context, t time.Time) (Clock, error) {
	return get[Clock](ctx, c, "POST", "/clock", clockMove{Set: t.Format(time.RFC3339Nano)})
}

// Freeze has the clock stand still.
func (c *Client) Freeze(ctx context.Context) (Clock, error) {
	return get[Clock](ctx, c, "POST", "/clock", clockMove{Freeze: true})
}

// Run has the clock go at the machine's pace.
func (c *Client) Run(ctx context.Context) (Clock, error) {
	return get[Clock](ctx, c, "POST", "/clock", clockMove{Run: true})
}

// Sites are all sites, by name.
func (c *Client) Sites(ctx context.Context) ([]Site, error) {
	return get[[]Site](ctx, c, "GET", "/sites", nil)
}

// Site is one site.
func (c *Client) Site(ctx context.Context, site string) (Site, error) {
	return get[Site](ctx, c, "GET", sitePath(site), nil)
}

// SetProfile has a site set its cookies in another way from now on.
func (c *Client) SetProfile(ctx context.Context, site string, p session.Profile) (Site, error) {
	return get[Site](ctx, c, "PUT", sitePath(site, "profile"), profile{p})
}

// Sessions are the live sessions of a site, at most 1000 of them.
func (c *Client) Sessions(ctx context.Context, site string) (Sessions, error) {
	return get[Sessions](ctx, c, "GET", sitePath(site, "sessions"), nil)
}

// SessionsOf are those of one host.
func (c *Client) SessionsOf(ctx context.Context, site, host string) (Sessions, error) {
	return get[Sessions](ctx, c, "GET", sitePath(site, "sessions")+"?"+url.Values{"host": {host}}.Encode(), nil)
}

// Expire ends a session as if it had been idle for too long.
func (c *Client) Expire(ctx context.Context, site string, id uint64) error {
	return c.do(ctx, "POST", sitePath(site, "sessions", strconv.FormatUint(id, 10), "expire"), nil, nil)
}

// ExpireAll does so with every session of a host, or of all for "", and says how many there were.
func (c *Client) ExpireAll(ctx context.Context, site, host string) (int, error) {
	ended, err := get[Ended](ctx, c, "POST", sitePath(site, "sessions", "expire"), owner{host})
	return ended.Ended, err
}

// Revoke ends a session as an administrator does it.
func (c *Client) Revoke(ctx context.Context, site string, id uint64) error {
	return c.do(ctx, "POST", sitePath(site, "sessions", strconv.FormatUint(id, 10), "revoke"), nil, nil)
}

// RevokeAll does so with every session of a host, or of all for "", and says how many there were.
func (c *Client) RevokeAll(ctx context.Context, site, host string) (int, error) {
	ended, err := get[Ended](ctx, c, "POST", sitePath(site, "sessions", "revoke"), owner{host})
	return ended.Ended, err
}

// Accounts are those of a site in the order in which they came to be.
func (c *Client) Accounts(ctx context.Context, site string) ([]Account, error) {
	return get[[]Account](ctx, c, "GET", sitePath(site, "accounts"), nil)
}

// AddAccount makes an account.
func (c *Client) AddAccount(ctx context.Context, site string, a NewAccount) (Account, error) {
	return get[Account](ctx, c, "POST", sitePath(site, "accounts"), a)
}

// ChangeAccount changes an account.
func (c *Client) ChangeAccount(ctx context.Context, site, webExID string, change AccountChange) (Account, error) {
	return get[Account](ctx, c, "PATCH", sitePath(site, "accounts", webExID), change)
}

// IssueTicket makes t a one-time ticket (TK) with which a host can log in once instead of the password.
func (c *Client) IssueTicket(ctx context.Context, site, webExID, t string) error {
	return c.do(ctx, "POST", sitePath(site, "accounts", webExID, "tickets"), ticket{t}, nil)
}

// Meetings are those of a site in the order in which they came to be.
func (c *Client) Meetings(ctx context.Context, site string) ([]Meeting, error) {
	return get[[]Meeting](ctx, c, "GET", sitePath(site, "meetings"), nil)
}

// ChangeMeeting changes a meeting.
func (c *Client) ChangeMeeting(ctx context.Context, site, key string, change MeetingChange) (Meeting, error) {
	return get[Meeting](ctx, c, "PATCH", sitePath(site, "meetings", key), change)
}

// Faults are those in force.
func (c *Client) Faults(ctx context.Context) ([]Fault, error) {
	return get[[]Fault](ctx, c, "GET", "/faults", nil)
}

// AddFault puts a fault in force and returns it with its ID.
func (c *Client) AddFault(ctx context.Context, f Fault) (Fault, error) {
	return get[Fault](ctx, c, "POST", "/faults", f)
}

// RemoveFault takes a fault away.
func (c *Client) RemoveFault(ctx context.Context, id int) error {
	return c.do(ctx, "DELETE", "/faults/"+strconv.Itoa(id), nil, nil)
}

// ClearFaults takes those of a site away, or all for "", and says how many there were.
func (c *Client) ClearFaults(ctx context.Context, site string) (int, error) {
	path := "/faults"
	if site != "" {
		path += "?" + url.Values{"site": {site}}.Encode()
	}
	removed, err := get[Removed](ctx, c, "DELETE", path, nil)
	return removed.Removed, err
}

// Reset puts a site, or all for "", back to its configuration: no sessions, the configured accounts and meetings, an empty journal, no faults but, where one
// site is named, those for every site. The clock stays.
func (c *Client) Reset(ctx context.Context, site string) error {
	return c.do(ctx, "POST", "/reset", reset{site}, nil)
}

// sitePath is a path below a site.
func sitePath(site string, below ...string) string {
	path := "/sites/" + url.PathEscape(site)
	for _, segment := range below {
		path += "/" + url.PathEscape(segment)
	}
	return path
}

func get[T any](ctx context.Context, c *Client, method, path string, body any) (T, error) {
	var result T
	err := c.do(ctx, method, path, body, &result)
	return result, err
}

// do sends a request and reads its answer into result, unless that is nil.
func (c *Client) do(ctx context.Context, method, path string, body, result any) error {
	answer, err := c.send(ctx, method, path, body, "application/json")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if result == nil {
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	}
	if err := json.NewDecoder(answer.Body).Decode(result); err != nil {
		return fmt.Errorf("the answer to %s %s: %w", method, path, err)
	}
	return nil
}

// send sends a request and returns its answer, which is none of an error.
func (c *Client) send(ctx context.Context, method, path string, body any, accept string) (*http.Response, error) {
	var content io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.URL+path, content)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode/100 == 2 {
		return answer, nil
	}
	defer answer.Body.Close()
	refused := &Error{Status: answer.StatusCode}
	if json.NewDecoder(answer.Body).Decode(refused) != nil || refused.Message == "" {
		refused.Message = answer.Status + " from " + method + " " + path
	}
	return nil, refused
}
