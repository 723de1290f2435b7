package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	. "github.com/onsi/gomega"
	"go.uber.org/goleak"

	"github.com/cookiegate/cookiegate/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// world is a simulator with two sites, and its control API.
type world struct {
	*WithT
	t      *testing.T
	ctx    context.Context
	server *simulator.Server
	*Listener
	client *Client // whatever goes through it is held against the document
	seen   *recorder
}

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	globex := simulator.Site{Name: "globex", Profile: "none-secure", CSRF: true, Hosts: []simulator.Host{{WebExID: "erin", Password: "secret"}}}
	acme := simulator.DefaultSite()
	acme.Meetings = []simulator.Meeting{{Key: "123456789", Host: "alice", Name: "Weekly", InProgress: true}}
	w := &world{WithT: NewWithT(t), t: t, server: simulator.Run(t, simulator.Options{Sites: []simulator.Site{acme, globex}, Start: start})}
	var cancel context.CancelFunc
	w.ctx, cancel = context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	o := Options{Server: w.server}
	for _, f := range change {
		f(&o)
	}
	var err error
	w.Listener, err = Listen("127.0.0.1:0", o)
	w.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { w.Expect(w.Close()).To(Succeed()) })
	w.seen = &recorder{inner: &http.Transport{}, operations: map[string]bool{}}
	t.Cleanup(w.seen.inner.CloseIdleConnections)
	w.client = w.Client()
	w.client.HTTP = &http.Client{Transport: w.seen}
	return w
}

// login logs a host in at a site, as a browser of its own does, and returns that browser.
func (w *world) login(site, host string) *http.Client {
	w.t.Helper()
	browser, err := w.server.Client()
	w.Expect(err).NotTo(HaveOccurred())
	w.t.Cleanup(browser.CloseIdleConnections)
	w.Expect(w.command(browser, site, "p.php", url.Values{"AT": {"LI"}, "WID": {host}, "PW": {"secret"}})).To(ContainSubstring("ST=SUCCESS"))
	return browser
}

var unescape = strings.NewReplacer(`\x3a`, ":", `\x2f`, "/", `\x3f`, "?", `\x3d`, "=", `\x26`, "&", `\x25`, "%")

// command sends a command and returns the page that answers it, its address unescaped.
func (w *world) command(browser *http.Client, site, page string, form url.Values) string {
	w.t.Helper()
	answer, err := browser.PostForm("https://"+site+".webex.com/"+site+"/"+page, form)
	w.Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	w.Expect(err).NotTo(HaveOccurred())
	return unescape.Replace(string(body))
}

// raw sends a request as it stands, past the document.
func (w *world) raw(method, path, body string, header ...string) (int, http.Header, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.ctx, method, w.URL()+path, strings.NewReader(body))
	w.Expect(err).NotTo(HaveOccurred())
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else {
			r.Header.Set(header[i], header[i+1])
		}
	}
	answer, err := w.seen.inner.RoundTrip(r)
	w.Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	w.Expect(err).NotTo(HaveOccurred())
	return answer.StatusCode, answer.Header, string(content)
}

// document is openapi.yaml, loaded and valid.
var document = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(Document)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(context.Background())
})

var router = sync.OnceValues(func() (routers.Router, error) {
	doc, err := document()
	if err != nil {
		return nil, err
	}
	copied := *doc
	copied.Servers = nil // any port will do
	return legacy.NewRouter(&copied)
})

// recorder sends requests, holds both ways against the document, and remembers which operations it saw.
type recorder struct {
	inner *http.Transport

	mu         sync.Mutex
	operations map[string]bool
}

func (c *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	all, err := router()
	if err != nil {
		return nil, err
	}
	route, params, err := all.FindRoute(r)
	if err != nil {
		return nil, fmt.Errorf("%s %s is not in the document: %w", r.Method, r.URL.Path, err)
	}
	c.mu.Lock()
	c.operations[route.Operation.OperationID] = true
	c.mu.Unlock()
	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
		return nil, err
	}
	answer, err := c.inner.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	kind := answer.Header.Get("Content-Type")
	if !strings.HasPrefix(kind, "application/json") {
		return answer, documented(route, answer.StatusCode, kind)
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer, openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: answer.StatusCode, Header: answer.Header, Options: input.Options,
		Body: io.NopCloser(bytes.NewReader(body)),
	})
}

// documented says whether the document knows of an answer that is not JSON.
func documented(route *routers.Route, status int, kind string) error {
	response := route.Operation.Responses.Status(status)
	if response == nil || kind != "" && response.Value.Content.Get(kind) == nil {
		return fmt.Errorf("%s answers %d with %s, which the document does not have", route.Operation.OperationID, status, kind)
	}
	return nil
}

func (c *recorder) names() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.operations))
}

// wrong is the error that a body holds.
func (w *world) wrong(body string) Error {
	w.t.Helper()
	var e Error
	w.Expect(json.Unmarshal([]byte(body), &e)).To(Succeed(), body)
	w.Expect(e.Message).NotTo(BeEmpty(), body)
	return e
}
