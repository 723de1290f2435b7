package strictyaml

import (
	"errors"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

type colour string

type paint struct {
	Name   string            `yaml:"name"`
	Colour colour            `yaml:"colour,omitempty"`
	Dries  time.Duration     `yaml:"dries,omitempty"`
	Coats  int               `yaml:"coats,omitempty"`
	Shiny  bool              `yaml:"shiny,omitempty"`
	Shops  []shop            `yaml:"shops,omitempty"`
	Notes  map[string]string `yaml:"notes,omitempty"`
	Lid    *lid              `yaml:"lid,omitempty"`
	Tools  TextOrList        `yaml:"tools,omitempty"`
	More   TextOrList        `yaml:"more,omitempty"`
	place  string
}

type shop struct {
	Address `yaml:",inline"`
	Price   uint8 `yaml:"price"`
}

type Address struct {
	Street string `yaml:"street"`
}

type lid struct {
	Turns int `yaml:"turns"`
}

func read(data string) (paint, *Document, error) {
	v := Vocabulary{}
	Words(v, colour("red"), colour("blue"))
	p := paint{place: "as it was"}
	d, err := Read("paint.yaml", []byte(data), &p, v)
	return p, d, err
}

func TestReadFillsEveryKind(t *testing.T) {
	g := NewWithT(t)
	p, _, err := read(`name: wall # and ceiling
colour: red
dries: 1h30m
coats: 2
shiny: true
shops: [{street: High Street, price: 12}]
notes:
  inside: |
    yes
    very
lid: {turns: 3}
tools: [brush, roll]
more: brush
`)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.place).To(Equal("as it was"), "what the file does not mention stays")
	p.place = ""
	g.Expect(p).To(Equal(paint{Name: "wall", Colour: "red", Dries: 90 * time.Minute, Coats: 2, Shiny: true,
		Shops: []shop{{Address{"High Street"}, 12}}, Notes: map[string]string{"inside": "yes\nvery\n"}, Lid: &lid{3},
		Tools: TextOrList{List: []string{"brush", "roll"}}, More: TextOrList{Text: "brush"}}))
}

func TestAFileOfNotepadsBeginsWithItsFirstKey(t *testing.T) {
	g := NewWithT(t)
	p, _, err := read("\ufeffname: wall\n")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Name).To(Equal("wall"))
	g.Expect(TopKeys("paint.yaml", []byte("\ufeffname: wall\n"))).To(Equal([]string{"name"}))
}

