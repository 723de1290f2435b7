package webkit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// wire speaks WebDriver (w3.org/TR/webdriver2) with one driver process.
type wire struct {
	base string // "http://127.0.0.1:PORT", with "/session/ID" once there is one
	http *http.Client
}

func newWire(base string) *wire {
	return &wire{base: base, http: &http.Client{Transport: &http.Transport{}}} // no proxy: the driver is on this machine
}

// wireError is the driver's refusal; Code is one of the specification's, such as "no such element".
type wireError struct {
	Code    string `json:"error"`
	Message string `json:"message"`
}

func (e *wireError) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Code + ": " + e.Message
}

func hasCode(err error, codes ...string) bool {
	var e *wireError
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range codes {
		if e.Code == c {
			return true
		}
	}
	return false
}

// call does one command. Its error is a *wireError, or says that the driver process is not there.
func (w *wire) call(ctx context.Context, method, path string, body, result any) error {
	var data []byte
	if method == http.MethodPost {
		if body == nil {
			body = struct{}{}
		}
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, w.base+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	answer, err := w.http.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	}
	defer answer.Body.Close()
	var envelope struct{ Value json.RawMessage }
	if err := json.NewDecoder(answer.Body).Decode(&envelope); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if answer.StatusCode != http.StatusOK {
		refusal := &wireError{Code: answer.Status}
		_ = json.Unmarshal(envelope.Value, refusal) // what is no error of WebDriver's keeps its status
		return refusal
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(envelope.Value, result)
}

func (w *wire) post(ctx context.Context, path string, body, result any) error {
	return w.call(ctx, http.MethodPost, path, body, result)
}

func (w *wire) get(ctx context.Context, path string, result any) error {
	return w.call(ctx, http.MethodGet, path, nil, result)
}

// element is a reference to an element, which WebDriver writes as an object with one oddly named field.
type element struct {
	ID string `json:"element-6066-11e4-a52e-4f735466cecf"`
}

// evaluate calls a function in the current document.
func (w *wire) evaluate(ctx context.Context, function string, result any, args ...any) error {
	if args == nil {
		args = []any{}
	}
	return w.post(ctx, "/execute/sync", map[string]any{
		"script": "return (" + function + ").apply(null, arguments)", "args": args,
	}, result)
}
