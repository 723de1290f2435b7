package strictyaml

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxSize is the largest file that is read, in bytes: more than a person writes, and little enough for a parser that takes its time over
// many keys.
const MaxSize = 128 << 10

// Vocabulary holds named string types to the words they may be.
type Vocabulary map[reflect.Type][]string

// Words adds the words that a T may be.
func Words[T ~string](v Vocabulary, words ...T) {
	for _, w := range words {
		v[reflect.TypeFor[T]()] = append(v[reflect.TypeFor[T]()], string(w))
	}
}

// Document is a file that was read: it knows where in the file each field stands.
type Document struct {
	file     string
	places   map[string]place
	mistakes Mistakes
}

type place struct{ line, column int }

// byteOrderMark begins a file that Windows' Notepad wrote.
var byteOrderMark = []byte("\ufeff")

// Read reads the one YAML document in data into the struct that into points to. What the file does not mention stays as it was there. The
// error is Mistakes; all of into is then as it was.
// File is the name shown in mistakes.
func Read(file string, data []byte, into any, v Vocabulary) (*Document, error) {
	d := &Document{file: file, places: map[string]place{}}
	body, m := parse(file, data)
	if m != nil {
		return nil, Mistakes{m}
	}
	target := reflect.ValueOf(into).Elem()
	d.check(body, target.Type(), "", v)
	if err := d.Err(); err != nil {
		return nil, err
	}
	fresh := reflect.New(target.Type())
	fresh.Elem().Set(target)
	if err := yaml.NodeToValue(body, fresh.Interface(), yaml.Strict()); err != nil {
		return nil, Mistakes{ofYAML(file, err)}
	}
	target.Set(fresh.Elem())
	return d, nil
}

// Has says whether the file mentions a field.
func (d *Document) Has(field string) bool {
	_, has := d.places[field]
	return has
}

// Report notes a mistake at a field, such as "steps[1].await", or where the nearest field around it stands when the file has no such.
func (d *Document) Report(field, format string, args ...any) {
	at, known := d.places[field]
	for around := field; !known && around != ""; {
		around = around[:max(strings.LastIndexAny(around, ".["), 0)]
		at, known = d.places[around]
	}
	d.mistakes = append(d.mistakes, &Mistake{File: d.file, Line: max(at.line, 1), Column: max(at.column, 1), Field: field, Problem: fmt.Sprintf(format, args...)})
}

// ReportEach notes the mistakes that were joined into err, each at the field below that it begins with, as in "zones.trusted.level: …"; nil is none.
func (d *Document) ReportEach(within string, err error) {
	if err == nil {
		return
	}
	if all, joined := err.(interface{ Unwrap() []error }); joined {
		for _, err := range all.Unwrap() {
			d.ReportEach(within, err)
		}
		return
	}
	field, problem, named := strings.Cut(err.Error(), ": ")
	if !named {
		d.Report(within, "%v", err)
		return
	}
	d.Report(within+"."+field, "%s", problem)
}

// Err is all that was reported, in the order of the file's lines, or nil.
func (d *Document) Err() error {
	if len(d.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(d.mistakes, func(a, b *Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return d.mistakes
}

// parse gives the body of the one document in data.
func parse(file string, data []byte) (body ast.Node, m *Mistake) {
	whole := func(format string, args ...any) *Mistake {
		return &Mistake{File: file, Line: 1, Column: 1, Problem: fmt.Sprintf(format, args...)}
	}
	if len(data) > MaxSize {
		return nil, whole("the file has %d bytes; at most %d are read", len(data), MaxSize)
	}
	data = bytes.TrimPrefix(data, byteOrderMark)
	if m := notUTF8(data); m != nil {
		m.File = file
		return nil, m
	}
	// The file may be a stranger's: what the parser cannot stomach is a mistake in the file, not the end of the program.
	defer func() {
		if r := recover(); r != nil {
			body, m = nil, whole("this is not YAML: the parser gave up (%v)", r)
		}
	}()
	tokens := lexer.Tokenize(string(data))
	if t, problem := refused(tokens); t != nil {
		line, column := at(t)
		return nil, &Mistake{File: file, Line: line, Column: column, Problem: problem}
	}
	f, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, ofYAML(file, err)
	}
	for _, doc := range f.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			line, column := position(doc.Body)
			return nil, &Mistake{File: file, Line: line, Column: column, Problem: "a second document begins here; expected one per file"}
		}
		body = doc.Body
	}
	if body == nil {
		return nil, whole("the file is empty")
	}
	return body, nil
}

// notUTF8 is the first place where data is no text in UTF-8: what it says there would be compared with pages that say something else.
func notUTF8(data []byte) *Mistake {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return &Mistake{Line: 1, Column: 1, Problem: "this is UTF-16; save the file as UTF-8"}
	}
	for line := 1; len(data) > 0; line++ {
		text, rest, _ := bytes.Cut(data, []byte("\n"))
		for column := 1; len(text) > 0; column++ {
			r, size := utf8.DecodeRune(text)
			if r == utf8.RuneError && size == 1 {
				return &Mistake{Line: line, Column: column, Problem: fmt.Sprintf("the byte %#02x is no text in UTF-8; save the file as UTF-8", text[0])}
			}
			text = text[size:]
		}
		data = rest
	}
	return nil
}

// maxDepth bounds lists and mappings within each other: the parser's time grows with the square of it.
const maxDepth = 32

// refused finds what is YAML and is not read here.
func refused(tokens token.Tokens) (t *token.Token, problem string) {
	depth, dashes := 0, 0
	for _, t := range tokens {
		if t.Type != token.SequenceEntryType {
			dashes = 0
		}
		switch t.Type {
		case token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType:
			return t, "anchors, aliases and tags are not read here: write the value out (a text that begins with &, * or ! needs quotes)"
		case token.MappingKeyType:
			return t, `keys after "?" are not read here: write "key: value"`
		case token.DirectiveType:
			return t, "directives are not read here (a text that begins with % needs quotes)"
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType:
			dashes++
		}
		if depth > maxDepth || dashes > maxDepth {
			return t, "lists and mappings stand too deep within each other"
		}
	}
	return nil, ""
}

// ofYAML tells an error of the YAML library in one line.
func ofYAML(file string, err error) *Mistake {
	m := &Mistake{File: file, Line: 1, Column: 1, Problem: err.Error()}
	var located yaml.Error
	if errors.As(err, &located) {
		m.Problem = located.GetMessage()
		if t := located.GetToken(); t != nil {
			m.Line, m.Column = at(t)
		}
	}
	if strings.HasPrefix(m.Problem, "mapping value is not allowed") {
		m.Problem += ` (a text with ": " in it needs quotes)`
	}
	return m
}

// position is where a person sees a node begin: a mapping at its first key, not at that key's colon.
func position(n ast.Node) (line, column int) {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return position(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return position(n.Key)
	}
	return at(n.GetToken())
}

func at(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return max(t.Position.Line, 1), max(t.Position.Column, 1)
}
