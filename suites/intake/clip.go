package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
)

// clip passes JSON on with every string cut to a length: bodies of megabytes never reach the decoder, and what it has to hold in memory
// is bounded. It also holds the file to a size, to a depth of nesting, and to so much between two calls of rest.
//
// What comes out is JSON if and only if what goes in is, as far as the decoder can tell. Source turns an offset in it into one in the
// file.
type clip struct {
	r        io.Reader
	in       []byte // read and not yet passed on
	buf      []byte
	err      error // of r
	limits   HARLimits
	inString bool
	escape   escape
	hex      int   // how many digits of \uXXXX are still to come: they are never cut
	unseen   int   // the same of one that is left out
	length   int   // of the string so far
	depth    int   // of nesting
	read     int64 // bytes taken out of in
	quote    int64 // where the next quote stands in the file, as of the last look, and the next backslash
	slash    int64
	written  int64
	left     int64 // that may be passed on before the next rest
	cuts     []cut
}

// escape says whether the byte before was a backslash, and what became of it.
type escape byte

const (
	noEscape escape = iota
	escapePassed
	escapeDropped
)

// cut says that from out on, the file is ahead of what was passed on by so many bytes.
type cut struct{ out, ahead int64 }

func newClip(r io.Reader, l HARLimits) *clip {
	return &clip{r: r, buf: make([]byte, 64<<10), limits: l, left: l.Value}
}

// rest says that the decoder has let go of what it was given so far.
func (c *clip) rest() { c.left = c.limits.Value }

// source is the place in the file of a place in what was passed on.
func (c *clip) source(out int64) int64 {
	i := sort.Search(len(c.cuts), func(i int) bool { return c.cuts[i].out > out })
	if i == 0 {
		return out
	}
	return out + c.cuts[i-1].ahead
}

func (c *clip) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, c.refuse(fmt.Sprintf("one value has more than %d bytes, long texts not counted", c.limits.Value))
	}
	p = p[:min(len(p), 32<<10, int(c.left))] // not far ahead of what the decoder has looked at
	for n := 0; ; {
		if len(c.in) == 0 {
			if n > 0 {
				return n, nil
			}
			if c.err != nil {
				return 0, c.err
			}
			if c.read > c.limits.Bytes {
				return 0, c.refuse(fmt.Sprintf("the file goes on after %d bytes; at most so many are read", c.limits.Bytes))
			}
			if err := c.fill(); err != nil {
				return 0, err
			}
			continue
		}
		k, err := c.pass(p[n:])
		n += k
		c.written += int64(k)
		c.left -= int64(k)
		if err != nil {
			return n, err
		}
		if n == len(p) {
			return n, nil
		}
	}
}

// fill reads on. At the beginning it leaves out the byte order mark that some programs write, and refuses what cannot be JSON.
func (c *clip) fill() error {
	least := 1
	if c.read == 0 {
		least = 3
	}
	var k int
	k, c.err = io.ReadAtLeast(c.r, c.buf, least)
	if errors.Is(c.err, io.ErrUnexpectedEOF) {
		c.err = io.EOF
	}
	c.quote, c.slash = -1, -1
	if c.in = c.buf[:k]; c.read > 0 {
		return nil
	}
	if bytes.HasPrefix(c.in, []byte("\xef\xbb\xbf")) {
		c.drop(3, 0)
	}
	if what := notJSON(c.in); what != "" {
		return c.refuse(what)
	}
	return nil
}

// notJSON says what a file is that begins like that, where it is plainly not JSON in UTF-8.
func notJSON(head []byte) string {
	for _, f := range []struct{ begin, says string }{
		{"\x1f\x8b", "this is packed with gzip; unpack it first"},
		{"PK\x03\x04", "this is a zip file; unpack it first"},
		{"\xff\xfe", "this is UTF-16; save it as UTF-8"},
		{"\xfe\xff", "this is UTF-16; save it as UTF-8"},
		{"<", "this is HTML or XML; expected JSON"},
	} {
		if bytes.HasPrefix(head, []byte(f.begin)) {
			return f.says
		}
	}
	return ""
}

// pass moves bytes from in to p until one of them is at its end.
func (c *clip) pass(p []byte) (int, error) {
	n := 0
	for len(c.in) > 0 && n < len(p) {
		if !c.inString {
			k, err := c.structure(p[n:])
			n += k
			if err != nil {
				return n, err
			}
			continue
		}
		if plain := c.plain(); plain > 0 {
			k := min(plain, len(p)-n)
			switch room := c.limits.String - c.length; {
			case c.hex > 0:
				k = min(k, c.hex)
				c.hex -= k
			case room <= 0:
				if err := c.inspect(c.in[:plain]); err != nil {
					return n, err
				}
				c.drop(plain, c.written+int64(n))
				continue
			default:
				k = min(k, room)
			}
			n += copy(p[n:], c.in[:k])
			c.length += k
			c.take(k)
			continue
		}
		pass, err := c.special(c.in[0])
		if err != nil {
			return n, err
		}
		if pass {
			p[n] = c.in[0]
			n++
			c.length++
			c.take(1)
		} else {
			c.drop(1, c.written+int64(n))
		}
	}
	return n, nil
}

