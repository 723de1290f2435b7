package repro

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/predict"
)

// Group are the candidates that come to the same cause.
type Group struct {
	Cause *fixtures.Cause // nil: it works
	Share float64         // of all likelihood, of 1
	// Candidates are sorted, the likeliest first.
	Candidates []*Candidate
}

// Search finds what the complaint can mean, the likeliest cause first, and the question whose answer would tell most; nil where no answer would.
func (c *Complaint) Search() ([]Group, *Question, error) {
	list, err := c.candidates()
	if err != nil {
		return nil, nil, err
	}
	for _, w := range list {
		w.Prediction = predict.On(w.Case, w.model)
	}
	list = slices.DeleteFunc(list, func(w *weighted) bool { return w.moot() })
	e := c.evidence()
	best := math.Inf(-1)
	scores := make([]float64, len(list))
	for i, w := range list {
		w.fit = e.fits(w)
		scores[i] = math.Log(w.weight) + w.fit
		best = max(best, scores[i])
	}
	total := 0.0
	for i := range list {
		list[i].Share = math.Exp(scores[i] - best)
		total += list[i].Share
	}
	index := map[string]int{}
	var groups []Group
	for _, w := range list {
		w.Share /= total
		key := w.Situation
		if p := w.Prediction.Cause; p != nil {
			key = fmt.Sprint(*p)
		}
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, Group{Cause: w.Prediction.Cause})
		}
		groups[i].Share += w.Share
		groups[i].Candidates = append(groups[i].Candidates, &w.Candidate)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.Candidates, func(a, b *Candidate) int { return cmp.Compare(b.Share, a.Share) })
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return cmp.Compare(b.Share, a.Share) })
	q, err := c.question(groups)
	return groups, q, err
}
