package process

import "errors"

// UnableError says that this machine cannot do something, and what a person may do about it.
type UnableError struct {
	Why    string // "this system refuses mount namespaces"
	Advice string // a sentence; empty where nothing helps
}

func (e *UnableError) Error() string { return e.Why }

// Advice is what a person may do about err; empty where nothing is known to help.
func Advice(err error) string {
	if unable := (*UnableError)(nil); errors.As(err, &unable) {
		return unable.Advice
	}
	return ""
}

// CanOverlay says whether a process can be shown a folder of ours in the place of target here; the error is an *UnableError.
func CanOverlay(target string) error {
	if err := CanMount(); err != nil {
		return err
	}
	_, _, err := overlaid(target)
	return err
}
