package strictyaml

import (
	"reflect"
	"time"
)

// Format is one kind of file.
type Format struct {
	Name  string // such as "integration"
	About string // what such a file says, in a few words
	// Type is the struct that describes it, Words the words that its named types may be.
	Type  reflect.Type
	Words Vocabulary
	// Check reads a file and holds it to everything, what the type cannot say too. The error is Mistakes.
	Check func(file string, data []byte) error
}

// Keys are the keys that such a file may have at its top.
func (f Format) Keys() []string {
	var names []string
	for _, k := range keysOf(f.Type) {
		names = append(names, k.name)
	}
	return names
}

// TopKeys are the keys at the top of a file, whichever kind it is of. The error is Mistakes: the file is no YAML, or no mapping.
func TopKeys(file string, data []byte) ([]string, error) {
	body, m := parse(file, data)
	if m != nil {
		return nil, Mistakes{m}
	}
	values, ok := mapping(body)
	if !ok {
		line, column := position(body)
		return nil, Mistakes{{File: file, Line: line, Column: column, Problem: "expected a mapping, found " + found(body)}}
	}
	var names []string
	for _, v := range values {
		names = append(names, keyOf(v))
	}
	return names, nil
}

// Schema is the format as a JSON Schema (draft 2020-12), for editors. What a type cannot say is not in it: a file that it lets pass may still be
// wrong, and none that is right is refused. Comment gives the description of a struct's field, empty for none.
func (f Format) Schema(comment func(t reflect.Type, field string) string) map[string]any {
	s := schemaOf(f.Type, f.Words, comment)
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "cookiegate: " + f.Name
	s["description"] = f.About
	return s
}

// durations are what time.ParseDuration reads.
const durations = `^[+-]?(0|([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$`

func schemaOf(t reflect.Type, v Vocabulary, comment func(reflect.Type, string) string) map[string]any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return map[string]any{"type": "string", "pattern": durations}
	case t == reflect.TypeFor[TextOrList]():
		return map[string]any{"type": []string{"string", "array"}, "items": map[string]any{"type": "string"}}
	case len(v[t]) > 0:
		return map[string]any{"type": "string", "enum": v[t]}
	case t.Kind() == reflect.String:
		return map[string]any{"type": "string"}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case isInteger(t.Kind()):
		s := map[string]any{"type": "integer"}
		if t.Kind() >= reflect.Uint {
			s["minimum"] = 0
		}
		return s
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), v, comment)}
	case t.Kind() == reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), v, comment)}
	}
	properties, required := map[string]any{}, []string{}
	for _, k := range keysOf(t) {
		p := schemaOf(k.typ, v, comment)
		if text := comment(k.in, k.field); text != "" {
			p["description"] = text
		}
		if k.required {
			required = append(required, k.name)
			switch p["type"] {
			case "string":
				p["pattern"] = orElse(p["pattern"], `\S`) // it must not be empty
			case "array":
				p["minItems"] = 1
			}
		}
		properties[k.name] = p
	}
	s := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func orElse(x, otherwise any) any {
	if x == nil {
		return otherwise
	}
	return x
}
