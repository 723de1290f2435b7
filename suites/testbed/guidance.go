package testbed

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/redact"
)

// guided is what the portal tells the host: a page of its own origin that he can see shows the integration's Guides. A portal may find out by a
// timer that its frame came to nothing, so the page is looked at again and again for as long as a browser is waited for elsewhere.
func (r *run) guided(ctx context.Context) (*Guidance, error) {
	in := r.c.Integration
	if in.Guides == "" || r.session == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errPatience)
	defer cancel()
	again := time.NewTicker(look)
	defer again.Stop()
	for {
		documents, err := r.session.Documents(ctx)
		if ctx.Err() != nil {
			return nil, nil // it is not there
		}
		if err != nil {
			return nil, err
		}
		if g := guidance(documents, in); g != nil {
			return g, nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, nil
		}
	}
}

// lookEarly looks for the text before the host has done anything: where it stands then, and it works, it would be found where it does not work, too.
func (r *run) lookEarly(ctx context.Context) error {
	if r.c.Integration.Guides == "" || len(r.journal.Entries()) > 0 {
		return nil
	}
	documents, err := r.session.Documents(ctx)
	if err == nil {
		r.early = guidance(documents, r.c.Integration)
	}
	return err
}

// look is how often a page is looked at for what may still come.
const look = 50 * time.Millisecond

// guidance finds the text in a document of the portal's own that a person sees. White space counts as he sees it.
func guidance(documents []browsers.Document, in fixtures.Integration) *Guidance {
	wanted := strings.Join(strings.Fields(in.Guides), " ")
	for _, d := range documents {
		u, err := url.Parse(d.URL)
		if err != nil || u.Scheme+"://"+u.Host != in.Portal && !in.Answers(u.Host) || d.Hidden {
			continue
		}
		if strings.Contains(strings.Join(strings.Fields(d.Text), " "), wanted) {
			return &Guidance{Text: in.Guides, URL: redact.Address(d.URL)}
		}
	}
	return nil
}

// unguided is the sentence of an integration that neither works nor guides.
func unguided(guides string) string {
	if guides == "" {
		return "expected that it works or tells the host what to do, and the integration names no text of a page of its own in guides"
	}
	return fmt.Sprintf("expected that it works or tells the host what to do, and no page of the portal's own showed %q", guides)
}
