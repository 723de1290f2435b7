package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// maxBody is the largest body that is read, in bytes.
const maxBody = 64 << 10

// read reads the JSON body of a request into a struct. A missing body is an empty object.
func read[T any](r *http.Request) (T, error) {
	var into T
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return into, &Error{Status: http.StatusBadRequest, Message: "the body did not come whole: " + err.Error()}
	}
	if len(body) > maxBody {
		return into, &Error{Status: http.StatusRequestEntityTooLarge, Message: "the body is too large", Expected: fmt.Sprintf("at most %d bytes", maxBody)}
	}
	if len(body) == 0 {
		return into, nil
	}
	// curl -d says that it sends a form; what makes a request safe is not its type but that guard let it pass.
	switch given, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); given {
	case "", "application/json", "application/x-www-form-urlencoded":
	default:
		return into, &Error{Status: http.StatusUnsupportedMediaType, Message: "the body is " + given, Expected: "application/json"}
	}
	return parse[T](body)
}

// parse is read for a body that has come. It is stricter than encoding/json: no unknown keys, each once, in the right letter case, and no empty text where a
// missing one means something wider.
func parse[T any](body []byte) (T, error) {
	var none, into T
	known := keysOf(reflect.TypeFor[T]())
	given, err := givenKeys(body)
	if err != nil {
		return none, notJSON(err)
	}
	for i, key := range given {
		if !slices.Contains(known, key) {
			return none, invalid(key, wording.OneOf(known)+wording.DidYouMean(key, known), "unknown field")
		}
		if slices.Contains(given[:i], key) {
			return none, invalid(key, "it once", "is there twice")
		}
	}
	if err := json.Unmarshal(body, &into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return none, invalid(wrong.Field, describe(wrong.Type), "found %s", wrong.Value)
		}
		return none, notJSON(err)
	}
	for f, value := range reflect.ValueOf(into).Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if value.Kind() == reflect.String && value.IsZero() && options == "omitempty" && slices.Contains(given, name) {
			return none, invalid(name, "a text, or no such field", "is empty")
		}
	}
	return into, nil
}

func notJSON(err error) *Error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF // it did begin
	}
	return &Error{Status: http.StatusBadRequest, Message: "the body is not a JSON object: " + err.Error(), Expected: `one such as {"key":"value"}`}
}

// givenKeys are the keys of the object that the body is.
func givenKeys(body []byte) ([]string, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil {
		return nil, err
	} else if t == nil {
		return nil, errors.New("it is null")
	} else if t != json.Delim('{') {
		return nil, fmt.Errorf("it begins with %v", t)
	}
	var keys []string
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		keys = append(keys, t.(string)) // before a colon nothing else passes
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows the object")
	}
	return keys, nil
}

// keysOf are the keys that a struct may have in JSON.
func keysOf(t reflect.Type) []string {
	var keys []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys = append(keys, name)
	}
	return keys
}

// describe says what a type looks like in JSON.
func describe(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[Duration]():
		return `a duration such as "30m1s"`
	case t == reflect.TypeFor[Attributes]():
		return `an object whose values are texts, or true for an attribute without a value, or false for none`
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Uint64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	}
	return "an object"
}
