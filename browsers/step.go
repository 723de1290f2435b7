package browsers

// Step is one thing a person does or looks for. Exactly one of Visit, Click, Fill, Submit, See, NotSee, URL
// and Script is set; the rest says where.
// Selectors are CSS, and mean the first element that matches; "text=Sign in" means the one whose whole text that is. Every engine serves
// all of them.
type Step struct {
	Visit  string `yaml:"visit,omitempty"`   // address
	Click  string `yaml:"click,omitempty"`   // selector
	Fill   string `yaml:"fill,omitempty"`    // selector of a field; With is what is typed
	With   string `yaml:"with,omitempty"`    // only with Fill; empty: the field is cleared
	Submit string `yaml:"submit,omitempty"`  // selector of a form
	See    string `yaml:"see,omitempty"`     // text that must appear
	NotSee string `yaml:"not-see,omitempty"` // text that must not be there
	URL    string `yaml:"url,omitempty"`     // what the document's address must begin with
	Script string `yaml:"script,omitempty"`  // expression in JavaScript that must come true in the document

	InFrame string `yaml:"in-frame,omitempty"` // name of a frame, at any depth
	InPopup bool   `yaml:"in-popup,omitempty"` // in the window opened last by a page
	InTab   string `yaml:"in-tab,omitempty"`   // in the tab of that name, opened by the first Visit that names it; empty: the first tab
}

// String is the step as a person would say it.
func (s Step) String() string {
	what := ""
	switch {
	case s.Visit != "":
		what = "visit " + s.Visit
	case s.Click != "":
		what = "click " + s.Click
	case s.Fill != "":
		what = "fill " + s.Fill
	case s.Submit != "":
		what = "submit " + s.Submit
	case s.See != "":
		what = "see " + s.See
	case s.NotSee != "":
		what = "not see " + s.NotSee
	case s.URL != "":
		what = "be at " + s.URL
	case s.Script != "":
		what = "find true " + s.Script
	}
	if s.InFrame != "" {
		what += " in frame " + s.InFrame
	}
	if s.InPopup {
		what += " in the popup"
	}
	if s.InTab != "" {
		what += " in tab " + s.InTab
	}
	return what
}

// Checks says whether the step only looks for something, and does nothing.
func (s Step) Checks() bool { return s.See != "" || s.NotSee != "" || s.URL != "" || s.Script != "" }
