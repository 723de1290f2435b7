package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/cookiegate/cookiegate/internal/strictyaml"
)

var update = flag.Bool("update", false, "write the schemas anew; then read them")

// A schema is written once, with the types' comments for descriptions, because a program has none of its own.
func TestTheSchemasAreThoseOfTheTypes(t *testing.T) {
	g := NewWithT(t)
	all, err := All()
	g.Expect(err).NotTo(HaveOccurred())
	for _, f := range all {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		g.Expect(e.Encode(f.Schema(comment(t)))).To(Succeed())
		file := "schemas/" + f.Name + ".schema.json"
		if *update {
			g.Expect(os.WriteFile(file, want.Bytes(), 0o644)).To(Succeed())
			continue
		}
		got, err := Schema(f.Name)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(got)).To(Equal(want.String()), "%s is out of date: go test ./suites/formats -update", file)
	}
}

// comment finds what is written above or beside a struct's field.
func comment(t *testing.T) func(reflect.Type, string) string {
	const module = "github.com/cookiegate/cookiegate/"
	found := map[reflect.Type]map[string]string{}
	return func(in reflect.Type, field string) string {
		if found[in] == nil {
			found[in] = comments(t, filepath.Join("../..", strings.TrimPrefix(in.PkgPath(), module)), in.Name())
		}
		return found[in][field]
	}
}

// comments are those of a struct's fields.
func comments(t *testing.T, dir, name string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	texts := map[string]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != name {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					for _, n := range f.Names {
						texts[n.Name] = strings.Join(strings.Fields(f.Doc.Text()+" "+f.Comment.Text()), " ")
					}
				}
			}
			return false
		})
	}
	return texts
}

func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	g := NewWithT(t)
	text, err := Schema(name)
	g.Expect(err).NotTo(HaveOccurred())
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	g.Expect(err).NotTo(HaveOccurred())
	c := jsonschema.NewCompiler()
	g.Expect(c.AddResource(name, doc)).To(Succeed())
	s, err := c.Compile(name)
	g.Expect(err).NotTo(HaveOccurred())
	return s
}

// held holds a YAML text to a schema.
func held(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(text)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return s.Validate(value)
}

// all are the project's own files of each kind.
var all = map[string][]string{
	"integration": {"../../fixtures/integrations/*/integration.yaml", "../../fixtures/integrations/examples/*/*.yaml"},
	"policy":      {"../../fixtures/policies/*.yaml"},
	"scenario":    {"../../fixtures/scenarios/*/*.yaml"},
	"report":      {"../../fixtures/reports/*.yaml"},
	"matrix":      {"../../fixtures/matrix.yaml"},
	"sites":       {"../../docs/serve.example.yaml"},
	"baseline":    {"testdata/baseline.yaml"},
}

func TestEveryFileOfOursIsKnownByItsKeysAndAgreesWithItsSchema(t *testing.T) {
	formats, err := All()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) {
			g := NewWithT(t)
			s := compiled(t, f.Name)
			g.Expect(all).To(HaveKey(f.Name))
			for _, pattern := range all[f.Name] {
				files, err := filepath.Glob(pattern)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(files).NotTo(BeEmpty(), pattern)
				for _, file := range files {
					found, err := Check(file, "")
					g.Expect(err).NotTo(HaveOccurred(), file)
					g.Expect(found.Name).To(Equal(f.Name), file)
					text, err := os.ReadFile(file)
					g.Expect(err).NotTo(HaveOccurred())
					g.Expect(held(t, s, text)).To(Succeed(), file)
				}
			}
		})
	}
}

// An editor must find what a file's first line names.
func TestTheSchemasThatFilesNameAreThere(t *testing.T) {
	g := NewWithT(t)
	named := 0
	for _, patterns := range all {
		for _, pattern := range patterns {
			files, err := filepath.Glob(pattern)
			g.Expect(err).NotTo(HaveOccurred())
			for _, file := range files {
				text, err := os.ReadFile(file)
				g.Expect(err).NotTo(HaveOccurred())
				line, _, _ := strings.Cut(string(text), "\n")
				if schema, ok := strings.CutPrefix(line, "# yaml-language-server: $schema="); ok {
					named++
					g.Expect(filepath.Join(filepath.Dir(file), schema)).To(BeARegularFile(), file)
				}
			}
		}
	}
	g.Expect(named).To(BeNumerically(">=", 8))
}

// Mistakes that the readers name and a type can say, an editor must underline too.
func TestASchemaRefusesWhatATypeRefuses(t *testing.T) {
	good := `
name: mine
portal: https://portal.acme.example
upstream: http://127.0.0.1:3000
site: acme
host: alice
steps: [{click: text=Host, await: HM}]
`
	s := compiled(t, "integration")
	g := NewWithT(t)
	g.Expect(held(t, s, []byte(good))).To(Succeed())
	for name, change := range map[string][2]string{
		"an unknown key":          {"host: alice", "host: alice\nhots: bob"},
		"a missing key":           {"portal: https://portal.acme.example", ""},
		"an empty text":           {"site: acme", `site: ""`},
		"an empty list":           {"[{click: text=Host, await: HM}]", "[]"},
		"a number":                {"host: alice", "host: 7"},
		"a word":                  {"host: alice", "host: alice\nexpect: [{outcome: wroks, why: x}]"},
		"a duration":              {"host: alice", "host: alice\nready-within: soon"},
		"a command":               {"host: alice", "host: alice\ncommand: {node: x}"},
		"a mapping":               {"host: alice", "host: alice\nenv: [A, B]"},
		"a mapping's value":       {"host: alice", "host: alice\nenv: {A: 1}"},
		"an unknown key of a row": {"await: HM", "awayt: HM"},
	} {
		changed := strings.Replace(good, change[0], change[1], 1)
		g.Expect(changed).NotTo(Equal(good), name)
		g.Expect(held(t, s, []byte(changed))).NotTo(Succeed(), name)
	}
	for _, more := range []string{"command: node portal.js", "command: [node, portal.js]", "ready-within: 1m30s", "ready-within: 1.5h"} {
		g.Expect(held(t, s, []byte(good+more))).To(Succeed(), more)
	}
}

func TestAFileOfNoKindIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\n":    "1:1: no key in it is of a file that cookiegate reads; expected one of these: integration, policy, scenario, report, matrix, baseline, sites",
		"- a\n":     "1:1: expected a mapping, found a list",
		"":          "1:1: the file is empty",
		"a: [1\n":   ":1:",
		"said: 7\n": "1:7: said: expected a text, found the number 7 (quotes make it a text)",
	} {
		g := NewWithT(t)
		file := filepath.Join(t.TempDir(), "x.yaml")
		g.Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		_, err := Check(file, "")
		var mistakes strictyaml.Mistakes
		g.Expect(errors.As(err, &mistakes)).To(BeTrue(), text)
		g.Expect(err.Error()).To(ContainSubstring(want))
	}
	_, err := Check("testdata", "")
	NewWithT(t).Expect(err).To(MatchError("testdata is not a regular file; expected a file written for cookiegate, such as integration.yaml"))
	_, err = Check("testdata/baseline.yaml", "basline")
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring(`did you mean "baseline"?`)))
}