func TestReadSaysWhatIsWrongWhere(t *testing.T) {
	for name, c := range map[string]struct{ given, want string }{
		"missing":            {"coats: 1\n", `paint.yaml:1:1: the key "name" is missing; expected a text`},
		"missing further in": {"name: x\nshops:\n  - price: 1\n", `paint.yaml:3:5: shops[0]: the key "street" is missing; expected a text`},
		"unknown":            {"name: x\nshops:\n  - street: y\n    prize: 1\n    price: 1\n", `paint.yaml:4:5: shops[0].prize: unknown key; expected one of street, price; did you mean "price"?`},
		"text or list":       {"name: x\ntools: {a: b}\n", `paint.yaml:2:8: tools: expected a text or a list of texts, found a mapping`},
		"list of texts":      {"name: x\ntools: [a, 1]\n", `paint.yaml:2:12: tools[1]: expected a text, found the number 1 (quotes make it a text)`},
		"word":               {"name: x\ncolour: rde\n", `paint.yaml:2:9: colour: unknown word "rde"; expected one of red, blue; did you mean "red"?`},
		"a word far off":     {"name: x\ncolour: green\n", `paint.yaml:2:9: colour: unknown word "green"; expected one of red, blue`},
		"empty":              {"name: '  '\n", `paint.yaml:1:7: name: is empty; expected a text`},
		"null":               {"name: #x\n", `paint.yaml:1:7: name: expected a text, found nothing (# begins a comment: put a text that holds it in quotes)`},
		"number":             {"name: 1.50\n", `paint.yaml:1:7: name: expected a text, found the number 1.50 (quotes make it a text)`},
		"truth":              {"name: yes\nshiny: maybe\n", `paint.yaml:2:8: shiny: expected true or false, found the text "maybe"`},
		"duration":           {"name: x\ndries: 30\n", `paint.yaml:2:8: dries: expected a duration such as "30m1s", found the number 30`},
		"whole number":       {"name: x\ncoats: 1.5\n", `paint.yaml:2:8: coats: expected a whole number, found the number 1.5`},
		"list":               {"name: x\nshops: {street: y}\n", `paint.yaml:2:8: shops: expected a list, found a mapping`},
		"mapping":            {"name: x\nlid: |\n  a\n", `paint.yaml:2:6: lid: expected a mapping, found a text of several lines`},
		"map value":          {"name: x\nnotes: {a: [b]}\n", `paint.yaml:2:12: notes.a: expected a text, found a list`},
		"long text":          {"name: x\ncoats: " + strings.Repeat("y", 200) + "\n", `paint.yaml:2:8: coats: expected a whole number, found the text "` + strings.Repeat("y", 60) + `…"`},
		"overflow":           {"name: x\nshops: [{street: y, price: 300}]\n", `paint.yaml:2:28: shops[0].price: expected a whole number, found the number 300`},
		"below zero":         {"name: x\nshops: [{street: y, price: -3}]\n", `paint.yaml:2:28: shops[0].price: expected a whole number, found the number -3`},
		"not exported":       {"name: x\nplace: y\n", `paint.yaml:2:1: place: unknown key; expected one of name, colour, dries, coats, shiny, shops, notes, lid, tools, more`},
		"alias":              {"name: *x\n", `paint.yaml:1:7: anchors, aliases and tags are not read here: write the value out (a text that begins with &, * or ! needs quotes)`},
		"complex key":        {"? name\n: x\n", `paint.yaml:1:1: keys after "?" are not read here: write "key: value"`},
		"directive":          {"%YAML 1.2\n---\nname: x\n", `paint.yaml:1:1: directives are not read here (a text that begins with % needs quotes)`},
		"colon in a text":    {"name: Error: Access Denied\n", `paint.yaml:1:7: mapping value is not allowed in this context (a text with ": " in it needs quotes)`},
		"second document":    {"name: x\n---\nname: y\n", `paint.yaml:3:1: a second document begins here; expected one per file`},
		"no document":        {"# name: x\n", `paint.yaml:1:1: the file is empty`},
		"twice":              {"name: x\nname: y\n", `paint.yaml:2:1: mapping key "name" already defined at [1:1]`},
		"deep brackets":      {"name: " + strings.Repeat("[", 40), `paint.yaml:1:39: lists and mappings stand too deep within each other`},
		"deep dashes":        {strings.Repeat("- ", 40), `paint.yaml:1:65: lists and mappings stand too deep within each other`},
		"Latin-1":            {"name: x # \xe9\nnotes: {a: na\xefve}\n", `paint.yaml:1:11: the byte 0xe9 is no text in UTF-8; save the file as UTF-8`},
		"Latin-1 in a value": {"name: wäl\xe9\n", `paint.yaml:1:10: the byte 0xe9 is no text in UTF-8; save the file as UTF-8`},
		"UTF-16":             {"\xff\xfen\x00a\x00", `paint.yaml:1:1: this is UTF-16; save the file as UTF-8`},
		"UTF-16, big-endian": {"\xfe\xff\x00n\x00a", `paint.yaml:1:1: this is UTF-16; save the file as UTF-8`},
		"large":              {strings.Repeat("#", MaxSize+1), `paint.yaml:1:1: the file has 131073 bytes; at most 131072 are read`},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p, _, err := read(c.given)
			g.Expect(err).To(MatchError(c.want))
			g.Expect(p).To(Equal(paint{place: "as it was"}), "nothing half-done")
		})
	}
}

func TestReportFindsThePlaceOfAField(t *testing.T) {
	for field, want := range map[string][2]int{
		"name":           {1, 7},
		"shops[1].price": {5, 12},
		"shops[1].owner": {4, 5}, // not there: where its shop begins
		"shops[7]":       {3, 3},
		"lid.turns":      {1, 1},
	} {
		t.Run(field, func(t *testing.T) {
			g := NewWithT(t)
			_, d, err := read("name: x\nshops:\n  - {street: y, price: 1}\n  - street: z\n    price: 2\n")
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(d.Err()).NotTo(HaveOccurred())
			d.Report(field, "is %s", "wrong")
			var m *Mistake
			g.Expect(errors.As(d.Err(), &m)).To(BeTrue())
			g.Expect([2]int{m.Line, m.Column}).To(Equal(want))
			g.Expect(m.Field).To(Equal(field))
		})
	}
}

func TestMistakesStandInTheOrderOfTheFile(t *testing.T) {
	g := NewWithT(t)
	_, d, err := read("name: x\ncoats: 1\ndries: 1s\n")
	g.Expect(err).NotTo(HaveOccurred())
	d.Report("dries", "third")
	d.Report("name", "first")
	d.Report("coats", "second")
	g.Expect(d.Err().Error()).To(MatchRegexp(`(?s)first\n.*second\n.*third$`))
}
