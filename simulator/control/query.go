package control

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// query reads the parameters of a request, and keeps the first thing that is wrong with them.
type query struct {
	r     *http.Request
	known []string
	wrong *Error
}

// number is a parameter that is a number from 0 on.
func (q *query) number(name string, missing int) int {
	text := q.r.URL.Query().Get(name)
	if text == "" {
		return missing
	}
	n, err := strconv.Atoi(text)
	if (err != nil || n < 0) && q.wrong == nil {
		q.wrong = invalid(name, "a whole number, 0 or more", "found %q", text)
	}
	return n
}

// words are the values of a parameter that may come several times, each one of some words.
func words[T ~string](q *query, name string, allowed ...T) []T {
	var list []T
	for _, text := range q.r.URL.Query()[name] {
		if len(allowed) > 0 && !slices.Contains(allowed, T(text)) && q.wrong == nil {
			q.wrong = invalid(name, wording.OneOf(allowed), "found %q", text)
		}
		list = append(list, T(text))
	}
	return list
}

// err is the first thing that is wrong: of the parameters that are not known the first by its name, or else what was found first.
func (q *query) err() error {
	for _, name := range slices.Sorted(maps.Keys(q.r.URL.Query())) {
		if !slices.Contains(q.known, name) {
			return invalid(name, wording.OneOf(q.known)+wording.DidYouMean(name, q.known), "unknown parameter")
		}
	}
	if q.wrong != nil {
		return q.wrong
	}
	return nil
}
