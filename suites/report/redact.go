package report

import (
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Redact is the result with the values of secrets replaced by redact.Stars in every text. Whoever records a result redacts it
// first: this is the second line of defence.
func Redact(r testbed.Result) testbed.Result {
	conceal(reflect.ValueOf(&r).Elem())
	return r
}

// conceal replaces secrets in every text that v holds, in fields that are yet to be added too. What v shares with others by way
// of slices and pointers is copied first.
func conceal(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(redact.Assigned(Printable(v.String())))
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				conceal(field)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			conceal(own.Elem())
			v.Set(own)
		}
	case reflect.Slice:
		if !v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8 {
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			for i := range own.Len() {
				conceal(own.Index(i))
			}
			v.Set(own)
		}
	}
}

// Printable is a text with its control characters replaced: what a stranger wrote must not move a terminal's cursor, and XML has
// no place for them.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r == '\ufffe' || r == '\uffff' {
			return utf8.RuneError
		}
		return r
	}, s)
}
