package intake

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// registry is an export of the Windows registry (.reg): values by key, in the order of the file. Letter case of keys and names does not count, as
// in the registry itself.
type registry struct {
	keys []registryKey
}

// registryKey is one key. A key that a file names twice is one key.
type registryKey struct {
	path   string // as written, without the hive
	hive   string // "HKEY_CURRENT_USER"
	values []registryValue
	line   int // where it was named last
}

// registryValue is one value; the default one has no name.
type registryValue struct {
	name   string
	text   string // of a string, or of lines of text
	number uint32 // of a dword
	kind   valueKind
	line   int
}

type valueKind byte

const (
	textValue valueKind = iota
	numberValue
	deletedValue
	bytesValue // binary and other kinds: no setting about cookies that anybody documents is one
)

// The bounds of an export. That of a whole machine's HKEY_LOCAL_MACHINE is larger and no use here.
const (
	maxRegistry     = 64 << 20
	maxRegistryKeys = 200_000
	maxRegistryLine = 1 << 20
)

// ansiHeader begins an export of Windows 98 and NT 4, whose texts are in Windows' code page where those of later ones are UTF-16.
const ansiHeader = "REGEDIT4"

var registryHeaders = []string{"Windows Registry Editor Version 5.00", ansiHeader}

// parseRegistry reads an export: UTF-16 with a byte order mark, as Registry Editor writes, or UTF-8, as it becomes on its way through mail.
func parseRegistry(file string, data []byte) (*registry, error) {
	text, err := decodeText(data)
	if err != nil {
		return nil, &Mistake{File: file, Offset: int64(len(data)), Problem: err.Error()}
	}
	p := registryParser{file: file, out: &registry{}, index: map[string]int{}, deleted: map[string]int{}, current: -1, rest: text, more: true}
	for p.more {
		line, err := p.whole()
		if err == nil {
			err = p.read(strings.TrimSpace(line))
		}
		if err != nil {
			return nil, err
		}
	}
	if !p.header {
		return nil, p.wrong("the file is empty; expected an export of the registry that begins with %q", registryHeaders[0])
	}
	p.settle()
	return p.out, nil
}

type registryParser struct {
	file    string
	rest    string // to read
	more    bool   // some of it, be it an empty line
	lines   int    // read
	line    int    // where what is at hand begins
	header  bool
	ansi    bool
	out     *registry
	index   map[string]int // keys by hive and path, in lower case
	deleted map[string]int // the same of those that the file deletes: in which line last
	current int            // key; -1 outside of any, or in one that the file deletes
}

func (p *registryParser) wrong(format string, args ...any) error {
	return &Mistake{File: p.file, Line: p.line, Offset: -1, Problem: fmt.Sprintf(format, args...)}
}

func (p *registryParser) next() (line string) {
	line, p.rest, p.more = strings.Cut(p.rest, "\n")
	p.lines++
	return strings.TrimRight(line, "\r")
}

// whole is the next line with those that continue it: of hexadecimal digits, where a backslash ends each but the last, or of a text with line breaks.
func (p *registryParser) whole() (string, error) {
	line := p.next()
	p.line = p.lines
	digits := strings.HasSuffix(line, `\`) && strings.Contains(line, "=hex") && !strings.HasPrefix(line, ";")
	if !digits && !endsInText(line) {
		return line, nil
	}
	var whole strings.Builder
	for goesOn := p.more; goesOn; {
		if digits {
			whole.WriteString(strings.TrimSpace(strings.TrimSuffix(line, `\`)))
		} else {
			whole.WriteString(line + "\n")
		}
		if whole.Len() > maxRegistryLine {
			return "", p.wrong("a value has more than %d bytes", maxRegistryLine)
		}
		line = p.next()
		goesOn = p.more && (digits && strings.HasSuffix(line, `\`) || !digits && closingQuote(line) < 0)
	}
	whole.WriteString(strings.TrimSpace(line))
	return whole.String(), nil
}

// endsInText says whether a line ends within the text of a value.
func endsInText(line string) bool {
	data, isDefault := strings.CutPrefix(strings.TrimSpace(line), "@")
	if !isDefault {
		name, quoted := strings.CutPrefix(data, `"`)
		end := closingQuote(name)
		if !quoted || end < 0 {
			return false
		}
		data = name[end+1:]
	}
	data, assigned := strings.CutPrefix(strings.TrimSpace(data), "=")
	text, quoted := strings.CutPrefix(strings.TrimSpace(data), `"`)
	return assigned && quoted && closingQuote(text) < 0
}

