package strictyaml

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// describe says what a type looks like in a file.
func describe(t reflect.Type, v Vocabulary) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return `a duration such as "30m1s"`
	case t == reflect.TypeFor[TextOrList]():
		return "a text or a list of texts"
	case len(v[t]) > 0:
		return wording.OneOf(v[t])
	case t.Kind() == reflect.String:
		return "a text"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case isInteger(t.Kind()):
		return "a whole number"
	case t.Kind() == reflect.Slice:
		return "a list"
	default:
		return "a mapping"
	}
}

// found says what stands in the file.
func found(n ast.Node) string {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode:
		return "the text " + quote(n.Value)
	case *ast.LiteralNode:
		return "a text of several lines"
	case *ast.BoolNode:
		return "the truth value " + n.String()
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + n.GetToken().Value
	}
	return "something else"
}

// quote shows the beginning of a text that a stranger may have made as long as he liked.
func quote(s string) string {
	if len(s) > longestWord {
		s = strings.ToValidUTF8(s[:longestWord], "") + "…"
	}
	return strconv.Quote(s)
}

const longestWord = 60