// plain is the number of bytes at the beginning of in that neither end the string nor have to do with an escape.
func (c *clip) plain() int {
	if c.escape != noEscape {
		return 0
	}
	c.quote = c.next(c.quote, '"')
	c.slash = c.next(c.slash, '\\')
	return int(min(c.quote, c.slash) - c.read)
}

// next is the place in the file of the next b, or where in ends; known is what it was when asked last, so that no byte is looked at twice.
func (c *clip) next(known int64, b byte) int64 {
	if known >= c.read && known <= c.read+int64(len(c.in)) {
		return known
	}
	if i := bytes.IndexByte(c.in, b); i >= 0 {
		return c.read + int64(i)
	}
	return c.read + int64(len(c.in))
}

// special takes note of a quote, a backslash, or what stands after one, and says whether to pass it on. Backslash and what belongs to
// it go the same way.
func (c *clip) special(b byte) (pass bool, err error) {
	switch {
	case c.unseen > 0:
		return false, c.wrong(0, b)
	case c.escape == escapePassed:
		if c.escape = noEscape; b == 'u' {
			c.hex = 4
		}
		return true, nil
	case c.escape == escapeDropped:
		if c.escape = noEscape; !bytes.ContainsRune([]byte(`"\/bfnrtu`), rune(b)) {
			return false, c.wrong(0, b)
		}
		if b == 'u' {
			c.unseen = 4
		}
		return false, nil
	case b == '\\':
		c.hex = 0
		if c.length < c.limits.String {
			c.escape = escapePassed
			return true, nil
		}
		c.escape = escapeDropped
		return false, nil
	}
	c.inString, c.hex = false, 0
	return true, nil
}

// inspect refuses what no JSON has within a string, in text that is left out and that the decoder so never sees.
func (c *clip) inspect(text []byte) error {
	for i, b := range text {
		switch digit := '0' <= b && b <= '9' || 'a' <= b|' ' && b|' ' <= 'f'; {
		case b < ' ', c.unseen > 0 && !digit:
			return c.wrong(i, b)
		case c.unseen > 0:
			c.unseen--
		}
	}
	return nil
}

// wrong is the error of a byte, that many after the next, where no JSON has it.
func (c *clip) wrong(after int, b byte) error {
	return &Mistake{Offset: c.read + int64(after), Problem: fmt.Sprintf("this is no JSON: %q stands in a text, or after a backslash, where it may not", b)}
}

// structure copies what stands between strings.
func (c *clip) structure(p []byte) (int, error) {
	for n, b := range c.in[:min(len(c.in), len(p))] {
		p[n] = b
		switch b {
		case '"':
			c.inString, c.length = true, 0
			c.take(n + 1)
			return n + 1, nil
		case '{', '[':
			if c.depth++; c.depth > c.limits.Nesting {
				c.take(n)
				return n, c.refuse(fmt.Sprintf("objects and lists are nested more than %d deep", c.limits.Nesting))
			}
		case '}', ']':
			c.depth--
		}
	}
	n := min(len(c.in), len(p))
	c.take(n)
	return n, nil
}

func (c *clip) take(n int) {
	c.in = c.in[n:]
	c.read += int64(n)
}

// drop leaves out n bytes; out is how many have been passed on before them.
func (c *clip) drop(n int, out int64) {
	c.take(n)
	if i := len(c.cuts) - 1; i >= 0 && c.cuts[i].out == out {
		c.cuts[i].ahead += int64(n)
		return
	}
	ahead := int64(n)
	if len(c.cuts) > 0 {
		ahead += c.cuts[len(c.cuts)-1].ahead
	}
	c.cuts = append(c.cuts, cut{out, ahead})
}

// forget lets go of cuts before a place in what was passed on that nobody asks about any more.
func (c *clip) forget(out int64) {
	i := sort.Search(len(c.cuts), func(i int) bool { return c.cuts[i].out > out })
	if i > 1024 {
		c.cuts = append(c.cuts[:0], c.cuts[i-1:]...)
	}
}

// refuse is the error of a limit that was passed, at the place in the file where it was.
func (c *clip) refuse(problem string) error { return &Mistake{Offset: c.read, Problem: problem} }
