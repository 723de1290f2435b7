package control

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/fault"
)

// Options configure an API. Only Server is required.
type Options struct {
	Server *simulator.Server
	// Faults are those that POST /faults adds to. Nil: a new set, which takes the place of the server's Intervener.
	Faults *fault.Set
	// CA is the certificate to be trusted, PEM, served at /ca.pem. Nil: the server's own.
	CA []byte
	// Token, if not empty, has to come along with every request. It must not be empty where other machines reach the listener.
	Token string
}

// API is the control API and the console, an http.Handler. Close it.
type API struct {
	server *simulator.Server
	faults *fault.Set
	ca     []byte
	token  string
	mux    *http.ServeMux

	changed signal          // fired when a request has changed something
	ctx     context.Context // ends with Close, and all streams with it
	cancel  context.CancelFunc
}

// New makes an API.
func New(o Options) (*API, error) {
	if o.Server == nil {
		return nil, errors.New("control: Options.Server is missing")
	}
	if o.Faults == nil {
		o.Faults = &fault.Set{}
		o.Server.SetIntervener(o.Faults.Intervene)
	}
	if o.CA == nil {
		var err error
		if o.CA, err = o.Server.Certificates().PEM(); err != nil {
			return nil, err
		}
	}
	a := &API{server: o.Server, faults: o.Faults, ca: o.CA, token: o.Token, mux: http.NewServeMux()}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	for _, r := range routes {
		a.mux.HandleFunc(r.method+" "+r.pattern(), func(w http.ResponseWriter, req *http.Request) { a.answer(w, req, r) })
	}
	return a, nil
}

// Close ends the streams that follow the journal, so that an http.Server can be shut down.
func (a *API) Close() { a.cancel() }

// route is a line of the API: either a handler whose result is written as JSON, or one that writes for itself. A handler that has written nothing may return
// an error.
type route struct {
	method, path string
	query        []string // the parameters that may stand in the address
	json         func(*API, *http.Request) (any, error)
	raw          func(*API, http.ResponseWriter, *http.Request) error
}

// routes are the API. They are what openapi.yaml describes.
var routes = []route{
	{method: "GET", path: "/clock", json: (*API).getClock},
	{method: "POST", path: "/clock", json: (*API).moveClock},

	{method: "GET", path: "/journal", raw: (*API).getJournal,
		query: []string{"site", "page", "command", "host", "result", "reason", "session", "after", "limit", "follow"}},

	{method: "GET", path: "/sites", json: (*API).listSites},
	{method: "GET", path: "/sites/{site}", json: (*API).getSite},
	{method: "PUT", path: "/sites/{site}/profile", json: (*API).setProfile},
	{method: "GET", path: "/sites/{site}/sessions", json: (*API).listSessions, query: []string{"host", "limit"}},
	{method: "POST", path: "/sites/{site}/sessions/expire", json: (*API).expireSessions},
	{method: "POST", path: "/sites/{site}/sessions/revoke", json: (*API).revokeSessions},
	{method: "POST", path: "/sites/{site}/sessions/{session}/expire", json: (*API).expireSession},
	{method: "POST", path: "/sites/{site}/sessions/{session}/revoke", json: (*API).revokeSession},
	{method: "GET", path: "/sites/{site}/accounts", json: (*API).listAccounts},
	{method: "POST", path: "/sites/{site}/accounts", json: (*API).addAccount},
	{method: "PATCH", path: "/sites/{site}/accounts/{webexId}", json: (*API).changeAccount},
	{method: "POST", path: "/sites/{site}/accounts/{webexId}/tickets", json: (*API).issueTicket},
	{method: "GET", path: "/sites/{site}/meetings", json: (*API).listMeetings},
	{method: "PATCH", path: "/sites/{site}/meetings/{key}", json: (*API).changeMeeting},

	{method: "GET", path: "/faults", json: (*API).listFaults},
	{method: "POST", path: "/faults", json: (*API).addFault},
	{method: "DELETE", path: "/faults", json: (*API).clearFaults, query: []string{"site"}},
	{method: "DELETE", path: "/faults/{fault}", json: (*API).removeFault},
	{method: "POST", path: "/reset", json: (*API).reset},

	{method: "GET", path: "/healthz", json: (*API).health},
	{method: "GET", path: "/ca.pem", raw: (*API).getCA},
	{method: "GET", path: "/openapi.yaml", raw: (*API).getDocument},
	{method: "GET", path: "/openapi.json", raw: (*API).getDocumentJSON},

	{method: "GET", path: "/", raw: (*API).console, query: []string{"token"}},
	{method: "GET", path: "/console/live", raw: (*API).consoleLive},
	{method: "GET", path: "/console/{file}", raw: (*API).consoleFile},
}

// pattern is the path as http.ServeMux wants it.
func (r route) pattern() string {
	if r.path == "/" {
		return "/{$}"
	}
	return r.path
}

// ServeHTTP answers a request that may be answered.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := a.guard(r); err != nil {
		writeError(w, err)
		return
	}
	if a.admit(w, r) {
		return
	}
	if _, pattern := a.mux.Handler(r); pattern == "" {
		writeError(w, a.noRoute(r))
		return
	}
	a.mux.ServeHTTP(w, r)
}

// answer answers a request in the way of its route.
func (a *API) answer(w http.ResponseWriter, r *http.Request, to route) {
	if err := to.knows(r); err != nil {
		writeError(w, err)
		return
	}
	if to.raw != nil {
		if err := to.raw(a, w, r); err != nil {
			writeError(w, err)
		}
		return
	}
	result, err := to.json(a, r)
	if err != nil {
		writeError(w, err)
		return
	}
	if r.Method != http.MethodGet {
		a.changed.fire()
	}
	status := http.StatusOK
	if c, ok := result.(created); ok {
		status, result = http.StatusCreated, c.result
	}
	writeJSON(w, status, result)
}

// created is the result of a request that made something new.
type created struct{ result any }

// noRoute explains a request that no route takes.
func (a *API) noRoute(r *http.Request) *Error {
	var allowed []string
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := a.mux.Handler(other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		return &Error{Status: http.StatusMethodNotAllowed, Message: r.URL.Path + " is not asked with " + r.Method, Expected: strings.Join(allowed, ", ")}
	}
	return &Error{Status: http.StatusNotFound, Message: "there is nothing at " + r.URL.Path, Expected: "a path of /openapi.yaml"}
}

var _ http.Handler = (*API)(nil)
