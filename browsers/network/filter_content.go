package network

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// BlockJavaScript refuses scripts: script files are answered with 403, and pages get a Content-Security-Policy under which none of their
// own runs.
type BlockJavaScript struct{}

// Name is "block-javascript".
func (BlockJavaScript) Name() string { return "block-javascript" }

// The values of Sec-Fetch-Dest with which a browser asks for something to run, and for a page.
var (
	scriptDestinations = []string{"script", "worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet"}
	pageDestinations   = []string{"document", "iframe", "frame"}
)

// Request refuses what the browser asks for as a script.
func (BlockJavaScript) Request(p *Passage) {
	if askedFor(p, scriptDestinations) {
		p.Refuse(http.StatusForbidden, "refused a script")
	}
}

// Response refuses what turns out to be a script, and forbids a page's own.
func (BlockJavaScript) Response(p *Passage) {
	switch {
	case isScript(p):
		p.Refuse(http.StatusForbidden, "refused a script")
	case isPage(p):
		p.Answer.Add("Content-Security-Policy", "script-src 'none'")
		p.Note("forbade the page's scripts")
	}
}

// StripJavaScript takes scripts out of what passes: script files arrive empty, pages without script elements, event handlers and
// javascript: addresses.
type StripJavaScript struct{}

// Name is "strip-javascript".
func (StripJavaScript) Name() string { return "strip-javascript" }

// Request asks for pages that can be read.
func (StripJavaScript) Request(p *Passage) { p.Plain() }

// Response strips.
func (StripJavaScript) Response(p *Passage) {
	switch {
	case isScript(p):
		p.Rewrite(func([]byte) []byte { return nil })
		p.Answer.Del("Content-Encoding") // of which nothing is no text
		p.Note("emptied a script")
	case isPage(p) && readable(p):
		p.Rewrite(stripScripts)
		p.Note("took the scripts out of the page")
	}
}

// BlockActiveX takes the elements out of pages that load ActiveX controls and plug-ins: object, embed and applet. What is inside them for
// browsers without the control stays, as in a browser that has it switched off.
type BlockActiveX struct{}

// Name is "block-activex".
func (BlockActiveX) Name() string { return "block-activex" }

// Request asks for pages that can be read.
func (BlockActiveX) Request(p *Passage) { p.Plain() }

// Response strips.
func (BlockActiveX) Response(p *Passage) {
	if isPage(p) && readable(p) {
		p.Rewrite(stripObjects)
		p.Note("took object, embed and applet elements out of the page")
	}
}

func mediaType(h http.Header) string {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return kind
}

// askedFor says whether a browser asked for it as one of destinations.
func askedFor(p *Passage, destinations []string) bool {
	return slices.Contains(destinations, p.Request.Header.Get("Sec-Fetch-Dest"))
}

// isPage says whether an answer is a page. Where it does not say what it is, as of a server in Node that nobody told to, a browser that asked for a
// page shows one.
func isPage(p *Passage) bool {
	switch mediaType(p.Answer) {
	case "text/html", "application/xhtml+xml":
		return true
	}
	return p.Answer.Get("Content-Type") == "" && p.Status/100 != 3 && askedFor(p, pageDestinations)
}

// isScript says whether an answer is a script: a browser that asked for one runs it, whatever it says that it is.
func isScript(p *Passage) bool {
	kind := mediaType(p.Answer)
	return strings.HasSuffix(kind, "javascript") || strings.HasSuffix(kind, "ecmascript") || kind == "text/jscript" || askedFor(p, scriptDestinations)
}

// readable says whether the page came uncompressed, as Plain asked.
func readable(p *Passage) bool {
	encoding := p.Answer.Get("Content-Encoding")
	if encoding == "" || encoding == "identity" {
		return true
	}
	p.Note(fmt.Sprintf("left the page alone, because it came compressed (%s)", encoding))
	return false
}

// stripScripts is a page without anything that runs.
func stripScripts(page []byte) []byte {
	inScript := false
	return rewriteTokens(page, func(kind html.TokenType, raw []byte, t html.Token) []byte {
		if t.Data == "script" && kind != html.TextToken && kind != html.CommentToken {
			inScript = kind != html.EndTagToken // in HTML, <script/> opens one too
			return nil
		}
		if inScript {
			return nil
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			return raw
		}
		kept := slices.DeleteFunc(slices.Clone(t.Attr), runs)
		changed := len(kept) != len(t.Attr)
		for i, a := range kept {
			if a.Key == "srcdoc" {
				kept[i].Val, changed = string(stripScripts([]byte(a.Val))), true
			}
		}
		if !changed {
			return raw
		}
		t.Attr = kept
		return []byte(t.String())
	})
}

// runs says whether an attribute is a script.
func runs(a html.Attribute) bool {
	if strings.HasPrefix(a.Key, "on") {
		return true
	}
	value := strings.Map(func(r rune) rune {
		if r <= ' ' { // browsers pass over them
			return -1
		}
		return r
	}, a.Val)
	return len(value) >= len("javascript:") && strings.EqualFold(value[:len("javascript:")], "javascript:")
}

// stripObjects is a page without elements that load controls and plug-ins.
func stripObjects(page []byte) []byte {
	return rewriteTokens(page, func(kind html.TokenType, raw []byte, t html.Token) []byte {
		if kind == html.StartTagToken || kind == html.EndTagToken || kind == html.SelfClosingTagToken {
			switch t.Data {
			case "object", "embed", "applet", "param":
				return nil
			}
		}
		return raw
	})
}

// rewriteTokens passes each token of a page through f; what f leaves alone stays byte for byte as it was.
func rewriteTokens(page []byte, f func(html.TokenType, []byte, html.Token) []byte) []byte {
	z := html.NewTokenizer(bytes.NewReader(page))
	out := make([]byte, 0, len(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out
		}
		raw := slices.Clone(z.Raw()) // Token changes it in place
		out = append(out, f(kind, raw, z.Token())...)
	}
}

var (
	_ Filter = BlockJavaScript{}
	_ Filter = StripJavaScript{}
	_ Filter = BlockActiveX{}
)
