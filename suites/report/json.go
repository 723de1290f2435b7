package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Version is the version of results.json that this package writes and reads. docs/results.md describes it.
const Version = 1

// document is results.json.
type document struct {
	Version    int               `json:"version"`
	Started    time.Time         `json:"started,omitzero"`
	DurationMS int64             `json:"durationMs"`
	Seed       int64             `json:"seed,omitempty"`
	Shard      string            `json:"shard,omitempty"`
	Gate       Gate              `json:"gate,omitzero"`
	Browsers   []Browser         `json:"browsers"`
	Cases      []json.RawMessage `json:"cases"`
}

// caseDocument is one of its cases.
type caseDocument struct {
	testbed.Result
	DurationMS *int64 `json:"durationMs"`
}

// JSON writes a run as results.json.
func JSON(w io.Writer, run Run) error {
	run = run.prepared()
	doc := document{
		Version: Version, Started: run.Started.UTC().Truncate(time.Millisecond), DurationMS: run.Duration.Milliseconds(), Seed: run.Seed, Shard: run.Shard,
		Gate: run.Gate, Browsers: run.Browsers, Cases: make([]json.RawMessage, len(run.Results)),
	}
	if doc.Browsers == nil {
		doc.Browsers = []Browser{}
	}
	if run.Started.IsZero() {
		doc.Started = time.Time{}
	}
	seen := map[string]bool{}
	for i, result := range run.Results {
		if err := check(result, seen); err != nil {
			return fmt.Errorf("cases[%d]: %w", i, err)
		}
		ms := result.Duration.Milliseconds()
		raw, err := encode(caseDocument{Result: result, DurationMS: &ms})
		if err != nil {
			return fmt.Errorf("cases[%d] (%s): %w", i, result.ID, err)
		}
		doc.Cases[i] = raw
	}
	raw, err := encode(doc)
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, raw, "", "  "); err != nil {
		return err
	}
	_, err = w.Write(indented.Bytes())
	return err
}

// encode leaves <, > and & readable: the file is read by people, too.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// WriteJSON writes a run to a results.json file.
func WriteJSON(path string, run Run) error {
	return WriteFile(path, func(w io.Writer) error { return JSON(w, run) })
}

// ReadJSON reads a results.json file. It is strict: an unknown field, a value that is none of those known, a missing
// identifier or the same one twice is an error that names file, line, field and what was expected.
func ReadJSON(path string) (Run, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Run{}, err
	}
	return ParseJSON(path, text)
}

// ParseJSON is ReadJSON of a text; name stands for the file in errors.
func ParseJSON(name string, text []byte) (Run, error) {
	// Another version may have other fields, and values that this one cannot read.
	var head struct{ Version *int }
	if err := json.Unmarshal(text, &head); err == nil && head.Version != nil && *head.Version != Version {
		return Run{}, otherVersion(name, *head.Version)
	}
	var doc document
	if err := decode(text, &doc); err != nil {
		return Run{}, fmt.Errorf("%s:%w", name, located(text, 0, err))
	}
	switch {
	case doc.Version != Version:
		return Run{}, otherVersion(name, doc.Version)
	case doc.Browsers == nil:
		return Run{}, fmt.Errorf("%s: browsers is missing, expected a list of {name, version}", name)
	case doc.Cases == nil:
		return Run{}, fmt.Errorf("%s: cases is missing, expected a list of cases", name)
	}
	run := Run{
		Started: doc.Started, Duration: time.Duration(doc.DurationMS) * time.Millisecond, Seed: doc.Seed, Shard: doc.Shard,
		Gate: doc.Gate, Browsers: doc.Browsers, Results: make([]testbed.Result, len(doc.Cases)),
	}
	seen, from := map[string]bool{}, max(0, bytes.Index(text, []byte(`"cases"`)))
	for i, raw := range doc.Cases {
		at := from + bytes.Index(text[from:], raw)
		from = at + len(raw)
		var c caseDocument
		err := decode(raw, &c)
		if err == nil {
			err = check(c.Result, seen)
		}
		if err == nil && (c.DurationMS == nil || *c.DurationMS < 0) {
			err = errors.New("durationMs is missing or negative, expected a number of milliseconds")
		}
		if err != nil {
			return Run{}, fmt.Errorf("%s:%w", name, located(text, at, fmt.Errorf("cases[%d]: %w", i, err)))
		}
		c.Result.Duration = time.Duration(*c.DurationMS) * time.Millisecond
		run.Results[i] = c.Result
	}
	return run, nil
}

func otherVersion(name string, version int) error {
	return fmt.Errorf("%s: version is %d, expected %d: the file was written by another version of cookiegate", name, version, Version)
}

func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the end of the document")
	}
	return nil
}

// unknownField is how encoding/json begins its error for a field that no struct has.
const unknownField = "json: unknown field "

// located puts the line in front of an error found in a text, where it is known; base is where the decoded part starts.
func located(text []byte, base int, err error) error {
	offset, message := base, err.Error()
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset += int(syntax.Offset)
	case errors.As(err, &kind):
		offset += int(kind.Offset)
		what := "this"
		if kind.Field != "" {
			what = "field " + strings.TrimPrefix(kind.Field, "Result.")
		}
		message = strings.Replace(message, kind.Error(), fmt.Sprintf("%s is a %s, expected %s", what, kind.Value, jsonKind(kind.Type)), 1)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		offset, message = len(text), "the file ends in the middle of the document"
	default:
		if before, field, found := strings.Cut(message, unknownField); found {
			offset += max(0, bytes.Index(text[base:], []byte(field)))
			message = before + "unknown field " + field
		}
	}
	line := 1 + bytes.Count(text[:min(offset, len(text))], []byte("\n"))
	return fmt.Errorf("%d: %s", line, message)
}

// jsonKind is a Go type in the words of JSON.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "list"
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "true or false"
	default: // no field has a fraction
		return "whole number"
	}
}
