package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/fault"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// Error is what the API answers when it cannot do what was asked. The Client returns it.
type Error struct {
	Status   int    `json:"-"`                  // HTTP
	Message  string `json:"error"`              // what is wrong
	Field    string `json:"field,omitempty"`    // of the body or the query
	Expected string `json:"expected,omitempty"` // instead
}

// Error is field, message and what was expected.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	b.WriteString(e.Message)
	if e.Expected != "" {
		b.WriteString("; expected " + e.Expected)
	}
	return b.String()
}

// invalid is an Error about a field.
func invalid(field, expected, format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Message: fmt.Sprintf(format, args...), Field: field, Expected: expected}
}

// notFound is an Error about something that a path names.
func notFound(format string, args ...any) *Error {
	return &Error{Status: http.StatusNotFound, Message: fmt.Sprintf(format, args...)}
}

// asError is an error of the simulator's as the API tells it.
func asError(err error) *Error {
	var own *Error
	var wrong *fault.Invalid
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &wrong):
		return invalid(wrong.Field, wrong.Expected, "%s", wrong.Problem)
	case errors.Is(err, simulator.ErrNoSite), errors.Is(err, site.ErrNoMeeting):
		return notFound("%v", err)
	case errors.Is(err, site.ErrIDConflict):
		return &Error{Status: http.StatusConflict, Field: "webexId", Message: err.Error(), Expected: "one that is free"}
	case errors.Is(err, site.ErrEmailConflict):
		return &Error{Status: http.StatusConflict, Field: "email", Message: err.Error(), Expected: "one that is free"}
	case errors.Is(err, site.ErrTicketTaken):
		return &Error{Status: http.StatusConflict, Field: "ticket", Message: err.Error(), Expected: "one that is free"}
	}
	return &Error{Status: http.StatusInternalServerError, Message: err.Error()}
}

func writeError(w http.ResponseWriter, err error) {
	e := asError(err)
	switch e.Status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", e.Expected)
	}
	writeJSON(w, e.Status, e)
}

func writeJSON(w http.ResponseWriter, status int, result any) {
	body, err := json.Marshal(result)
	if err != nil { // nothing that is written here can fail
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(append(body, '\n'))
}

var _ error = (*Error)(nil)
