package playwright

import (
	"context"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/inpage"
)

// Documents are all documents open now. A document that is just being replaced, or hangs, is there with its address only; while one is to be replaced
// none is complete.
func (s *Session) Documents(ctx context.Context) ([]browsers.Document, error) {
	open, _ := s.state()
	var documents []browsers.Document
	var frames []pw.Frame
	for i, page := range open {
		for _, frame := range s.framesOf(page) {
			frames = append(frames, frame)
			documents = append(documents, browsers.Document{URL: frame.URL(), Frame: frame.Name(), Page: i})
		}
	}
	type read struct {
		index  int
		answer any
	}
	answers := make(chan read, len(frames))
	for i, frame := range frames {
		go func() {
			answer, err := frame.Evaluate(inpage.Read)       // nil: the document is just going
			if err != nil && says(err, "about:tabcrashed") { // Firefox tells of no death, and shows this in the place of the page
				s.end(errPageDied)
			}
			answers <- read{i, answer}
		}()
	}
	for range frames {
		select {
		case r := <-answers:
			inpage.Document(&documents[r.index], r.answer)
		case <-s.browser.done:
			return nil, s.browser.crashed()
		case <-ctx.Done():
			return documents, nil
		}
	}
	leaving, err := s.leaving(ctx)
	if err != nil {
		return nil, err
	}
	for i := range documents {
		documents[i].Complete = documents[i].Complete && !leaving
	}
	return documents, nil
}

// leaving says whether a document was sent elsewhere and has not made way yet.
func (s *Session) leaving(ctx context.Context) (bool, error) {
	leaving := false
	err := s.browser.await(ctx, func() error {
		answer, err := s.script.Send("Cookiegate.leaving", map[string]any{})
		if said, ok := answer.(map[string]any); ok {
			leaving, _ = said["leaving"].(bool)
		}
		return err
	})
	if err != nil {
		return false, err // the answer may still come, and be written
	}
	return leaving, nil
}
