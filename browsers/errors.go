package browsers

import (
	"errors"
	"fmt"
)

// ErrCrashed says that the browser process died under a step.
var ErrCrashed = errors.New("the browser process died")

// NotInstalledError says that no browser of an engine was found.
type NotInstalledError struct {
	Engine  Engine
	Command string // what to type to install it
	// Named is the environment variable that names an executable which tells no version, such as "COOKIEGATE_CHROMIUM=/no/such"; empty: none does.
	Named string
}

func (e *NotInstalledError) Error() string {
	if e.Named != "" {
		return fmt.Sprintf("%s: nothing there says which version of a browser it is; expected the path of a browser for %s", e.Named, e.Engine)
	}
	return fmt.Sprintf("no browser for %s was found; install one with: %s", e.Engine, e.Command)
}

// NotAvailableError says that an engine has no such setting, or this machine cannot make it.
type NotAvailableError struct {
	Engine   Engine
	Policy   string
	Sentence string // for the matrix: "WebKit has no per-site exception for third-party cookies."
	Advice   string // what a person may do about it; empty where the engine has no such setting anywhere
}

func (e *NotAvailableError) Error() string { return e.Sentence }

// IsNotAvailable says whether err is, or wraps, a *NotAvailableError: there is nothing to hold the engine to.
func IsNotAvailable(err error) bool {
	var missing *NotAvailableError
	return errors.As(err, &missing)
}

// StepError says which step failed, and what was there instead.
type StepError struct {
	Step Step
	Err  error
}

func (e *StepError) Error() string { return fmt.Sprintf("%s: %v", e.Step, e.Err) }
func (e *StepError) Unwrap() error { return e.Err }
