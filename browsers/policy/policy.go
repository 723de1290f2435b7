package policy

// Policy is one cookie policy: what a person, an IT department or a network has decided about cookies. It is the unit of
// configuration: an engine either translates it into its own settings or says that it has no such setting.
type Policy struct {
	// Name is the name on the command line and in every result, such as "block-third-party".
	Name string `yaml:"name"`
	// Title says in a few words what a person would call it.
	Title string `yaml:"title"`
	// Base is what holds for every site no exception names.
	Base Base `yaml:"base"`
	// Exceptions are the sites for which something else was decided.
	Exceptions []Exception `yaml:"exceptions,omitempty"`
	// PrivateWindow runs every case in a private window (Incognito, private browsing).
	PrivateWindow bool `yaml:"private-window,omitempty"`
	// StorageAccess answers the browser's storage-access prompt: "granted", "denied", or empty for the browser's own answer.
	StorageAccess StorageAccess `yaml:"storage-access,omitempty"`
	// InternetExplorer, where given, puts the rules of an Internet Explorer in front of the browser, on the wire.
	InternetExplorer *InternetExplorer `yaml:"internet-explorer,omitempty"`
	// Extension, where given, is loaded into the browser.
	Extension Extension `yaml:"extension,omitempty"`
	// Probe is what the probe page must see before the first case may run, written by hand.
	Probe []ProbeExpectation `yaml:"probe"`
}

// Base is a policy's decision for all sites.
type Base string

// The bases. Each engine has some of them.
const (
	BrowserDefault  Base = "browser-default"   // nothing is set: what the browser does as shipped
	AllowThirdParty Base = "allow-third-party" // all cookies
	BlockThirdParty Base = "block-third-party" // cookies in somebody else's page are refused
	BlockAll        Base = "block-all"         // first-party cookies too
	Partition       Base = "partition"         // Firefox: a jar per top-level site (Total Cookie Protection)
	PartitionOptIn  Base = "partition-opt-in"  // Firefox: only cookies with the attribute Partitioned, in a jar per top-level site
	VisitedOnly     Base = "visited-only"      // Firefox: third parties that already have a cookie
	SendOnly        Base = "send-only"         // WebKitGTK: a cross-site frame sends cookies and cannot store any
)

// Exception is a decision for some sites. Exactly one of Site and Typed is set.
type Exception struct {
	// Site is a registrable domain, meaning it and everything below it, written by each engine in the way it wants; where an
	// engine knows exact origins only (Firefox), Origins lists those that are meant.
	Site    string   `yaml:"site,omitempty"`
	Origins []string `yaml:"origins,omitempty"`
	// Typed is an entry handed to the browser's setting letter for letter, as a person typed it, right or wrong.
	Typed string `yaml:"typed,omitempty"`
	// EmbeddedIn limits the exception to pages of this top-level site; with neither Site nor Typed it means every cookie there.
	EmbeddedIn string `yaml:"embedded-in,omitempty"`
	// Decision is what is done with the site's cookies.
	Decision Decision `yaml:"decision"`
	// By says whose setting it is: a person's, in the privacy settings, or the IT department's, by managed policy.
	By By `yaml:"by"`
}

// Decision is what an Exception does.
type Decision string

// The decisions.
const (
	Allow       Decision = "allow"
	Block       Decision = "block"
	SessionOnly Decision = "session-only"
)

// By says who made a setting.
type By string

// Who makes settings.
const (
	Person  By = "person"
	Managed By = "managed"
)

// StorageAccess is the answer to a storage-access prompt.
type StorageAccess string

// The answers.
const (
	StorageAccessGranted StorageAccess = "granted"
	StorageAccessDenied  StorageAccess = "denied"
)

// ProbeExpectation is what the probe page must see, on the engines named (none: on all not named elsewhere).
type ProbeExpectation struct {
	Engines     []string `yaml:"engines,omitempty"`
	FirstParty  Seen     `yaml:"first-party"`
	ThirdParty  Seen     `yaml:"third-party"`
	AllowedSite Seen     `yaml:"allowed-site"`
}

// Seen is what became of a probe cookie.
type Seen string

// What can become of a probe cookie: it was stored and came back; it came back only within the same top-level site;
// it was refused.
const (
	SeenAccepted    Seen = "accepted"
	SeenPartitioned Seen = "partitioned"
	SeenRefused     Seen = "refused"
)
