package control

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// knows refuses a parameter that the route does not have, the first by its name. What is meant for one site would happen to all.
func (r route) knows(req *http.Request) error {
	for _, name := range slices.Sorted(maps.Keys(req.URL.Query())) {
		switch {
		case slices.Contains(r.query, name):
		case len(r.query) == 0:
			return invalid(name, "none, and what there is to say in the body of a POST, PUT or PATCH", "unknown parameter")
		default:
			return invalid(name, wording.OneOf(r.query)+wording.DidYouMean(name, r.query), "unknown parameter")
		}
	}
	return nil
}

// query reads the parameters of a request, and keeps the first thing that is wrong with them.
type query struct {
	r     *http.Request
	wrong *Error
}

// text is a parameter that, where it stands, is not empty. Like a key with an empty text in a body, an empty one would mean all.
func (q *query) text(name string) string {
	text := q.r.URL.Query().Get(name)
	if text == "" && q.r.URL.Query().Has(name) && q.wrong == nil {
		q.wrong = invalid(name, "a value, or no such parameter", "is empty")
	}
	return text
}

// number is a parameter that is a number from 0 on.
func (q *query) number(name string, missing int) int {
	text := q.text(name)
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

// err is the first thing that is wrong.
func (q *query) err() error {
	if q.wrong != nil {
		return q.wrong
	}
	return nil
}
