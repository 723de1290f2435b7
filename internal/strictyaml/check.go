package strictyaml

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// check holds a node against the type it is to become, and notes where each field stands.
func (d *Document) check(n ast.Node, t reflect.Type, field string, v Vocabulary) {
	line, column := position(n)
	d.places[field] = place{line, column}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, null := n.(*ast.NullNode); null {
		d.Report(field, "expected %s, found nothing (# begins a comment: put a text that holds it in quotes)", describe(t, v))
		return
	}
	wrong := func() { d.Report(field, "expected %s, found %s", describe(t, v), found(n)) }
	switch {
	case t == reflect.TypeFor[time.Duration]():
		if s, ok := text(n); !ok {
			wrong()
		} else if _, err := time.ParseDuration(s); err != nil {
			wrong()
		}
	case t == reflect.TypeFor[TextOrList]():
		if _, ok := text(n); ok {
			return
		}
		if _, list := n.(*ast.SequenceNode); !list {
			wrong()
			return
		}
		d.check(n, reflect.TypeFor[[]string](), field, v)
	case t.Kind() == reflect.String:
		s, ok := text(n)
		if _, scalar := n.(ast.ScalarNode); !ok && scalar {
			d.Report(field, "expected %s, found %s (quotes make it a text)", describe(t, v), found(n))
			return
		}
		if !ok {
			wrong()
			return
		}
		if words, held := v[t]; held && !slices.Contains(words, s) {
			d.Report(field, "unknown word %s; expected %s%s", quote(s), wording.OneOf(words), wording.DidYouMean(s, words))
		}
	case t.Kind() == reflect.Bool:
		if _, ok := n.(*ast.BoolNode); !ok {
			wrong()
		}
	case isInteger(t.Kind()):
		if i, ok := n.(*ast.IntegerNode); !ok || !fits(i, t) {
			wrong()
		}
	case t.Kind() == reflect.Slice:
		list, ok := n.(*ast.SequenceNode)
		if !ok {
			wrong()
			return
		}
		for i, item := range list.Values {
			d.check(item, t.Elem(), fmt.Sprintf("%s[%d]", field, i), v)
		}
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		if values, ok := mapping(n); ok {
			for _, value := range values {
				d.check(value.Value, t.Elem(), join(field, keyOf(value)), v)
			}
			return
		}
		wrong()
	case t.Kind() == reflect.Struct:
		if values, ok := mapping(n); ok {
			d.checkKeys(n, values, t, field, v)
			return
		}
		wrong()
	default:
		panic(fmt.Sprintf("strictyaml: %s holds a %s, which has no form in YAML", field, t))
	}
}

func (d *Document) checkKeys(n ast.Node, values []*ast.MappingValueNode, t reflect.Type, field string, v Vocabulary) {
	keys := keysOf(t)
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	given := map[string]ast.Node{}
	for _, value := range values {
		name := keyOf(value)
		i := slices.Index(names, name)
		if i < 0 {
			place := d.places[field]
			place.line, place.column = position(value.Key)
			d.places[join(field, name)] = place
			d.Report(join(field, name), "unknown key; expected %s%s", wording.OneOf(names), wording.DidYouMean(name, names))
			continue
		}
		given[name] = value.Value
		d.check(value.Value, keys[i].typ, join(field, name), v)
	}
	for _, k := range keys {
		value, ok := given[k.name]
		switch {
		case !k.required:
		case !ok:
			line, column := position(n)
			d.mistakes = append(d.mistakes, &Mistake{File: d.file, Line: line, Column: column, Field: field,
				Problem: fmt.Sprintf("the key %q is missing; expected %s", k.name, describe(k.typ, v))})
		case isEmpty(value):
			d.Report(join(field, k.name), "is empty; expected %s", describe(k.typ, v))
		}
	}
}

type key struct {
	name     string
	typ      reflect.Type
	required bool
	in       reflect.Type // the struct that has the field
	field    string
}

// keysOf are the keys a mapping may have, those of inlined structs among them.
func keysOf(t reflect.Type) []key {
	var keys []key
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case slices.Contains(strings.Split(options, ","), "inline"):
			keys = append(keys, keysOf(f.Type)...)
		default:
			keys = append(keys, key{name, f.Type, !slices.Contains(strings.Split(options, ","), "omitempty"), t, f.Name})
		}
	}
	return keys
}

func mapping(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func keyOf(value *ast.MappingValueNode) string {
	if s, ok := text(value.Key); ok {
		return s
	}
	return value.Key.String()
}

func text(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

func isEmpty(n ast.Node) bool {
	if s, ok := text(n); ok {
		return strings.TrimSpace(s) == ""
	}
	if list, ok := n.(*ast.SequenceNode); ok {
		return len(list.Values) == 0
	}
	return false
}

// fits says whether a number can be a t.
func fits(n *ast.IntegerNode, t reflect.Type) bool {
	unsigned := t.Kind() >= reflect.Uint
	switch value := n.Value.(type) {
	case uint64:
		if unsigned {
			return !t.OverflowUint(value)
		}
		return value <= math.MaxInt64 && !t.OverflowInt(int64(value))
	case int64:
		return !unsigned && !t.OverflowInt(value)
	}
	return false
}

func isInteger(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uint64 }

func join(field, name string) string {
	if field == "" {
		return name
	}
	return field + "." + name
}
