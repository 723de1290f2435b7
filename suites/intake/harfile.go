package intake

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/network"
)

// ReadHAR reads a HAR file (version 1.2) as a stream, entry by entry; file is the name shown in errors. What is kept of an entry is in Entry;
// bodies, headers and scripts go at once. A zero limit is that of DefaultHARLimits.
//
// The error is a *Mistake, with the number of the entry and the offset in the file, and with the line where r can be read once more
// (io.Seeker).
func ReadHAR(file string, r io.Reader, l HARLimits) (*HAR, error) {
	l = l.orDefault()
	h := &harReader{out: &HAR{File: file}, limits: l, clip: newClip(r, l), cookies: network.NewCookieReader()}
	h.dec = json.NewDecoder(h.clip)
	if err := h.file(); err != nil {
		m := h.mistake(err)
		m.File, m.Line = file, lineOf(r, m.Offset)
		return nil, m
	}
	h.out.Bytes, h.out.Total = h.clip.read, h.whole
	h.out.Cookies = h.evidence()
	return h.out, nil
}

func (l HARLimits) orDefault() HARLimits {
	d := DefaultHARLimits
	or := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	or64 := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	or64(&l.Bytes, d.Bytes)
	or64(&l.Kept, d.Kept)
	or64(&l.Value, d.Value)
	or(&l.Entries, d.Entries)
	or(&l.String, d.String)
	or(&l.Nesting, d.Nesting)
	return l
}

// harReader walks through one file.
type harReader struct {
	out     *HAR
	limits  HARLimits
	clip    *clip
	dec     *json.Decoder
	cookies *network.CookieReader
	seen    bool // a log
	kept    int64
	raw     rawEntry // the one at hand, whose memory is used again
	entry   int      // the one at hand; 0 outside of any
	whole   int      // entries read to their end
	field   string   // the one at hand
	shown   bool     // some cookie was there
	masked  bool     // some cookie header was there, and something else in the place of its value

	seenIn   string // the browser of the first request whose User-Agent names one
	commands string // the same of the first command
}

func (h *harReader) file() error {
	if err := h.object(func(key string) error {
		if key != "log" {
			return h.skip()
		}
		h.seen = true
		return h.log()
	}); err != nil {
		return err
	}
	if !h.seen {
		return h.problem(`this is JSON and no HAR file: it has no "log"`)
	}
	if _, err := h.dec.Token(); !errors.Is(err, io.EOF) {
		if err != nil {
			return err
		}
		return h.problem("something follows the end of the recording")
	}
	return nil
}

func (h *harReader) log() error {
	err := h.object(func(key string) error {
		switch key {
		case "creator":
			return h.agent(&h.out.Creator)
		case "browser":
			return h.agent(&h.out.Browser)
		case "pages":
			return h.array(h.page)
		case "entries":
			return h.array(h.one)
		}
		return h.skip()
	})
	if h.out.Browser == "" {
		h.out.Browser = cmp.Or(h.commands, h.seenIn) // a proxy such as Fiddler writes its own name alone, and records every program
	}
	return err
}

func (h *harReader) agent(to *string) error {
	var raw struct{ Name, Version loose }
	if err := h.decode(&raw); err != nil {
		return err
	}
	*to = strings.TrimSpace(short(string(raw.Name)) + " " + short(string(raw.Version)))
	return nil
}

func (h *harReader) page(int) error {
	var raw struct {
		ID, Title       loose
		StartedDateTime moment
	}
	if err := h.decode(&raw); err != nil {
		return err
	}
	p := Page{ID: short(string(raw.ID)), Title: cutTo(redactShort(string(raw.Title)), maxWord), Time: raw.StartedDateTime.Time}
	h.out.Pages = append(h.out.Pages, p)
	return h.keep(int64(len(p.ID) + len(p.Title) + 64))
}

// keep counts what stays in memory.
func (h *harReader) keep(bytes int64) error {
	if h.kept += bytes; h.kept > h.limits.Kept {
		return h.problem("more than %d bytes would have to be kept in memory", h.limits.Kept)
	}
	return nil
}

