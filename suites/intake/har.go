package intake

import (
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
)

// HAR is what is kept of a HAR file: the exchanges that have to do with documents, commands, redirects and cookies, without bodies and without
// secrets.
type HAR struct {
	File    string  `json:"file"`
	Creator string  `json:"creator,omitempty"` // the program that wrote it: "WebInspector 537.36"
	Browser string  `json:"browser,omitempty"` // where it or a request says so: "Firefox 140.0"
	Pages   []Page  `json:"pages,omitempty"`
	Entries []Entry `json:"entries"`
	Total   int     `json:"total"` // entries in the file
	Bytes   int64   `json:"bytes"` // of the file
	Cookies Cookies `json:"cookies"`
}

// Cookies says whether a recording shows cookies.
type Cookies string

// What a recording can show.
const (
	// CookiesRecorded: there are Cookie or Set-Cookie headers.
	CookiesRecorded Cookies = "recorded"
	// CookiesRemoved: there is none, and there was one: a login succeeded, which always sets a cookie. The file was sanitized, as browsers do
	// unless told otherwise.
	CookiesRemoved Cookies = "removed"
	// CookiesAbsent: there is none, and nothing shows whether there was.
	CookiesAbsent Cookies = "absent"
)

// Page is a page of a recording.
type Page struct {
	ID    string    `json:"id"`
	Title string    `json:"title,omitempty"` // in Chromium the address, redacted
	Time  time.Time `json:"time"`
}

// Entry is one exchange of a recording.
type Entry struct {
	Index    int           `json:"index"` // 1, 2, … in the file
	Time     time.Time     `json:"time"`
	Took     time.Duration `json:"took"`
	Method   string        `json:"method"`
	URL      string        `json:"url"` // redacted
	Host     string        `json:"host"`
	Path     string        `json:"path"`
	Status   int           `json:"status"`             // 0: there was no answer
	Redirect string        `json:"redirect,omitempty"` // target of a redirect by status, redacted
	// Page and Frame are the recording's own marks; few programs write the latter.
	Page  string `json:"page,omitempty"`
	Frame string `json:"frame,omitempty"`
	// Initiator is what caused it, in the browser's words: "script", "parser", "other".
	Initiator string `json:"initiator,omitempty"`
	// Resource is what it was for, in the browser's words: "document", "xhr", "image".
	Resource string `json:"resource,omitempty"`
	// The browser's Sec-Fetch-* headers and Sec-Fetch-Storage-Access.
	FetchSite     string `json:"fetchSite,omitempty"`
	FetchMode     string `json:"fetchMode,omitempty"`
	FetchDest     string `json:"fetchDest,omitempty"`
	FetchUser     bool   `json:"fetchUser,omitempty"`
	StorageAccess string `json:"storageAccess,omitempty"`
	Referer       string `json:"referer,omitempty"` // origin only
	Origin        string `json:"origin,omitempty"`
	ContentType   string `json:"contentType,omitempty"`
	// Via names the proxies that say that they passed the answer on.
	Via string `json:"via,omitempty"`
	// CompactPolicy is the answer's P3P header.
	CompactPolicy string           `json:"compactPolicy,omitempty"`
	Returned      []network.Cookie `json:"returned,omitempty"`
	Offered       []network.Cookie `json:"offered,omitempty"`
	// Command is the Webex command that it is, or nil.
	Command *Command `json:"command,omitempty"`
	Timings Timings  `json:"timings"`
	// Err is why there is no answer, in the browser's words: "net::ERR_BLOCKED_BY_CLIENT" is an extension's work.
	Err string `json:"err,omitempty"`
}

// Timings are the phases of an exchange.
type Timings struct {
	Blocked time.Duration `json:"blocked,omitempty"`
	DNS     time.Duration `json:"dns,omitempty"`
	Connect time.Duration `json:"connect,omitempty"`
	Send    time.Duration `json:"send,omitempty"`
	Wait    time.Duration `json:"wait,omitempty"`
	Receive time.Duration `json:"receive,omitempty"`
}

// HARLimits bound what is read of a HAR file and kept in memory.
type HARLimits struct {
	Bytes   int64 // of the file
	Entries int   // in the file
	Kept    int64 // bytes in memory, about
	String  int   // bytes; longer texts are cut
	Value   int64 // bytes of one request or answer, long texts counted as cut
	Nesting int   // of objects and lists
}

// DefaultHARLimits are far beyond what browsers write.
var DefaultHARLimits = HARLimits{Bytes: 4 << 30, Entries: 1_000_000, Kept: 256 << 20, String: 16 << 10, Value: 8 << 20, Nesting: 200}
