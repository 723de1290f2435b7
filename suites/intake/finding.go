package intake

// Finding is something about a report that a person should know or ask. None of them is an error.
type Finding struct {
	Kind    FindingKind `json:"kind"`
	Field   string      `json:"field"`         // the report's key
	Problem string      `json:"problem"`       // what is missing or wrong
	Ask     string      `json:"ask,omitempty"` // the question to put to the customer
}

// FindingKind is what sort of finding it is.
type FindingKind string

// The kinds.
const (
	Missing       FindingKind = "missing"
	NotUnderstood FindingKind = "not-understood"
	Contradiction FindingKind = "contradiction"
	WrongValue    FindingKind = "wrong"
	Note          FindingKind = "note" // what follows from what is written, and may surprise
)

func (f Finding) String() string {
	s := f.Field + ": " + f.Problem
	if f.Ask != "" {
		s += " Ask: " + f.Ask
	}
	return s
}