func (p *registryParser) read(line string) error {
	switch {
	case line == "", strings.HasPrefix(line, ";"):
		return nil
	case !p.header:
		for _, h := range registryHeaders {
			if line == h {
				p.header, p.ansi = true, h == ansiHeader
				return nil
			}
		}
		return p.wrong("found %s; expected an export of the registry, which begins with %q", shown(line), registryHeaders[0])
	case line[0] == '[':
		return p.key(line)
	case p.current < 0:
		return nil // of a key that the file deletes
	}
	v, deleted, err := p.value(line)
	if err != nil {
		return err
	}
	if deleted {
		v.kind = deletedValue
	}
	k := &p.out.keys[p.current]
	k.values = append(k.values, v)
	return nil
}

// settle takes out what the file deletes: a key goes with those below it, and with what the file says of them before.
func (p *registryParser) settle() {
	gone := make([]int, len(p.out.keys)) // in which line last, by key
	ids := slices.Sorted(maps.Keys(p.index))
	for id, line := range p.deleted {
		if i, named := p.index[id]; named {
			gone[i] = max(gone[i], line)
		}
		from, _ := slices.BinarySearch(ids, id+`\`)
		for _, below := range ids[from:] {
			if !strings.HasPrefix(below, id+`\`) {
				break
			}
			i := p.index[below]
			gone[i] = max(gone[i], line)
		}
	}
	kept := p.out.keys[:0]
	for i, k := range p.out.keys {
		if k.line > gone[i] {
			k.settle(gone[i])
			kept = append(kept, k)
		}
	}
	p.out.keys = kept
}

// settle leaves of several values of the same name the last, and none that the file takes away, alone or with the key.
func (k *registryKey) settle(gone int) {
	last := make(map[string]int, len(k.values))
	for i, v := range k.values {
		last[strings.ToLower(v.name)] = i
	}
	kept := k.values[:0]
	for i, v := range k.values {
		if v.line > gone && v.kind != deletedValue && last[strings.ToLower(v.name)] == i {
			kept = append(kept, v)
		}
	}
	k.values = kept
}

func (p *registryParser) key(line string) error {
	inner, closed := strings.CutSuffix(line[1:], "]")
	if !closed {
		return p.wrong("the key %s has no ] at its end", shown(line))
	}
	inner, deleted := strings.CutPrefix(inner, "-")
	id := strings.ToLower(inner)
	if deleted {
		p.deleted[id], p.current = p.line, -1
		return nil
	}
	if i, known := p.index[id]; known {
		p.out.keys[i].line, p.current = p.line, i
		return nil
	}
	if len(p.out.keys) == maxRegistryKeys {
		return p.wrong("more than %d keys; export the key Internet Settings alone", maxRegistryKeys)
	}
	hive, path, _ := strings.Cut(inner, `\`)
	p.out.keys = append(p.out.keys, registryKey{path: path, hive: strings.ToUpper(hive), line: p.line})
	p.current = len(p.out.keys) - 1
	p.index[id] = p.current
	return nil
}

// value reads "name"=data.
func (p *registryParser) value(line string) (v registryValue, deleted bool, err error) {
	v.line = p.line
	rest := line
	if after, isDefault := strings.CutPrefix(line, "@"); isDefault {
		rest = after
	} else if v.name, rest, err = p.quoted(line); err != nil {
		return v, false, err
	}
	data, assigned := strings.CutPrefix(strings.TrimSpace(rest), "=")
	if !assigned {
		return v, false, p.wrong("%s: expected = after the name", shown(line))
	}
	data = strings.TrimSpace(data)
	switch lower := strings.ToLower(data); {
	case data == "-":
		return v, true, nil
	case strings.HasPrefix(data, `"`):
		v.text, rest, err = p.quoted(data)
		if err == nil && strings.TrimSpace(rest) != "" {
			err = p.wrong("%s: something follows the closing quote", shown(v.name))
		}
	case strings.HasPrefix(lower, "dword:"):
		n, parseErr := strconv.ParseUint(lower[len("dword:"):], 16, 32)
		if parseErr != nil {
			return v, false, p.wrong("%s: %s is no dword; expected up to eight hexadecimal digits", shown(v.name), shown(data))
		}
		v.kind, v.number = numberValue, uint32(n)
	case strings.HasPrefix(lower, "hex"):
		v.kind = bytesValue
		v.readHex(lower, p.ansi)
	default:
		err = p.wrong("%s: %s; expected a text in quotes, dword: or hex:", shown(v.name), shown(data))
	}
	return v, false, err
}

// readHex makes a number of hex(4) and a text of hex(1) and hex(2), as some tools write them. Of hex(7), which is lines, the text is kept beside.
func (v *registryValue) readHex(data string, ansi bool) {
	kind, list, _ := strings.Cut(data, ":")
	var b []byte
	for part := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseUint(strings.TrimSpace(part), 16, 8)
		if err != nil {
			return
		}
		b = append(b, byte(n))
	}
	text := ""
	switch {
	case ansi:
		text = strings.TrimRight(decodeANSI(b), "\x00")
	case len(b)%2 == 0:
		text = strings.TrimRight(decodeUTF16(b, binary.LittleEndian), "\x00")
	}
	switch {
	case kind == "hex(4)" && len(b) == 4:
		v.kind, v.number = numberValue, binary.LittleEndian.Uint32(b)
	case kind == "hex(7)":
		v.text = strings.ReplaceAll(text, "\x00", "\n")
	case (kind == "hex(1)" || kind == "hex(2)") && (ansi || len(b)%2 == 0):
		v.kind, v.text = textValue, text
	}
}

