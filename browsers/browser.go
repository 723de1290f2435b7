package browsers

import (
	"context"
	"time"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Engine names a browser engine.
type Engine string

// The engines.
const (
	Chromium Engine = "chromium"
	Firefox  Engine = "firefox"
	WebKit   Engine = "webkit"
)

// Driver finds and starts the browsers of one engine.
type Driver interface {
	// Engine is the engine driven.
	Engine() Engine
	// Find looks for an executable, at the place the environment names or the usual places. The error is a *NotInstalledError.
	Find() (Executable, error)
	// Supports says whether this engine, on this machine, can be put under p. The error is a *NotAvailableError whose text is a
	// sentence for the matrix.
	Supports(p policy.Policy) error
	// Launch starts one process under LaunchOptions.Policy.
	Launch(ctx context.Context, o LaunchOptions) (Browser, error)
	// Turns says whether a browser that runs under one policy can be put under the other by Browser.Turn. Where not, that one takes a
	// process of its own.
	Turns(from, to policy.Policy) bool
}

// Executable is a browser found on this machine.
type Executable struct {
	Path    string
	Name    string // as people say it: "Chromium", "Google Chrome", "Firefox ESR"
	Version string // "156.0.8078.79"
}

// LaunchOptions says how a browser is started.
type LaunchOptions struct {
	Policy policy.Policy
	Proxy  string // the front door, "http://127.0.0.1:PORT"
	Dir    string // a folder that exists, for profile and logs; the caller removes it
	// Persistent keeps one profile over all sessions of this browser, so that Browser.Restart shows what survives a restart.
	Persistent bool
	Headed     bool
}

// Browser is one running browser process.
type Browser interface {
	Executable() Executable
	// Settings are those that make the policy, read back from the running browser, not those that were asked for.
	Settings(ctx context.Context) ([]Setting, error)
	// NewSession opens a fresh context: no cookies, no cache. In a persistent browser it is the profile's own.
	NewSession(ctx context.Context, o SessionOptions) (Session, error)
	// Turn puts the running browser under another policy, which Driver.Turns allows, by changing what a person changes in its settings. No
	// session may be open, and the browser must not be persistent.
	Turn(ctx context.Context, p policy.Policy) error
	// Restart ends the process as a person would and starts it again on the same profile. Only for persistent browsers.
	Restart(ctx context.Context) error
	// Done is closed when the process is gone, whatever the reason.
	Done() <-chan struct{}
	// Close ends the process and everything it started.
	Close() error
}

// Setting is one of the engine's own settings, by its own name.
type Setting struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Source string `json:"source"` // where it was read: "preference", ManagedPolicy, "permission", "command line"
}

// ManagedPolicy is the source of a setting that an IT department makes.
const ManagedPolicy = "managed policy"

// SessionOptions says what a session needs from its start.
type SessionOptions struct {
	// Clock, when not zero, is what the pages' clock shows at the start; it then moves only by Session.AdvanceClock.
	Clock time.Time
	// Trace is a file into which a trace is written on Close, where the engine can; empty: none.
	Trace    string
	Viewport [2]int // zero: the engine's own
}

// Session is a fresh browser context driven step by step.
type Session interface {
	// Do does one step and returns when it is done: a visit when its document has been parsed, a click when it was delivered,
	// a See when the text is there. The error is a *StepError; when the process died it wraps ErrCrashed.
	Do(ctx context.Context, s Step) error
	// AdvanceClock moves the clock of all pages and runs the timers that fall due, each at its time.
	AdvanceClock(ctx context.Context, d time.Duration) error
	// Documents are all documents open now, frames and popups included, with what a person reads there.
	Documents(ctx context.Context) ([]Document, error)
	// Screenshot is a PNG of the page that was opened last and is still open.
	Screenshot(ctx context.Context) ([]byte, error)
	// Blocked are the cookies that the engine itself says it did not store or send, with its own reasons; nil where an engine
	// reports none.
	Blocked() []BlockedCookie
	Close() error
}

// Document is one document in a page.
type Document struct {
	URL   string
	Title string
	Text  string
	Page  int    // 0 is the first page opened
	Frame string // the frame's name; empty for a page's own document
	// Complete says that the document and all that belongs to it has come, that its scripts have run, and that it was not sent elsewhere since, as
	// far as the engine tells.
	Complete bool
	// Hidden says that it is in a frame that nobody sees: one without a size, not shown, or out of the page.
	Hidden bool
	// Timer is how long it is, by the pages' clock, until the first of the document's timers falls due; zero where there is none, or the
	// clock is the real one.
	Timer time.Duration
}

// Direction says whether a cookie was on its way into the browser or out of it.
type Direction string

// The directions.
const (
	Store Direction = "store"
	Send  Direction = "send"
)

// BlockedCookie is an engine's own word that a cookie was not stored or not sent.
type BlockedCookie struct {
	Name      string
	Domain    string
	URL       string // of the request
	Direction Direction
	Reasons   []string // the engine's own words, such as "UserPreferences" or "SameSiteLax"
	Time      time.Time
}
