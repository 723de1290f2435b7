package browsers

import "time"

// Recorder is a Session that can tell what a person does in its pages.
type Recorder interface {
	// Record has did told of each click, each field that was filled in and each form sent from now on, as a step, wherever in the session. Documents
	// that are open already tell nothing. Calls come one after the other.
	Record(did func(Recorded)) error
}

// Recorded is something that a person did.
type Recorded struct {
	Step
	// At is when it was done, by the machine's clock, in whole milliseconds: it may be told after what it led to.
	At time.Time
	// Secret says that With was typed into a field for passwords.
	Secret bool
	// Nameless says that it was done in a frame without a name, which no step can say.
	Nameless bool
}
