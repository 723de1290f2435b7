package playwright

import (
	"context"
	"strings"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
)

// reading is what a document says of itself. Text is what a person reads; a frameset has none of its own.
const reading = `() => ({
	url: location.href, title: document.title, name: window.name,
	text: document.body && document.body.localName !== 'frameset' ? document.body.innerText : '',
})`

// Documents are all documents open now. A document that is just being replaced, or hangs, is there with its address only.
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
			answer, _ := frame.Evaluate(reading) // nil: the document is just going
			answers <- read{i, answer}
		}()
	}
	for range frames {
		select {
		case r := <-answers:
			fillIn(&documents[r.index], r.answer)
		case <-s.browser.done:
			return nil, browsers.ErrCrashed
		case <-ctx.Done():
			return documents, nil
		}
	}
	return documents, nil
}

func fillIn(d *browsers.Document, answer any) {
	m, ok := answer.(map[string]any)
	if !ok {
		return
	}
	text := func(key string) string {
		s, _ := m[key].(string)
		return strings.TrimSpace(s)
	}
	d.URL, d.Title, d.Text = text("url"), text("title"), text("text")
	if d.Frame == "" {
		d.Frame = text("name")
	}
}
