package chromium

import (
	"errors"

	pw "github.com/playwright-community/playwright-go"
)

// bookmarksPage is the one of the browser's own pages that opens private windows.
const bookmarksPage = "chrome://bookmarks"

// bookmark makes a bookmark, to have something to open.
const bookmark = `() => new Promise(done => chrome.bookmarks.create({ parentId: '1', title: 'private', url: 'about:blank' }, made => done(made.id)))`

// openPrivately opens it as the entry "Open in Incognito window" of its menu does.
const openPrivately = `id => void chrome.bookmarkManagerPrivate.openInNewWindow([id], true)`

// private opens private windows, as a person does: a page that Playwright asks for is in the profile behind them, which is not private at all. With the
// last private window goes all that they kept.
type private struct {
	bookmarks pw.Page
	bookmark  any     // its id
	first     pw.Page // of the session; it opens the others
	profile   string  // the browser's name for what the windows of the session before kept
}

// prepare forgets the windows of the session before.
func (p *private) prepare(b pw.Browser) (err error) {
	p.first = nil
	if p.bookmarks != nil {
		return nil
	}
	if p.bookmarks, err = keptPage(b, nil, bookmarksPage); err != nil {
		return err
	}
	p.bookmark, err = p.bookmarks.Evaluate(bookmark)
	return err
}

func (p *private) newPage(c pw.BrowserContext) (pw.Page, error) {
	if p.first != nil {
		return c.ExpectPage(func() error {
			_, err := p.first.Evaluate(`() => void open('about:blank', '_blank', 'noopener')`)
			return err
		})
	}
	page, err := c.ExpectPage(func() error {
		_, err := p.bookmarks.Evaluate(openPrivately, p.bookmark)
		return err
	})
	if err != nil {
		return nil, err
	}
	p.first = page
	return page, p.fresh(c.Browser())
}

// fresh makes sure that there are private windows, and that they share nothing with those of the session before: to the browser both are profiles, each
// with a name of its own.
func (p *private) fresh(b pw.Browser) error {
	session, err := b.NewBrowserCDPSession()
	if err != nil {
		return err
	}
	answer, err := session.Send("Target.getTargets", map[string]any{})
	if err = errors.Join(err, session.Detach()); err != nil {
		return err
	}
	var targets struct {
		TargetInfos []struct{ Type, URL, BrowserContextID string }
	}
	if err := reread(answer, &targets); err != nil {
		return err
	}
	own, profiles := "", map[string]bool{}
	for _, t := range targets.TargetInfos {
		switch {
		case t.URL == bookmarksPage+"/":
			own = t.BrowserContextID
		case t.Type == "page":
			profiles[t.BrowserContextID] = true
		}
	}
	delete(profiles, own)
	switch {
	case own == "" || len(profiles) != 1:
		return errors.New("the browser opened no private window")
	case profiles[p.profile]:
		return errors.New("the private windows of the session before are still there")
	}
	for name := range profiles {
		p.profile = name
	}
	return nil
}
