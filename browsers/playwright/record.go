package playwright

import (
	"time"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/inpage"
)

// Record tells what a person does in the documents that are opened from now on.
func (s *Session) Record(did func(browsers.Recorded)) error {
	err := s.context.ExposeBinding(inpage.Told, func(source *pw.BindingSource, args ...any) any {
		if len(args) != 1 {
			return nil
		}
		if r, ok := s.recorded(source, args[0]); ok {
			did(r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.context.AddInitScript(pw.Script{Content: pw.String(inpage.Record)})
}

// recorded is what a document told, with the place where it was done. It is called from the connection's own goroutine and must not ask anything of the
// browser.
func (s *Session) recorded(source *pw.BindingSource, told any) (browsers.Recorded, bool) {
	m, ok := told.(map[string]any)
	if !ok {
		return browsers.Recorded{}, false
	}
	text := func(key string) string { t, _ := m[key].(string); return t }
	r := browsers.Recorded{Step: browsers.Step{Click: text("click"), Fill: text("fill"), With: text("with"), Submit: text("submit")}}
	r.Secret, _ = m["secret"].(bool)
	at, _ := m["at"].(int)
	r.At = time.UnixMilli(int64(at))
	s.mu.Lock()
	defer s.mu.Unlock()
	r.InPopup = true
	for name, tab := range s.tabs {
		if tab == source.Page {
			r.InPopup, r.InTab = false, name
		}
	}
	if source.Frame != source.Page.MainFrame() {
		r.InFrame = source.Frame.Name()
		r.Nameless = r.InFrame == ""
	}
	return r, r.Click != "" || r.Fill != "" || r.Submit != ""
}

var _ browsers.Recorder = (*Session)(nil)