// object calls each for every key of the object that comes next.
func (h *harReader) object(each func(key string) error) error {
	if err := h.delim('{'); err != nil {
		return err
	}
	around := h.field
	for h.dec.More() {
		t, err := h.token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		h.field = join(around, key)
		if err := each(key); err != nil {
			return err
		}
	}
	h.field = around
	return h.delim('}')
}

// array calls each for every item of the list that comes next.
func (h *harReader) array(each func(i int) error) error {
	if err := h.delim('['); err != nil {
		return err
	}
	for i := 0; h.dec.More(); i++ {
		if err := each(i); err != nil {
			return err
		}
	}
	return h.delim(']')
}

func (h *harReader) delim(want json.Delim) error {
	t, err := h.token()
	if err != nil {
		return err
	}
	if t != want {
		what := map[json.Delim]string{'{': "an object", '[': "a list", '}': "the end of an object", ']': "the end of a list"}[want]
		return h.problem("expected %s, found %s", what, kindOf(t))
	}
	return nil
}

func kindOf(t json.Token) string {
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "a list"
	case string:
		return "the text " + shown(t)
	case bool:
		return "a truth value"
	case nil:
		return "null"
	}
	return "a number"
}

func (h *harReader) token() (json.Token, error) {
	h.clip.rest()
	return h.dec.Token()
}

// decode reads the value that comes next.
func (h *harReader) decode(into any) error {
	h.clip.rest()
	return h.dec.Decode(into)
}

// skip passes over the value that comes next without holding it in memory.
func (h *harReader) skip() error {
	for depth := 0; ; {
		t, err := h.token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func (h *harReader) problem(format string, args ...any) error {
	return &Mistake{Offset: h.clip.source(h.dec.InputOffset()), Problem: fmt.Sprintf(format, args...)}
}

// mistake says where and what err is.
func (h *harReader) mistake(err error) *Mistake {
	m, ok := asMistake(err)
	if !ok {
		m = &Mistake{Offset: h.clip.source(h.dec.InputOffset())}
		var syntax *json.SyntaxError
		var wrongType *json.UnmarshalTypeError
		switch {
		case errors.As(err, &wrongType):
			m.Problem = fmt.Sprintf("expected %s, found %s", jsonKind(wrongType.Type.Kind()), withArticle(wrongType.Value))
			h.field = join(h.field, wrongType.Field)
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			m.Offset = h.clip.read
			switch {
			case m.Offset == 0:
				m.Problem = "the file is empty"
			default:
				m.Problem = fmt.Sprintf("the file ends here, after %d whole entries: it was cut off on its way, or the export did not finish", h.whole)
			}
		case errors.As(err, &syntax):
			m.Problem = "this is no JSON: " + syntax.Error()
			if within, ok := h.within(); ok {
				m.Offset += within
			}
		default:
			m.Problem, m.err = err.Error(), err
		}
	}
	m.Entry = h.entry
	if m.Field = h.field; h.entry > 0 {
		m.Field = strings.TrimPrefix(strings.TrimPrefix(h.field, "log.entries"), ".")
	}
	return m
}

// within is how far into the value that could not be read its mistake stands. It looks at what the decoder has not taken yet.
func (h *harReader) within() (int64, bool) {
	rest, err := io.ReadAll(h.dec.Buffered())
	if err != nil {
		return 0, false
	}
	var syntax *json.SyntaxError
	var any json.RawMessage
	if err := json.Unmarshal(rest, &any); errors.As(err, &syntax) && syntax.Offset > 0 {
		return syntax.Offset - 1, true
	}
	return 0, false
}

func join(around, name string) string {
	switch {
	case around == "":
		return short(name)
	case name == "":
		return around
	}
	return around + "." + short(name)
}

// lineOf is the line in which a byte stands, by reading r once more where it can be; else 0.
func lineOf(r io.Reader, offset int64) int {
	s, ok := r.(io.ReadSeeker)
	if !ok || offset < 0 {
		return 0
	}
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return 0
	}
	line, buf := 1, make([]byte, 64<<10)
	for rest := io.LimitReader(s, offset); ; {
		n, err := rest.Read(buf)
		line += lineAt(buf[:n], int64(n)) - 1
		if err != nil {
			return line
		}
	}
}
