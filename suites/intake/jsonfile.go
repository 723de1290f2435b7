package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// decodeJSON reads a small JSON file whole. The error is a *Mistake with line and offset.
func decodeJSON(file string, data []byte, into any) error {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	dec := json.NewDecoder(bytes.NewReader(data))
	err := dec.Decode(into)
	if err == nil {
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			return &Mistake{File: file, Line: lineAt(data, dec.InputOffset()), Offset: dec.InputOffset(), Problem: "something follows the end of the JSON value"}
		}
		return nil
	}
	m := &Mistake{File: file, Offset: int64(len(data)), err: err}
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		m.Problem = "the file is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		m.Problem = "the file ends here, in the middle of a JSON value: it was cut off"
	case errors.As(err, &syntax):
		m.Offset, m.Problem = max(syntax.Offset-1, 0), "this is no JSON: "+syntax.Error()
	case errors.As(err, &wrongType):
		m.Offset, m.Field = wrongType.Offset, short(wrongType.Field)
		m.Problem = fmt.Sprintf("expected %s, found %s", jsonKind(wrongType.Type.Kind()), withArticle(wrongType.Value))
	default:
		m.Problem = err.Error()
	}
	m.Line = lineAt(data, m.Offset)
	return m
}

// jsonKind says what a Go type looks like in JSON.
func jsonKind(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "a number"
}

// withArticle is the word that encoding/json uses for a kind of value, in a sentence.
func withArticle(kind string) string {
	kind, _, _ = strings.Cut(kind, " ")
	switch kind {
	case "array":
		return "a list"
	case "object":
		return "an object"
	case "string":
		return "a text"
	case "bool":
		return "true or false"
	}
	return "a " + kind
}

// parseValue reads one value of a JSON file.
func parseValue(file, field string, raw json.RawMessage, into any) error {
	if err := json.Unmarshal(raw, into); err != nil || string(raw) == "null" {
		t := reflect.TypeOf(into).Elem()
		kind := jsonKind(t.Kind())
		if t == reflect.TypeFor[[]string]() {
			kind = "a list of texts"
		}
		return &Mistake{File: file, Offset: -1, Field: field, Problem: fmt.Sprintf("expected %s, found %s", kind, shown(string(raw)))}
	}
	return nil
}

// located is err with the line in data, a JSON file, of the field that it names or, where that is missing, of what it would stand in.
func located(data []byte, err error) error {
	m, ok := asMistake(err)
	if !ok || m.Line > 0 {
		return err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	for field := m.Field; field != "" && m.Line == 0; field = field[:max(0, strings.LastIndexByte(field, '.'))] {
		f := fieldFinder{data: data, dec: json.NewDecoder(bytes.NewReader(data)), field: field}
		if f.walk("", 0) == nil {
			m.Line = f.line
		}
	}
	return err
}

// fieldFinder finds the line of the first value whose place is a field or ends as one: "Cookies.Allow[2]".
type fieldFinder struct {
	data  []byte
	dec   *json.Decoder
	field string
	line  int // 0: not found so far
}

// deepest is how deep a place may lie.
const deepest = 32

// walk goes through the value at place, until the field is found.
func (f *fieldFinder) walk(place string, depth int) error {
	opening, err := f.dec.Token()
	if err != nil {
		return err
	}
	if place == f.field || strings.HasSuffix(place, "."+f.field) {
		f.line = lineAt(f.data, f.dec.InputOffset())
		return nil
	}
	if opening != json.Delim('{') && opening != json.Delim('[') {
		return nil
	}
	for i := 0; f.dec.More(); i++ {
		below := fmt.Sprintf("%s[%d]", place, i)
		if opening == json.Delim('{') {
			key, err := f.dec.Token()
			if err != nil {
				return err
			}
			below = strings.TrimPrefix(place+"."+key.(string), ".")
		}
		if depth == deepest {
			err = f.dec.Decode(new(json.RawMessage))
		} else {
			err = f.walk(below, depth+1)
		}
		if err != nil || f.line > 0 {
			return err
		}
	}
	_, err = f.dec.Token()
	return err
}