// quoted takes a text in quotes from the beginning of s; \" and \\ stand for the second of the two.
func (p *registryParser) quoted(s string) (text, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		return "", "", p.wrong("%s: expected a name in quotes, @, or a key in brackets", shown(s))
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], nil
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", "", p.wrong("%s: the closing quote is missing", shown(s))
}

// below calls each for every key of all hives at or below a path, with the rest of the path.
func (r *registry) below(path string, each func(k *registryKey, rest string) error) error {
	for i := range r.keys {
		k := &r.keys[i]
		if len(k.path) < len(path) || !strings.EqualFold(k.path[:len(path)], path) {
			continue
		}
		rest := k.path[len(path):]
		if rest != "" && rest[0] != '\\' {
			continue
		}
		if err := each(k, strings.TrimPrefix(rest, `\`)); err != nil {
			return err
		}
	}
	return nil
}

// lineOf is where a value, or a key, of that path stands, the machine's rather than the person's, which it goes before; 0: nowhere.
func (r *registry) lineOf(path string) (line int) {
	i := strings.LastIndexByte(path, '\\')
	for _, k := range r.keys {
		at := 0
		if strings.EqualFold(k.path, path) {
			at = k.line
		} else if v, ok := k.value(path[i+1:]); ok && i >= 0 && strings.EqualFold(k.path, path[:i]) {
			at = v.line
		}
		if at > 0 && (line == 0 || k.hive == "HKEY_LOCAL_MACHINE") {
			line = at
		}
	}
	return line
}

// value is a key's value of that name.
func (k *registryKey) value(name string) (registryValue, bool) {
	for _, v := range k.values {
		if strings.EqualFold(v.name, name) {
			return v, true
		}
	}
	return registryValue{}, false
}

// decodeText gives a file's text: UTF-16 where it begins with that mark, else UTF-8, and what is no UTF-8 as Windows' code page for western
// languages, in which older exports are.
func decodeText(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		if len(data)%2 != 0 {
			return "", fmt.Errorf("the file ends in the middle of a letter (UTF-16): it was cut off")
		}
		return decodeUTF16(data[2:], binary.LittleEndian), nil
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		if len(data)%2 != 0 {
			return "", fmt.Errorf("the file ends in the middle of a letter (UTF-16): it was cut off")
		}
		return decodeUTF16(data[2:], binary.BigEndian), nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	return decodeANSI(data), nil
}

func decodeANSI(data []byte) string {
	var b strings.Builder
	for _, c := range data {
		b.WriteRune(rune(c))
	}
	return b.String()
}

func decodeUTF16(b []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
